//! The time that a page counts, cut in buckets: the bars of its charts.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use crate::{range::Range, zone::Zone};

/// The longest window whose buckets are hours; those of a longer one are days.
const LONGEST_OF_HOURS: TimeDelta = TimeDelta::days(8);

/// The least there is between two moments of the database.
const MICROSECOND: TimeDelta = TimeDelta::microseconds(1);

/// Two windows of equal length, one after the other: from `before_begins` to `begins`, and from `begins` to `ends`. Each
/// holds its beginning and not its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// When the window begins that this one is compared with; it ends where this one begins.
    pub before_begins: DateTime<Utc>,
    /// When the window begins.
    pub begins: DateTime<Utc>,
    /// When it ends: right after the moment of the data, unless it was asked for an earlier end.
    pub ends: DateTime<Utc>,
    /// Up to where is counted: `ends`, or, where that is now, the end of the hour. Writers whose clock is ahead are
    /// counted at once.
    pub until: DateTime<Utc>,
    /// How long its buckets are.
    pub step: Step,
    /// Where its days begin.
    pub zone: Zone,
}

/// How long a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// A UTC hour.
    Hour,
    /// A day of the zone: 23 or 25 hours where clocks change.
    Day,
}

/// One bucket of a window: a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// When the hour or day begins, also where the window begins inside of it.
    pub starts: DateTime<Utc>,
    /// From here on it is counted.
    pub begins: DateTime<Utc>,
    /// Up to here, itself left out.
    pub until: DateTime<Utc>,
    /// Whether the window begins inside of it, or the data ends inside of it.
    pub partial: bool,
}

impl Window {
    /// The window of a range, for data as of a moment.
    #[must_use]
    pub fn of(range: Range, zone: Zone, as_of: DateTime<Utc>) -> Self {
        let (now, end_of_hour) = (as_of + MICROSECOND, start_of_hour(as_of) + TimeDelta::hours(1));
        let (begins, ends, until) = match range {
            Range::Between(from, to) => {
                let (begins, ends) = (from.begins(zone), to.ends(zone).max(from.begins(zone) + MICROSECOND));
                // What is yet to come is not compared with what was; a range that is all to come stays as it is.
                if begins < now { (begins, ends.min(now), ends.min(end_of_hour)) } else { (begins, ends, ends) }
            }
            preset => (now - preset.length().unwrap_or_default(), now, end_of_hour),
        };
        let length = ends - begins;
        let step = if length <= LONGEST_OF_HOURS { Step::Hour } else { Step::Day };
        Self { before_begins: begins - length, begins, ends, until, step, zone }
    }

    /// How long both windows are.
    #[must_use]
    pub fn length(&self) -> TimeDelta {
        self.ends - self.begins
    }

    /// The window before this one, of equal length, in the same steps.
    #[must_use]
    pub fn before(&self) -> Self {
        let (begins, ends) = (self.before_begins, self.begins);
        Self { before_begins: begins - self.length(), begins, ends, until: ends, ..*self }
    }

    /// The buckets, oldest first: they cover the window without a gap.
    #[must_use]
    pub fn buckets(&self) -> Vec<Bucket> {
        let mut starts = self.step.start(self.begins, self.zone);
        let mut buckets = Vec::new();
        while starts < self.until {
            let end = self.step.end(starts, self.zone);
            let (begins, until) = (starts.max(self.begins), end.min(self.until));
            buckets.push(Bucket { starts, begins, until, partial: begins > starts || end > self.ends });
            starts = end;
        }
        buckets
    }

    /// Which of its buckets a moment falls in; `None` outside of the window.
    #[must_use]
    pub fn place(&self, buckets: &[Bucket], moment: DateTime<Utc>) -> Option<usize> {
        let next = buckets.partition_point(|bucket| bucket.starts <= moment);
        let place = next.checked_sub(1)?;
        (moment < buckets.get(place)?.until).then_some(place)
    }

    /// What stands under a bar: `09:00`, the day where a new one begins, or day and hour in a window of several days.
    #[must_use]
    pub fn axis_label(&self, bucket: &Bucket) -> String {
        let local = self.zone.at(bucket.starts);
        let format = match self.step {
            Step::Day => "%-d %b",
            Step::Hour if self.zone.start_of_day(local.date_naive()) == bucket.starts => "%-d %b",
            Step::Hour if self.length() > TimeDelta::hours(25) => "%-d %b %H:%M",
            Step::Hour => "%H:%M",
        };
        local.format(format).to_string()
    }

    /// The whole name of a bucket: `Mon 23 Nov 09:00`, `Mon 23 Nov`. An hour that the clock shows twice says which one.
    #[must_use]
    pub fn label(&self, bucket: &Bucket) -> String {
        let format = match self.step {
            Step::Day => "%a %-d %b",
            Step::Hour if self.zone.is_ambiguous(bucket.starts) => "%a %-d %b %H:%M %Z",
            Step::Hour => "%a %-d %b %H:%M",
        };
        self.zone.at(bucket.starts).format(format).to_string()
    }

    /// The whole name with what is missing of it: `Mon 23 Nov 09:00 (in part)`.
    #[must_use]
    pub fn whole_label(&self, bucket: &Bucket) -> String {
        let part = if bucket.partial { " (in part)" } else { "" };
        format!("{}{part}", self.label(bucket))
    }

    /// When a bucket is, inside of a sentence: `at 09:00`, `on Mon 23 Nov`.
    #[must_use]
    pub fn when(&self, bucket: &Bucket) -> String {
        let preposition = match self.step {
            Step::Hour if self.is_within_a_day(bucket) => "at",
            _ => "on",
        };
        format!("{preposition} {}", self.spoken(bucket))
    }

    /// A bucket inside of a sentence: `09:00` within a day, otherwise its whole name.
    #[must_use]
    pub fn spoken(&self, bucket: &Bucket) -> String {
        if self.step == Step::Hour && self.is_within_a_day(bucket) {
            return self.zone.at(bucket.starts).format("%H:%M").to_string();
        }
        self.label(bucket)
    }

    /// Whether the time of day is enough to tell which bucket is meant.
    fn is_within_a_day(&self, bucket: &Bucket) -> bool {
        self.length() <= TimeDelta::hours(24) && !self.zone.is_ambiguous(bucket.starts)
    }

    /// The same window in days.
    #[must_use]
    pub fn in_days(self) -> Self {
        Self { step: Step::Day, ..self }
    }
}

impl Step {
    /// `hour` or `day`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// `an hour` or `a day`.
    #[must_use]
    pub fn one(self) -> &'static str {
        match self {
            Self::Hour => "an hour",
            Self::Day => "a day",
        }
    }

    /// The title of its column: `Hour` or `Day`.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Hour => "Hour",
            Self::Day => "Day",
        }
    }

    /// When the step begins that a moment is in.
    #[must_use]
    pub fn start(self, moment: DateTime<Utc>, zone: Zone) -> DateTime<Utc> {
        match self {
            Self::Hour => start_of_hour(moment),
            Self::Day => zone.start_of_day(zone.day_of(moment)),
        }
    }

    /// When the step ends that begins at `start`.
    fn end(self, start: DateTime<Utc>, zone: Zone) -> DateTime<Utc> {
        let an_hour_later = start + TimeDelta::hours(1);
        match self {
            Self::Hour => an_hour_later,
            Self::Day => {
                let mut day = zone.day_of(start);
                // Where a day is left out it has no length, and the one after it begins at the same moment.
                for _ in 0..3 {
                    day = day.succ_opt().unwrap_or(day);
                    let end = zone.start_of_day(day);
                    if end > start {
                        return end;
                    }
                }
                an_hour_later
            }
        }
    }
}

/// The beginning of the UTC hour that a moment is in.
#[must_use]
pub fn start_of_hour(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.duration_trunc(TimeDelta::hours(1)).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn window(range: &str, zone: &str, as_of: &str) -> Window {
        let zone = zone.parse().unwrap();
        Window::of(range.parse().unwrap(), zone, as_of.parse().unwrap())
    }

    #[test]
    fn a_day_rolls_back_from_the_moment_of_the_data() {
        let window = window("24h", "UTC", "2026-11-23T12:30:00Z");
        let buckets = window.buckets();
        assert_eq!((window.step, buckets.len()), (Step::Hour, 25));
        assert!(buckets[0].partial && buckets[24].partial && buckets[1..24].iter().all(|bucket| !bucket.partial));
        assert_eq!(buckets[0].begins, window.begins);
        let labels: Vec<_> = buckets.iter().map(|bucket| window.axis_label(bucket)).collect();
        assert_eq!((labels[0].as_str(), labels[12].as_str(), labels[24].as_str()), ("12:00", "23 Nov", "12:00"));
        assert_eq!(window.label(&buckets[12]), "Mon 23 Nov 00:00");
    }

    #[test]
    fn days_are_cut_in_the_zone_and_may_have_25_hours() {
        let window = window("2026-10-20..2026-10-31", "Europe/Berlin", "2026-11-23T12:30:00Z");
        let buckets = window.buckets();
        let hours: Vec<_> = buckets.iter().map(|bucket| (bucket.until - bucket.begins).num_hours()).collect();
        assert_eq!(hours, [24, 24, 24, 24, 24, 25, 24, 24, 24, 24, 24, 24]);
        assert!(buckets.iter().all(|bucket| !bucket.partial));
        assert_eq!(window.label(&buckets[5]), "Sun 25 Oct");
    }

    #[test]
    fn the_hour_that_comes_twice_says_which() {
        let window = window("2026-10-25..2026-10-25", "Europe/Berlin", "2026-11-23T12:30:00Z");
        let labels: Vec<_> = window.buckets().iter().map(|bucket| window.label(bucket)).collect();
        assert_eq!(labels.len(), 25);
        assert_eq!((labels[2].as_str(), labels[3].as_str()), ("Sun 25 Oct 02:00 CEST", "Sun 25 Oct 02:00 CET"));
    }

    #[test]
    fn today_ends_now() {
        let window = window("2026-11-23..2026-11-23", "UTC", "2026-11-23T12:30:00Z");
        assert_eq!((window.buckets().len(), window.length()), (13, TimeDelta::minutes(750) + MICROSECOND));
        assert_eq!(window.before().ends, window.begins);
    }

    fn any_zone() -> impl Strategy<Value = Zone> {
        prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()).prop_map(|zone| zone.name().parse().unwrap())
    }

    fn any_moment() -> impl Strategy<Value = DateTime<Utc>> {
        (0..4_000_000_000_000_000_i64).prop_map(|micros| DateTime::from_timestamp_micros(micros).unwrap())
    }

    fn any_range() -> impl Strategy<Value = Range> {
        let between = (any_moment(), 1..366 * 86_400_i64)
            .prop_map(|(from, seconds)| Range::between(from, from + TimeDelta::seconds(seconds)));
        let days = (any_moment(), 0..360_u64).prop_map(|(from, days)| {
            let day = from.date_naive();
            Range::Between(crate::range::Edge::Day(day), crate::range::Edge::Day(day + chrono::Days::new(days)))
        });
        prop_oneof![prop::sample::select(Range::PRESETS.to_vec()), between, days]
    }

    proptest! {
        #[test]
        fn both_windows_are_equally_long(range in any_range(), zone in any_zone(), as_of in any_moment()) {
            let window = Window::of(range, zone, as_of);
            prop_assert_eq!(window.ends - window.begins, window.begins - window.before_begins);
            prop_assert_eq!(window.before().length(), window.length());
            prop_assert!(window.length() > TimeDelta::zero() && window.until >= window.ends);
        }

        #[test]
        fn buckets_cover_the_window_without_gaps(range in any_range(), zone in any_zone(), as_of in any_moment()) {
            let window = Window::of(range, zone, as_of);
            let buckets = window.buckets();
            prop_assert_eq!(buckets.first().map(|bucket| bucket.begins), Some(window.begins));
            prop_assert_eq!(buckets.last().map(|bucket| bucket.until), Some(window.until));
            prop_assert!(buckets.len() <= 400);
            for (place, bucket) in buckets.iter().enumerate() {
                prop_assert!(bucket.begins < bucket.until && bucket.starts <= bucket.begins);
                prop_assert_eq!(window.place(&buckets, bucket.begins), Some(place));
                prop_assert_eq!(window.place(&buckets, bucket.until - MICROSECOND), Some(place));
                if let Some(next) = buckets.get(place + 1) {
                    prop_assert_eq!(bucket.until, next.begins);
                    prop_assert_eq!(next.starts, next.begins);
                }
            }
            prop_assert_eq!(window.place(&buckets, window.until), None);
        }
    }
}
