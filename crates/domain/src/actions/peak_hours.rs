//! At which hours of the week executions run, on the clock of the page.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};

use crate::{
    failures::rows_behind,
    format,
    panel::Panel,
    query::Query,
    range::{Range, Span},
    table::{Column, Table, Value},
    zone::Zone,
};

/// Days of a week and hours of a day, Monday first.
pub const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// Hours on a clock.
pub const HOURS: usize = 24;

/// The hours of the week.
#[derive(Debug, Clone, PartialEq)]
pub struct PeakHours {
    /// The time in words, and the clock.
    pub span: Span,
    /// The hours of the time.
    pub week: HoursOfWeek,
    /// Those of the window before, where somebody compares.
    pub before: Option<HoursOfWeek>,
    /// From when on hours are known, where that is later than the time begins.
    pub known_from: Option<DateTime<Utc>>,
}

/// Executions by hour of the week. Only whole hours count: a part of one would look like a quiet hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursOfWeek(Vec<Slot>);

/// One hour of the week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Slot {
    /// How often it came: 23-hour days leave one out, 25-hour days have one twice.
    pub hours: i64,
    /// Executions of all of them together.
    pub executions: i64,
    /// When the newest one began.
    pub newest: Option<DateTime<Utc>>,
}

impl Slot {
    /// Executions per hour; `None` where the hour never came.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn mean(&self) -> Option<f64> {
        (self.hours > 0).then(|| self.executions as f64 / self.hours as f64)
    }

    /// The rows of the newest such hour.
    #[must_use]
    pub fn newest_rows(&self, query: &Query) -> Option<String> {
        let begins = self.newest?;
        Some(rows_behind(&query.with_range(Range::between(begins, begins + TimeDelta::hours(1)))))
    }
}

impl HoursOfWeek {
    /// The whole UTC hours from one moment to another, without executions yet. Where the clock is half an hour off, an
    /// hour is where it begins.
    #[must_use]
    pub fn between(begins: DateTime<Utc>, ends: DateTime<Utc>, zone: Zone) -> Self {
        let mut week = Self(vec![Slot::default(); WEEKDAYS.len() * HOURS]);
        let mut hour = crate::window::start_of_hour(begins);
        if hour < begins {
            hour += TimeDelta::hours(1);
        }
        while hour + TimeDelta::hours(1) <= ends {
            let slot = week.slot_mut(hour, zone);
            slot.hours += 1;
            slot.newest = Some(hour);
            hour += TimeDelta::hours(1);
        }
        week
    }

    /// Adds executions of the hour that begins at a moment.
    pub fn add(&mut self, hour: DateTime<Utc>, zone: Zone, executions: i64) {
        self.slot_mut(hour, zone).executions += executions;
    }

    /// The hour of a day of the week, Monday being 0.
    #[must_use]
    pub fn at(&self, weekday: usize, hour: usize) -> Slot {
        self.0.get(weekday * HOURS + hour).copied().unwrap_or_default()
    }

    /// All hours: the number of the day, Monday being 0, the hour on the clock, and what ran.
    pub fn slots(&self) -> impl Iterator<Item = (usize, usize, Slot)> {
        self.0.iter().enumerate().map(|(place, slot)| (place / HOURS, place % HOURS, *slot))
    }

    /// The busiest hour with its executions per hour; `None` where nothing ran.
    #[must_use]
    pub fn busiest(&self) -> Option<(usize, usize, f64)> {
        let means = self.slots().filter_map(|(weekday, hour, slot)| Some((weekday, hour, slot.mean()?)));
        means.filter(|&(_, _, mean)| mean > 0.0).reduce(|best, slot| if slot.2 > best.2 { slot } else { best })
    }

    /// What colours stand for, as the most executions per hour of each: equal parts of the busiest hour.
    #[must_use]
    pub fn levels(&self) -> [f64; 5] {
        let most = self.busiest().map_or(0.0, |(_, _, mean)| mean);
        [1.0, 2.0, 3.0, 4.0, 5.0].map(|level| most * level / 5.0)
    }

    /// Executions per hour, of all hours together.
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    fn mean(&self) -> f64 {
        let (hours, executions) = self.0.iter().fold((0, 0), |sum, slot| (sum.0 + slot.hours, sum.1 + slot.executions));
        executions as f64 / (hours as f64).max(1.0)
    }

    fn slot_mut(&mut self, moment: DateTime<Utc>, zone: Zone) -> &mut Slot {
        let local = zone.at(moment);
        let weekday = local.weekday().num_days_from_monday() as usize;
        &mut self.0[weekday * HOURS + local.hour() as usize]
    }
}

impl Panel for PeakHours {
    const NAME: &'static str = "peak-hours";
    const TITLE: &'static str = "Peak hours";

    fn sentence(&self) -> String {
        let known = self.known_from.map(|from| {
            let day = self.span.zone.at(from).format("%-d %b %Y %H:%M");
            format!(" Hours of single triggers are known from {day} on; older ones do not count here.")
        });
        let known = known.unwrap_or_default();
        let Some((weekday, hour, mean)) = self.week.busiest() else {
            return format!("No whole hour {} had a run.{known}", self.span.words());
        };
        let times = mean / self.week.mean();
        let at = name(weekday, hour);
        let before = self.before.as_ref().map(|before| match before.busiest() {
            Some((weekday, hour, mean)) => {
                format!("; {} it was {} with {}", self.span.before(), name(weekday, hour), per_hour(mean))
            }
            None => format!("; {} had none", self.span.before()),
        });
        let before = before.unwrap_or_default();
        format!("Busiest {at} with {} an hour, {} the mean{before}.{known}", per_hour(mean), format::times(times))
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("hour_of_week", "Hour"),
            Column::number("executions_per_hour", "Runs an hour"),
            Column::number("executions_per_hour_before", "Time before"),
            Column::number("executions", "Runs"),
            Column::number("hours", "Hours"),
        ]);
        for (weekday, hour, slot) in self.week.slots() {
            let before = self.before.as_ref().and_then(|before| before.at(weekday, hour).mean());
            let mean = Value::ratio(slot.mean()).cell();
            table.push(vec![
                Value::Text(name(weekday, hour)).cell(),
                slot.newest_rows(query).map_or(mean.clone(), |address| mean.linked(address)),
                Value::ratio(before).cell(),
                Value::from((slot.hours > 0).then_some(slot.executions)).cell(),
                Value::from(slot.hours).cell(),
            ]);
        }
        if self.before.is_none() { table.without("executions_per_hour_before") } else { table }
    }
}

/// An hour of the week: `Mon 09:00`.
#[must_use]
pub fn name(weekday: usize, hour: usize) -> String {
    let weekday = WEEKDAYS.get(weekday).map(ToString::to_string).unwrap_or_default();
    format!("{weekday} {hour:02}:00")
}

/// Executions per hour, with a decimal where they are few: `812 runs`, `1.5 runs`.
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "counts stay far below 2^52")]
pub fn per_hour(mean: f64) -> String {
    if mean < 10.0 && mean.fract() != 0.0 {
        return format!("{mean:.1} runs");
    }
    format::counted(mean.round() as i64, "run", "runs")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// A week of 2 runs an hour but for one.
    fn week(busy: &str, executions: i64, zone: Zone) -> HoursOfWeek {
        let begins = moment("2026-11-16T00:00:00Z");
        let mut week = HoursOfWeek::between(begins, begins + TimeDelta::days(7), zone);
        for hour in 0..168 {
            week.add(begins + TimeDelta::hours(hour), zone, 2);
        }
        week.add(moment(busy), zone, executions - 2);
        week
    }

    fn peak_hours(week: HoursOfWeek, zone: Zone) -> PeakHours {
        PeakHours { span: Span { range: Range::Week, zone }, week, before: None, known_from: None }
    }

    #[test]
    fn the_busiest_hour_is_on_the_clock_of_the_page() {
        let busy = |at| peak_hours(week(at, 170, Zone::UTC), Zone::UTC).sentence();
        assert_eq!(busy("2026-11-17T14:00:00Z"), "Busiest Tue 14:00 with 170 runs an hour, 56.7 times the mean.");
        assert_eq!(busy("2026-11-22T23:00:00Z"), "Busiest Sun 23:00 with 170 runs an hour, 56.7 times the mean.");
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let sentence = peak_hours(week("2026-11-22T23:00:00Z", 170, berlin), berlin).sentence();
        assert!(sentence.starts_with("Busiest Mon 00:00"), "{sentence}");
    }

    #[test]
    fn who_compares_is_told_when_it_was() {
        let before = Some(week("2026-11-18T09:00:00Z", 90, Zone::UTC));
        let compared = PeakHours { before, ..peak_hours(week("2026-11-17T14:00:00Z", 170, Zone::UTC), Zone::UTC) };
        assert!(
            compared.sentence().ends_with("; the 7 days before it was Wed 09:00 with 90 runs."),
            "{}",
            compared.sentence()
        );
        assert_eq!(compared.table(&Query::default()).rows[2 * 24 + 9][2].value, Value::Ratio(90.0));
    }

    #[test]
    fn days_of_25_and_23_hours_are_right() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let hours = |begins: &str, ends: &str, hour| {
            HoursOfWeek::between(moment(begins), moment(ends), berlin).at(6, hour).hours
        };
        assert_eq!(hours("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 2), 2);
        assert_eq!(hours("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 3), 1);
        assert_eq!(hours("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 2), 0);
        assert_eq!(hours("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 3), 1);
    }

    #[test]
    fn only_whole_hours_count() {
        let week = HoursOfWeek::between(moment("2026-11-23T08:30:00Z"), moment("2026-11-23T11:59:00Z"), Zone::UTC);
        let hours: Vec<_> = (8..12).map(|hour| week.at(0, hour).hours).collect();
        assert_eq!(hours, [0, 1, 1, 0]);
        assert_eq!(week.at(0, 8).mean(), None);
    }

    #[test]
    fn what_is_not_known_is_said() {
        let empty = HoursOfWeek::between(moment("2026-11-23T08:00:00Z"), moment("2026-11-23T11:00:00Z"), Zone::UTC);
        let mut panel = peak_hours(empty, Zone::UTC);
        assert_eq!(panel.sentence(), "No whole hour in the last 7 days had a run.");
        panel.known_from = Some(moment("2026-11-10T00:00:00Z"));
        assert!(panel.sentence().ends_with("known from 10 Nov 2026 00:00 on; older ones do not count here."));
        let rows = panel.table(&Query::default()).rows;
        assert_eq!((rows.len(), &rows[0][1].value, &rows[8][1].value), (168, &Value::Missing, &Value::Ratio(0.0)));
        assert!(rows[8][1].link.as_deref().unwrap().starts_with("/failures?range=2026-11-23T08:00:00Z..2026-11-23T09"));
    }
}
