//! What each bar of a window is put together from, so that a window of any length costs its days, a few hours for each
//! of its bars and less than an hour of the source for each: what ran before a moment is what ran before the midnight that
//! is nearest to it, with or without the hours in between, up to the full hour that is nearest, with or without what ran
//! in between. What ran in a bar is what ran before its end without what ran before it began.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::window::{Bucket, Step, Window, start_of_hour};

/// Bars: those of a window before, or the whole of it as one, and those of the window, one after the other.
#[derive(Debug)]
pub(super) struct Bars {
    /// Where they are cut: each ends where the next one begins.
    cuts: Vec<DateTime<Utc>>,
    /// How many are of the window before.
    pub before: usize,
}

/// What bars are put together from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// Midnights: the days of each bar begin with one and end before the next.
    pub days: Vec<DateTime<Utc>>,
    /// How often a whole hour counts for the bar of a number: −1 takes away what days hold too much.
    pub hours: BTreeMap<(DateTime<Utc>, usize), i16>,
    /// Parts of hours, from one moment up to another, for the bar of a number, in the same way.
    pub minutes: Vec<(DateTime<Utc>, DateTime<Utc>, usize, i16)>,
}

impl Bars {
    /// The bars of a window, and of the one before it where `is_before_cut` asks for them and there are as many.
    pub fn of(window: &Window, is_before_cut: bool) -> Self {
        let begins = |buckets: Vec<Bucket>| buckets.into_iter().map(|bucket| bucket.begins).collect::<Vec<_>>();
        let now = begins(window.buckets());
        let before = is_before_cut.then(|| begins(window.before().buckets())).filter(|bars| bars.len() == now.len());
        let mut cuts = before.unwrap_or_else(|| vec![window.before_begins]);
        let before = cuts.len();
        cuts.extend(now);
        cuts.push(window.until);
        Self { cuts, before }
    }

    /// Whether the window before has as many bars as the window.
    pub fn are_compared(&self) -> bool {
        2 * self.before + 1 == self.cuts.len()
    }
}

impl Parts {
    /// The parts of bars, of which hours are known from `days_until` on. Where there are only days, bars begin and end with
    /// the midnights that are nearest.
    pub fn of(bars: &Bars, step: Step, as_of: DateTime<Utc>, days_until: Option<DateTime<Utc>>) -> Self {
        let midnight = |moment| nearest(moment, start_of_day(moment), TimeDelta::days(1), as_of);
        let hour = |moment| nearest(moment, start_of_hour(moment), TimeDelta::hours(1), as_of);
        // Of bars that are hours no day is read: all their hours are. As many of the window before are hours too.
        let first_hour = (step == Step::Hour).then(|| bars.cuts[if bars.are_compared() { 0 } else { bars.before }]);
        let base = |cut| midnight(first_hour.map_or(cut, |first| cut.min(first)));
        let has_hours = |moment| days_until.is_none_or(|until| start_of_day(moment) >= until);
        let mut parts = Self { days: bars.cuts.iter().map(|&cut| base(cut)).collect(), ..Self::default() };
        for (bar, ends) in bars.cuts.windows(2).enumerate() {
            for (&cut, sign) in ends.iter().zip([-1, 1]).filter(|&(&cut, _)| has_hours(cut)) {
                parts.add_hours(base(cut), hour(cut), bar, sign);
                parts.add_minutes(hour(cut), cut, bar, sign);
            }
        }
        parts.hours.retain(|_, times| *times != 0);
        parts
    }

    fn add_hours(&mut self, from: DateTime<Utc>, to: DateTime<Utc>, bar: usize, sign: i16) {
        let (begins, ends, times) = in_order(from, to, sign);
        let hours = std::iter::successors(Some(begins), |&hour| Some(hour + TimeDelta::hours(1)));
        for hour in hours.take_while(|&hour| hour < ends) {
            *self.hours.entry((hour, bar)).or_default() += times;
        }
    }

    fn add_minutes(&mut self, from: DateTime<Utc>, to: DateTime<Utc>, bar: usize, sign: i16) {
        if from != to {
            let (begins, ends, times) = in_order(from, to, sign);
            self.minutes.push((begins, ends, bar, times));
        }
    }
}

/// What is between two moments is added on the way forward, and taken away on the way back.
fn in_order(from: DateTime<Utc>, to: DateTime<Utc>, sign: i16) -> (DateTime<Utc>, DateTime<Utc>, i16) {
    if from <= to { (from, to, sign) } else { (to, from, -sign) }
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

    fn window(range: &str, zone: &str) -> Window {
        Window::of(range.parse().unwrap(), zone.parse().unwrap(), at(AS_OF))
    }

    fn parts(range: &str, days_until: Option<&str>) -> Parts {
        let window = window(range, "UTC").in_days();
        Parts::of(&Bars::of(&window, false), window.step, at(AS_OF), days_until.map(at))
    }

    /// How often what ran at a moment counts for a bar.
    fn times(parts: &Parts, bar: usize, moment: DateTime<Utc>) -> i16 {
        let day = start_of_day(moment);
        let of_days = i16::from(parts.days[bar] <= day && day < parts.days[bar + 1]);
        let of_hours = parts.hours.get(&(start_of_hour(moment), bar)).copied().unwrap_or_default();
        let is_of = |(begins, ends, of, _): &&(_, _, usize, i16)| *of == bar && *begins <= moment && moment < *ends;
        let of_minutes: i16 = parts.minutes.iter().filter(is_of).map(|&(_, _, _, times)| times).sum();
        of_days + of_hours + of_minutes
    }

    #[test]
    fn every_moment_counts_once_in_its_bar() {
        let ranges = ["24h", "7d", "30d", "2026-11-23T09:20:00Z..2026-11-23T13:50:00Z", "2026-10-24..2026-10-26"];
        for (range, zone) in ranges.into_iter().flat_map(|range| ZONES.map(|zone| (range, zone))) {
            for window in [window(range, zone), window(range, zone).in_days()] {
                for is_before_cut in [false, true] {
                    assert_counts_once(&window, &Bars::of(&window, is_before_cut));
                }
            }
        }
    }

    /// Ahead, behind, by half an hour, and by more than half a day.
    const ZONES: [&str; 5] = ["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland"];

    fn assert_counts_once(window: &Window, bars: &Bars) {
        let parts = Parts::of(bars, window.step, at(AS_OF), None);
        let mut moment = window.before_begins - TimeDelta::days(2);
        while moment < window.until + TimeDelta::days(2) {
            for (bar, ends) in bars.cuts.windows(2).enumerate() {
                let is_in = i16::from(ends[0] <= moment && moment < ends[1]);
                assert_eq!(times(&parts, bar, moment), is_in, "{window:?} {bar} {moment}");
            }
            moment += TimeDelta::minutes(30);
        }
    }

    #[test]
    fn a_window_before_is_cut_where_somebody_compares_and_it_has_as_many_bars() {
        let bars = |range, zone| Bars::of(&window(range, zone).in_days(), true);
        assert!(bars("7d", "Europe/Berlin").are_compared());
        assert!(!Bars::of(&window("7d", "UTC"), false).are_compared());
        // Three days of which one has 25 hours are compared with parts of four.
        assert!(!bars("2026-10-24..2026-10-26", "Europe/Berlin").are_compared());
    }

    #[test]
    fn a_month_costs_few_hours_and_less_than_one_of_the_source() {
        let parts = parts("30d", None);
        assert!(parts.hours.len() <= 36, "{} hours", parts.hours.len());
        let minutes: TimeDelta = parts.minutes.iter().map(|(begins, ends, ..)| *ends - *begins).sum();
        assert!(minutes <= TimeDelta::minutes(90), "{minutes} of the source");
    }

    #[test]
    fn where_there_are_only_days_windows_begin_with_the_nearest_midnight() {
        let parts = parts("7d", Some("2026-11-20T00:00:00Z"));
        let ends = [parts.days[0], parts.days[1], parts.days[parts.days.len() - 1]];
        assert_eq!(ends, [at("2026-11-10T00:00:00Z"), at("2026-11-17T00:00:00Z"), at("2026-11-24T00:00:00Z")]);
        assert!(parts.hours.keys().all(|&(hour, _)| hour >= at("2026-11-23T16:00:00Z")) && parts.minutes.is_empty());
    }
}
