//! What is to be looked after daily, weekly, monthly and quarterly: what Tidemark looks after by itself, and what only
//! people can.

use chrono::{DateTime, Datelike, Days, Months, NaiveTime, Utc};

use crate::format;

/// How often something is to be looked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Once a UTC day.
    Daily,
    /// Once a week, from Monday on.
    Weekly,
    /// Once a month.
    Monthly,
    /// Once every three months, from January on.
    Quarterly,
}

impl Period {
    /// All there are, the shortest first.
    pub const ALL: [Self; 4] = [Self::Daily, Self::Weekly, Self::Monthly, Self::Quarterly];

    /// As a headline.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Daily => "Every day",
            Self::Weekly => "Every week",
            Self::Monthly => "Every month",
            Self::Quarterly => "Every quarter",
        }
    }

    /// When the one that a moment is in began, in UTC.
    #[must_use]
    pub fn begins(self, moment: DateTime<Utc>) -> DateTime<Utc> {
        let day = moment.date_naive();
        let month = day - Days::new(u64::from(day.day0()));
        let first = match self {
            Self::Daily => day,
            Self::Weekly => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
            Self::Monthly => month,
            Self::Quarterly => month - Months::new(day.month0() % 3),
        };
        first.and_time(NaiveTime::MIN).and_utc()
    }
}

/// The most characters of a note.
pub const NOTE_LIMIT: usize = 500;

/// Something that is to be looked after.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name, for the database.
    pub name: &'static str,
    /// What is to be so.
    pub title: &'static str,
    /// How often.
    pub period: Period,
    /// Whether only a person can tell; Tidemark then shows what there is to know.
    pub is_for_people: bool,
    /// Where there is more to see.
    pub path: &'static str,
}

const fn item(
    name: &'static str,
    title: &'static str,
    period: Period,
    is_for_people: bool,
    path: &'static str,
) -> Item {
    Item { name, title, period, is_for_people, path }
}

/// All that is to be looked after.
pub const ITEMS: [Item; 11] = [
    item("staleness", "The views are fresh", Period::Daily, false, "/admin/refresh"),
    item("failed_refreshes", "No refresh failed", Period::Daily, false, "/admin/refresh"),
    item("slow_statements", "No query is slow", Period::Daily, false, "/admin/queries"),
    item("doctor", "Nothing is wrong with the database", Period::Daily, false, "/admin/doctor"),
    item("index_use", "Every index is used, and none is missing", Period::Weekly, false, "/admin/indexes"),
    item("accuracy", "A day counted anew gives the same numbers", Period::Weekly, false, "/admin/doctor"),
    item("archiving", "Rows that nobody looks at any more are archived", Period::Monthly, true, "/admin/storage"),
    item("storage_trend", "Storage does not outgrow its disk", Period::Monthly, true, "/admin/storage"),
    item("schedule", "Refreshes come as often as people need them", Period::Monthly, true, "/admin/refresh"),
    item("benchmark", "Refreshes are as quick as they were", Period::Quarterly, false, "/admin/refresh"),
    item(
        "retention",
        "Everything is kept as long as it should be, and no longer",
        Period::Quarterly,
        true,
        "/admin/storage",
    ),
];

/// The item of a name.
#[must_use]
pub fn item_of(name: &str) -> Option<&'static Item> {
    ITEMS.iter().find(|item| item.name == name)
}

/// What was seen of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The item's name.
    pub item: String,
    /// When.
    pub checked_at: DateTime<Utc>,
    /// Who looked; `None` where Tidemark did by itself.
    pub checked_by: Option<String>,
    /// Whether it is as it should be.
    pub is_good: bool,
    /// What was seen; of a person the note.
    pub evidence: String,
}

/// Whether an item was looked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was, since its period began, and all is well.
    Done,
    /// It was, and something is wrong.
    Wrong,
    /// It was not yet.
    Due,
}

/// What of it was seen, newest of each item.
#[derive(Debug, Clone, Default)]
pub struct Maintenance {
    /// What Tidemark saw by itself.
    pub by_tidemark: Vec<Checked>,
    /// What people noted.
    pub by_people: Vec<Checked>,
}

impl Maintenance {
    /// What Tidemark saw of an item last.
    #[must_use]
    pub fn seen(&self, item: &Item) -> Option<&Checked> {
        self.by_tidemark.iter().find(|checked| checked.item == item.name)
    }

    /// What a person noted of an item last.
    #[must_use]
    pub fn noted(&self, item: &Item) -> Option<&Checked> {
        self.by_people.iter().find(|checked| checked.item == item.name)
    }

    /// Whether an item was looked after.
    #[must_use]
    pub fn state(&self, item: &Item, now: DateTime<Utc>) -> State {
        let checked = if item.is_for_people { self.noted(item) } else { self.seen(item) };
        match checked {
            Some(checked) if checked.checked_at < item.period.begins(now) => State::Due,
            Some(checked) if checked.is_good => State::Done,
            Some(_) => State::Wrong,
            None => State::Due,
        }
    }

    /// One true sentence.
    #[must_use]
    pub fn sentence(&self, now: DateTime<Utc>) -> String {
        let count = |state| ITEMS.iter().filter(|item| self.state(item, now) == state).count();
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let done = format!("{} of {} looked after", count(State::Done), ITEMS.len());
        let due = |count| format!("{} still due", format::count(number(count)));
        let wrong = |count| format!("{} with something wrong", format::count(number(count)));
        match (count(State::Wrong), count(State::Due)) {
            (0, 0) => format!("All {} are looked after.", ITEMS.len()),
            (0, due_count) => format!("{done}, {}.", due(due_count)),
            (wrong_count, 0) => format!("{done}, {}.", wrong(wrong_count)),
            (wrong_count, due_count) => format!("{done}, {}, {}.", wrong(wrong_count), due(due_count)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn periods_begin_where_calendars_say() {
        let begins = |period: Period, text| period.begins(moment(text)).to_rfc3339();
        assert_eq!(begins(Period::Daily, "2026-11-28T15:00:00Z"), "2026-11-28T00:00:00+00:00");
        assert_eq!(begins(Period::Weekly, "2026-11-29T23:59:59Z"), "2026-11-23T00:00:00+00:00", "Sunday ends a week");
        assert_eq!(begins(Period::Weekly, "2026-11-30T00:00:00Z"), "2026-11-30T00:00:00+00:00");
        assert_eq!(begins(Period::Monthly, "2026-11-28T15:00:00Z"), "2026-11-01T00:00:00+00:00");
        assert_eq!(begins(Period::Quarterly, "2026-12-31T15:00:00Z"), "2026-10-01T00:00:00+00:00");
        assert_eq!(begins(Period::Quarterly, "2027-01-31T15:00:00Z"), "2027-01-01T00:00:00+00:00");
    }

    fn checked(item: &str, at: &str, is_good: bool) -> Checked {
        Checked {
            item: item.to_owned(),
            checked_at: moment(at),
            checked_by: None,
            is_good,
            evidence: "seen".to_owned(),
        }
    }

    #[test]
    fn an_item_is_due_again_when_its_period_begins_anew() {
        let now = moment("2026-11-28T15:00:00Z");
        let state = |name, at| {
            let maintenance = Maintenance { by_tidemark: vec![checked(name, at, true)], by_people: vec![] };
            maintenance.state(item_of(name).unwrap(), now)
        };
        assert_eq!(state("staleness", "2026-11-28T00:00:00Z"), State::Done);
        assert_eq!(state("staleness", "2026-11-27T23:59:59Z"), State::Due);
        assert_eq!(state("index_use", "2026-11-23T00:00:00Z"), State::Done);
        assert_eq!(state("archiving", "2026-11-28T14:00:00Z"), State::Due, "only a person can tell");
    }

    #[test]
    fn the_sentence_counts() {
        let now = moment("2026-11-28T15:00:00Z");
        let all = |is_good: fn(&Item) -> bool| Maintenance {
            by_tidemark: ITEMS.iter().map(|item| checked(item.name, "2026-11-28T14:00:00Z", is_good(item))).collect(),
            by_people: ITEMS.iter().map(|item| checked(item.name, "2026-11-28T14:00:00Z", true)).collect(),
        };
        assert_eq!(all(|_| true).sentence(now), "All 11 are looked after.");
        assert_eq!(all(|item| item.name != "doctor").sentence(now), "10 of 11 looked after, 1 with something wrong.");
        assert_eq!(Maintenance::default().sentence(now), "0 of 11 looked after, 11 still due.");
    }
}
