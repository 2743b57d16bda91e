//! How the number of executions grows from week to week.

use chrono::{DateTime, Datelike, Days, TimeDelta, Utc};

use crate::{
    format,
    page::Page,
    panel::Panel,
    query::Query,
    range::Range,
    status::StatusCounts,
    summary::Change,
    table::{Column, Table, Value},
    window::{Step, Window},
    zone::Zone,
};

/// Weeks that are shown at least, however short the time is.
const LEAST_WEEKS: usize = 8;

/// Weeks from Monday to Sunday of the zone, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth {
    /// Where weeks begin.
    pub zone: Zone,
    /// The weeks up to the end of the time that the page is about, from the first one in which something ran.
    pub weeks: Vec<Week>,
    /// In what the week that is not over is compared: whole hours, or whole UTC days.
    pub step: Step,
}

/// One week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// When Monday begins.
    pub begins: DateTime<Utc>,
    /// When Sunday ends.
    pub ends: DateTime<Utc>,
    /// Executions so far.
    pub counts: StatusCounts,
    /// Those that can be compared, and those of the same time of the week before; `None` where that is not known.
    pub compared: Option<(i64, i64)>,
    /// Whether it is not over.
    pub partial: bool,
}

/// Which weeks there are to count, and how far into the last one is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weeks {
    /// When each Monday begins, oldest first, and when the last Sunday ends.
    pub mondays: Vec<DateTime<Utc>>,
    /// Up to here the last week is compared; `None` when it is over.
    pub cut: Option<DateTime<Utc>>,
    /// The same moment of the week before it.
    pub cut_before: Option<DateTime<Utc>>,
}

impl Weeks {
    /// The weeks of a window, of data as of a moment. The last one is compared in whole hours or whole UTC days.
    #[must_use]
    pub fn of(window: &Window, as_of: DateTime<Utc>, step: Step) -> Self {
        let zone = window.zone;
        let last = monday(zone, window.until - TimeDelta::microseconds(1));
        let first = monday(zone, window.begins);
        let weeks = usize::try_from((last - first).num_days() / 7).unwrap_or_default() + 1;
        let back = u64::try_from(weeks.max(LEAST_WEEKS)).unwrap_or_default();
        let start = |weeks_back: u64| zone.start_of_day(last - Days::new(7 * weeks_back));
        let mut mondays: Vec<_> = (0..back).rev().map(start).collect();
        mondays.push(zone.start_of_day(last + Days::new(7)));
        let is_over = mondays.last().is_some_and(|&ends| ends <= as_of);
        let end = step.start(as_of, Zone::UTC).max(start(0));
        let cut = (!is_over).then_some(end);
        Self { cut_before: cut.map(|cut| a_week_before(zone, cut)), mondays, cut }
    }
}

/// The Monday of the week that a moment is in.
fn monday(zone: Zone, moment: DateTime<Utc>) -> chrono::NaiveDate {
    let day = zone.day_of(moment);
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

/// The same time on the clock a week before.
fn a_week_before(zone: Zone, moment: DateTime<Utc>) -> DateTime<Utc> {
    let day = zone.day_of(moment);
    zone.start_of_day(day - Days::new(7)) + (moment - zone.start_of_day(day))
}

impl Week {
    /// How the week compares with the one before: `4.1% more`.
    #[must_use]
    pub fn change(&self) -> Option<Change> {
        self.compared.map(|(now, before)| Change::of_runs(now, before))
    }

    /// Percentage by which the week is above the one before; `None` where that is not known or was nothing.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn growth(&self) -> Option<f64> {
        let (now, before) = self.compared.filter(|&(_, before)| before > 0)?;
        Some(100.0 * (now - before) as f64 / before as f64)
    }

    /// The same week alone.
    #[must_use]
    pub fn alone(&self, query: &Query) -> String {
        query.with_range(Range::between(self.begins, self.ends)).href(&Page::Actions)
    }
}

impl Panel for Growth {
    const NAME: &'static str = "growth";
    const TITLE: &'static str = "Runs per week";

    fn sentence(&self) -> String {
        let Some(last) = self.weeks.last() else { return "Nothing ran in these weeks.".to_owned() };
        let (runs, name) = (format::counted(last.counts.total(), "run", "runs"), self.name(last));
        let (lead, before) = match (last.partial, self.step) {
            (true, Step::Hour) => (format!("{runs} so far in the week of {name}"), "the same hours of the week before"),
            (true, Step::Day) => {
                (format!("{runs} so far in the week of {name}"), "the same whole UTC days of the week before")
            }
            (false, _) => (format!("{runs} in the week of {name}"), "the week before"),
        };
        let is_told = last.compared.is_none_or(|(now, before)| now > 0 || before > 0);
        let change = last.change().filter(|_| is_told).map(|change| change.ending(before));
        format!("{lead}{}.", change.unwrap_or_default())
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("week", "Week of"),
            Column::number("executions", "Runs"),
            Column::text("change", "Change"),
            Column::number("success_rate", "Succeeded"),
        ]);
        for week in self.weeks.iter().rev() {
            let so_far = if week.partial { " (so far)" } else { "" };
            let name = Value::Bucket(week.begins, format!("{}{so_far}", self.name(week)), week.partial);
            let change = week.change().filter(|_| week.growth().is_some());
            let rate = week.counts.success_rate().filter(|_| query.status.is_none());
            table.push(vec![
                name.cell().linked(week.alone(query)),
                Value::from(week.counts.total()).cell(),
                change.map_or(Value::Missing, |change| Value::Text(change.words)).cell(),
                Value::percent(rate).cell(),
            ]);
        }
        table
    }
}

impl Growth {
    /// A week by its Monday: `16 Nov`.
    #[must_use]
    pub fn name(&self, week: &Week) -> String {
        self.zone.at(week.begins).format("%-d %b").to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn growth(weeks: &[i64], partial: bool) -> Growth {
        let first = moment("2026-11-02T00:00:00Z");
        let week = |(place, &runs): (usize, &i64)| Week {
            begins: first + TimeDelta::days(7 * place as i64),
            ends: first + TimeDelta::days(7 * place as i64 + 7),
            counts: StatusCounts { success: runs, retrying: 0, failed: 0 },
            compared: place.checked_sub(1).map(|before| (runs, weeks[before])),
            partial: partial && place + 1 == weeks.len(),
        };
        Growth { zone: Zone::UTC, weeks: weeks.iter().enumerate().map(week).collect(), step: Step::Hour }
    }

    #[test]
    fn the_last_week_is_compared() {
        let sentence = "1,100 runs in the week of 9 Nov, 10.0% more than in the week before.";
        assert_eq!(growth(&[1_000, 1_100], false).sentence(), sentence);
        let fewer = "450 runs so far in the week of 16 Nov, 10.0% fewer than in the same hours of the week before.";
        assert_eq!(growth(&[0, 500, 450], true).sentence(), fewer);
        assert_eq!(growth(&[7], true).sentence(), "7 runs so far in the week of 2 Nov.");
        assert_eq!(growth(&[0, 0], true).sentence(), "0 runs so far in the week of 9 Nov.");
        assert_eq!(growth(&[], true).sentence(), "Nothing ran in these weeks.");
    }

    #[test]
    fn a_week_after_nothing_has_no_growth() {
        let rows = growth(&[0, 500, 450], true).table(&Query::default()).rows;
        let changes: Vec<_> = rows.iter().map(|row| row[2].value.spelled(Zone::UTC)).collect();
        assert_eq!(changes, ["10.0% fewer", "–", "–"]);
        assert_eq!(rows[0][0].value.spelled(Zone::UTC), "16 Nov (so far)");
        assert_eq!(rows[1][0].link.as_deref(), Some("/actions?range=2026-11-09T00:00:00Z..2026-11-16T00:00:00Z"));
    }

    #[test]
    fn weeks_begin_on_monday_of_the_zone() {
        let auckland: Zone = "Pacific/Auckland".parse().unwrap();
        let as_of = moment("2026-11-24T12:30:00Z");
        let weeks = Weeks::of(&Window::of(Range::Day, auckland, as_of), as_of, Step::Hour);
        assert_eq!(weeks.mondays.len(), 9);
        assert_eq!(weeks.mondays[7..], [moment("2026-11-22T11:00:00Z"), moment("2026-11-29T11:00:00Z")]);
        assert_eq!(
            (weeks.cut, weeks.cut_before),
            (Some(moment("2026-11-24T12:00:00Z")), Some(moment("2026-11-17T12:00:00Z")))
        );
    }

    #[test]
    fn a_week_that_is_over_is_compared_whole_and_clocks_may_change() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let as_of = moment("2026-11-24T12:30:00Z");
        let past = Window::of("2026-10-19..2026-11-01".parse().unwrap(), berlin, as_of);
        let weeks = Weeks::of(&past, as_of, Step::Hour);
        assert_eq!((weeks.cut, weeks.mondays.last()), (None, Some(&moment("2026-11-01T23:00:00Z"))));
        let during = moment("2026-10-27T09:30:00Z");
        let weeks = Weeks::of(&Window::of(Range::Day, berlin, during), during, Step::Hour);
        // 10:00 on the clock both times.
        assert_eq!(
            (weeks.cut, weeks.cut_before),
            (Some(moment("2026-10-27T09:00:00Z")), Some(moment("2026-10-20T08:00:00Z")))
        );
        let quarter = Weeks::of(&Window::of(Range::Quarter, berlin, as_of), as_of, Step::Day);
        assert_eq!((quarter.mondays.len(), quarter.cut), (15, Some(moment("2026-11-24T00:00:00Z"))));
    }
}
