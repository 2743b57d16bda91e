//! What a window and the one before it are put together from, so that a window of any length costs its days, a few hours
//! and less than an hour of the source: what ran before a moment is what ran before the midnight that is nearest to it, with
//! or without the hours in between, up to the full hour that is nearest, with or without what ran in between.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::window::{Window, start_of_hour};

/// How often something counts, in the window before and in the window: −1 takes away what a longer part holds too much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Weight {
    pub before: i16,
    pub now: i16,
}

impl Weight {
    /// What counts beside whole days: of a window that is read hour by hour, nothing.
    fn of_days(self, by_hour: ByHour) -> Self {
        let Self { before, now } = self;
        Self { before: if by_hour.before { 0 } else { before }, now: if by_hour.now { 0 } else { now } }
    }
}

/// Which of two windows are read hour by hour, because somebody looks at their hours.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ByHour {
    pub before: bool,
    pub now: bool,
}

/// Parts of two windows, one after the other.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// The days of the window before begin with the first, those of the window with the second and end before the third.
    pub days: [DateTime<Utc>; 3],
    /// Whole hours.
    pub hours: BTreeMap<DateTime<Utc>, Weight>,
    /// Parts of hours, from one moment up to another.
    pub minutes: Vec<(DateTime<Utc>, DateTime<Utc>, Weight)>,
}

impl Parts {
    /// The parts of two windows, of which hours are known from `days_until` on. Where there are only days, the windows begin
    /// and end with the midnights that are nearest.
    pub fn of(window: &Window, as_of: DateTime<Utc>, days_until: Option<DateTime<Utc>>, by_hour: ByHour) -> Self {
        // What ran before a moment counts where a window ends there, and not where one begins.
        let cuts = [
            (window.before_begins, Weight { before: -1, now: 0 }),
            (window.begins, Weight { before: 1, now: -1 }),
            (window.until, Weight { before: 0, now: 1 }),
        ];
        let midnight = |moment| nearest(moment, start_of_day(moment), TimeDelta::days(1), as_of);
        let hour = |moment| nearest(moment, start_of_hour(moment), TimeDelta::hours(1), as_of);
        let mut parts = Self { days: cuts.map(|(moment, _)| midnight(moment)), ..Self::default() };
        parts.take_from_days(by_hour);
        let has_hours = |moment| days_until.is_none_or(|until| start_of_day(moment) >= until);
        for (moment, weight) in cuts.into_iter().filter(|&(moment, _)| has_hours(moment)) {
            parts.add_hours(midnight(moment), hour(moment), weight.of_days(by_hour));
            parts.add_minutes(hour(moment), moment, weight);
        }
        if by_hour.before {
            parts.add_hours(hour(window.before_begins), hour(window.begins), Weight { before: 1, now: 0 });
        }
        if by_hour.now {
            parts.add_hours(hour(window.begins), hour(window.until), Weight { before: 0, now: 1 });
        }
        parts.hours.retain(|_, weight| *weight != Weight::default());
        parts
    }

    /// Leaves no day of a window that is read hour by hour.
    fn take_from_days(&mut self, by_hour: ByHour) {
        let [before_begins, begins, until] = &mut self.days;
        if by_hour.before {
            *before_begins = *begins;
        }
        if by_hour.now {
            *until = *begins;
        }
    }

    fn add_hours(&mut self, from: DateTime<Utc>, to: DateTime<Utc>, weight: Weight) {
        let (begins, ends, weight) = in_order(from, to, weight);
        let hours = std::iter::successors(Some(begins), |&hour| Some(hour + TimeDelta::hours(1)));
        for hour in hours.take_while(|&hour| hour < ends) {
            let sum = self.hours.entry(hour).or_default();
            sum.before += weight.before;
            sum.now += weight.now;
        }
    }

    fn add_minutes(&mut self, from: DateTime<Utc>, to: DateTime<Utc>, weight: Weight) {
        if from != to {
            self.minutes.push(in_order(from, to, weight));
        }
    }
}

/// What is between two moments is added on the way forward, and taken away on the way back.
fn in_order(from: DateTime<Utc>, to: DateTime<Utc>, weight: Weight) -> (DateTime<Utc>, DateTime<Utc>, Weight) {
    if from <= to { (from, to, weight) } else { (to, from, Weight { before: -weight.before, now: -weight.now }) }
}

/// Where the hour or day that a moment is in begins or ends, whichever is nearer. What is yet to come holds nothing, so
/// its end is as good as near.
fn nearest(moment: DateTime<Utc>, begins: DateTime<Utc>, length: TimeDelta, as_of: DateTime<Utc>) -> DateTime<Utc> {
    let is_to_come = moment > begins && moment > as_of;
    if is_to_come || moment - begins > length / 2 { begins + length } else { begins }
}

/// The beginning of the UTC day that a moment is in.
fn start_of_day(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.date_naive().and_time(chrono::NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const AS_OF: &str = "2026-11-23T15:40:00Z";

    fn at(moment: &str) -> DateTime<Utc> {
        moment.parse().unwrap()
    }

    fn parts(range: &str, days_until: Option<&str>) -> Parts {
        let window = Window::of(range.parse().unwrap(), "UTC".parse().unwrap(), at(AS_OF));
        Parts::of(&window, at(AS_OF), days_until.map(at), ByHour::default())
    }

    /// How often what ran at a moment counts.
    fn weight(parts: &Parts, moment: DateTime<Utc>) -> Weight {
        let mut sum = Weight::default();
        let mut add = |weight: Weight| {
            sum.before += weight.before;
            sum.now += weight.now;
        };
        let day = start_of_day(moment);
        if parts.days[0] <= day && day < parts.days[1] {
            add(Weight { before: 1, now: 0 });
        }
        if parts.days[1] <= day && day < parts.days[2] {
            add(Weight { before: 0, now: 1 });
        }
        parts.hours.get(&start_of_hour(moment)).copied().into_iter().for_each(&mut add);
        let minutes = parts.minutes.iter().filter(|(begins, ends, _)| *begins <= moment && moment < *ends);
        minutes.for_each(|&(_, _, weight)| add(weight));
        sum
    }

    #[test]
    fn every_moment_counts_once_where_it_is() {
        for range in ["24h", "7d", "30d", "2026-11-23T09:20:00Z..2026-11-23T13:50:00Z", "2026-11-21..2026-11-22"] {
            let window = Window::of(range.parse().unwrap(), "UTC".parse().unwrap(), at(AS_OF));
            for (before, now) in [(false, false), (false, true), (true, true)] {
                let parts = Parts::of(&window, at(AS_OF), None, ByHour { before, now });
                assert_counts_once(&parts, &window);
            }
        }
    }

    fn assert_counts_once(parts: &Parts, window: &Window) {
        let mut moment = window.before_begins - TimeDelta::days(2);
        while moment < window.until + TimeDelta::days(2) {
            let is_in = |begins, ends| i16::from(begins <= moment && moment < ends);
            let (before, now) = (is_in(window.before_begins, window.begins), is_in(window.begins, window.until));
            assert_eq!(weight(parts, moment), Weight { before, now }, "{window:?} {moment}");
            moment += TimeDelta::minutes(10);
        }
    }

    #[test]
    fn a_month_costs_few_hours_and_less_than_one_of_the_source() {
        let parts = parts("30d", None);
        assert!(parts.hours.len() <= 24, "{} hours", parts.hours.len());
        let minutes: TimeDelta = parts.minutes.iter().map(|(begins, ends, _)| *ends - *begins).sum();
        assert!(minutes <= TimeDelta::hours(1), "{minutes} of the source");
    }

    #[test]
    fn where_there_are_only_days_windows_begin_with_the_nearest_midnight() {
        let parts = parts("7d", Some("2026-11-20T00:00:00Z"));
        let days = [at("2026-11-10T00:00:00Z"), at("2026-11-17T00:00:00Z"), at("2026-11-24T00:00:00Z")];
        assert_eq!(parts.days, days);
        assert!(parts.hours.keys().all(|&hour| hour >= at("2026-11-23T16:00:00Z")) && parts.minutes.is_empty());
    }
}
