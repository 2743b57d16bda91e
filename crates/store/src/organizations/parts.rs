//! What each bar of a window is put together from, so that a window of any length costs its days, up to half a day of hours
//! at each end of a bar, and up to half an hour of the source at each end of a window: what ran before a moment is what ran
//! before the midnight that is nearest to it, with or without the hours in between, up to the full hour that is nearest, with
//! or without what ran in between. What ran in a bar is what ran before its end without what ran before it began.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::window::{Step, Window, start_of_hour};

use crate::hours::start_of_day;

const HOUR: TimeDelta = TimeDelta::hours(1);

/// Bars: those of a window before, or the whole of it as one, and those of the window, one after the other.
#[derive(Debug)]
pub(super) struct Bars {
    /// Where they are cut: each ends where the next one begins.
    cuts: Vec<DateTime<Utc>>,
    /// How many are of the window before.
    pub of_before: usize,
}

/// What bars are put together from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// Midnights: the days of each bar begin with one and end before the next.
    pub days: Vec<DateTime<Utc>>,
    /// The hours and parts of hours.
    pub hours: Hours,
}

/// How often what ran from one moment up to another, an hour or a part of one, counts for the bar of a number: −1 takes away
/// what days hold too much.
pub(super) type Hours = BTreeMap<(DateTime<Utc>, DateTime<Utc>, usize), i16>;

impl Bars {
    /// The bars of a window, and of the one before it where somebody compares them. An hour belongs to the bar that it begins
    /// in, but at the ends of the windows.
    pub fn of(window: &Window, is_compared: bool) -> Self {
        let begins: Vec<_> = window.buckets().into_iter().skip(1).map(|bucket| bucket.begins).collect();
        let mut cuts = vec![window.before_begins];
        if is_compared {
            cuts.extend(begins.iter().map(|&cut| next_hour(cut - window.length()).min(window.begins)));
        }
        let of_before = cuts.len();
        cuts.push(window.begins);
        cuts.extend(begins.into_iter().map(|cut| next_hour(cut).min(window.until)));
        cuts.push(window.until);
        Self { cuts, of_before }
    }
}

impl Parts {
    /// The parts of bars, of which hours are known from `days_until` on. Where there are only days, bars begin and end with
    /// the midnights that are nearest.
    pub fn of(bars: &Bars, step: Step, as_of: DateTime<Utc>, days_until: Option<DateTime<Utc>>) -> Self {
        let midnight = |moment| nearest(moment, start_of_day(moment), TimeDelta::days(1), as_of);
        let hour = |moment| nearest(moment, start_of_hour(moment), HOUR, as_of);
        // Of bars that are hours no day is read, since all their hours are.
        let by_hour = (step == Step::Hour).then(|| bars.cuts[if bars.of_before > 1 { 0 } else { bars.of_before }]);
        let base = |cut| midnight(by_hour.map_or(cut, |first| cut.min(first)));
        let has_hours = |moment| days_until.is_none_or(|until| start_of_day(moment) >= until);
        let mut parts = Self { days: bars.cuts.iter().map(|&cut| base(cut)).collect(), ..Self::default() };
        for (bar, ends) in bars.cuts.windows(2).enumerate() {
            for (&cut, sign) in ends.iter().zip([-1, 1]).filter(|&(&cut, _)| has_hours(cut)) {
                parts.add_hours(base(cut), hour(cut), bar, sign);
                parts.add(hour(cut), cut, bar, sign);
            }
        }
        parts.hours.retain(|_, times| *times != 0);
        parts
    }

    fn add_hours(&mut self, from: DateTime<Utc>, to: DateTime<Utc>, bar: usize, sign: i16) {
        let (begins, ends, times) = in_order(from, to, sign);
        let hours = std::iter::successors(Some(begins), |&hour| Some(hour + HOUR));
        hours.take_while(|&hour| hour < ends).for_each(|hour| self.add(hour, hour + HOUR, bar, times));
    }

    fn add(&mut self, from: DateTime<Utc>, to: DateTime<Utc>, bar: usize, sign: i16) {
        if from != to {
            let (begins, ends, times) = in_order(from, to, sign);
            *self.hours.entry((begins, ends, bar)).or_default() += times;
        }
    }

    /// Takes out the whole hours that only move executions from one bar of a window to another, as all do but those at its
    /// ends: of these it is enough to know how many executions they are.
    pub fn take_inner_hours(&mut self, bars: &Bars) -> Hours {
        let mut times: BTreeMap<_, [i16; 2]> = BTreeMap::new();
        for (&(begins, ends, bar), counted) in &self.hours {
            times.entry((begins, ends)).or_default()[usize::from(bar >= bars.of_before)] += counted;
        }
        let is_inner = |begins, ends| ends - begins == HOUR && times.get(&(begins, ends)) == Some(&[0, 0]);
        self.hours.extract_if(.., |&(begins, ends, _), _| is_inner(begins, ends)).collect()
    }

    /// The hours among the parts that are whole, each once.
    pub fn whole_hours(&self) -> Vec<DateTime<Utc>> {
        let whole = self.hours.keys().filter(|(begins, ends, _)| *ends - *begins == HOUR);
        let mut hours: Vec<_> = whole.map(|&(begins, ..)| begins).collect();
        hours.dedup();
        hours
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

/// The first UTC hour that begins at a moment or after it.
fn next_hour(moment: DateTime<Utc>) -> DateTime<Utc> {
    let hour = start_of_hour(moment);
    if hour == moment { hour } else { hour + HOUR }
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

    #[test]
    fn every_moment_counts_once_in_its_bar() {
        let ranges = [
            "24h",
            "7d",
            "30d",
            "2026-11-23T09:20:00Z..2026-11-23T13:50:00Z",
            "2026-11-21..2026-11-22",
            "2026-10-24..2026-10-26",
        ];
        for (range, zone) in ranges.into_iter().flat_map(|range| ZONES.map(|zone| (range, zone))) {
            for window in [window(range, zone), window(range, zone).in_days()] {
                for is_compared in [false, true] {
                    assert_counts_once(&window, &Bars::of(&window, is_compared));
                }
            }
        }
    }

    /// Ahead, behind, by half an hour, and by more than half a day.
    const ZONES: [&str; 5] = ["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland"];

    fn assert_counts_once(window: &Window, bars: &Bars) {
        let parts = Parts::of(bars, window.step, at(AS_OF), None);
        for (bar, ends) in bars.cuts.windows(2).enumerate() {
            let of_bar: Vec<_> = parts.hours.iter().filter(|((_, _, of), _)| *of == bar).collect();
            let mut moment = window.before_begins - TimeDelta::days(2);
            while moment < window.until + TimeDelta::days(2) {
                let day = start_of_day(moment);
                let mut times = i16::from(parts.days[bar] <= day && day < parts.days[bar + 1]);
                let holds = |begins, ends| begins <= moment && moment < ends;
                let fitting = of_bar.iter().filter(|((begins, ends, _), _)| holds(*begins, *ends));
                times += fitting.map(|(_, times)| **times).sum::<i16>();
                assert_eq!(times, i16::from(holds(ends[0], ends[1])), "{window:?} {bar} {moment}");
                moment += TimeDelta::minutes(10);
            }
        }
    }

    #[test]
    fn a_window_before_is_cut_where_somebody_compares_as_far_from_its_beginning() {
        // A day of 25 hours among them; and half an hour that is not whole.
        for (range, zone) in [("2026-10-24..2026-10-26", "Europe/Berlin"), ("2026-11-23..2026-11-23", "UTC")] {
            let window = window(range, zone);
            let bars = Bars::of(&window, true);
            assert_eq!(2 * bars.of_before + 1, bars.cuts.len());
            let (before, now) = bars.cuts.split_at(bars.of_before);
            for (before, now) in before.iter().zip(now) {
                let late = *before - (*now - window.length());
                assert!(late >= TimeDelta::zero() && late < HOUR, "{before} and {now}");
            }
            assert_eq!(Bars::of(&window, false).of_before, 1);
        }
    }

    #[test]
    fn days_of_half_hour_zones_read_nothing_of_the_source_at_midnights() {
        let window = window("7d", "Asia/Kolkata").in_days();
        let parts = Parts::of(&Bars::of(&window, true), window.step, at(AS_OF), None);
        let mut minutes: Vec<_> = parts.hours.keys().filter(|(begins, ends, _)| *ends - *begins < HOUR).collect();
        minutes.dedup_by_key(|(begins, ends, _)| (*begins, *ends));
        assert!(minutes.len() <= 3, "only at the ends of both windows: {minutes:?}");
    }

    #[test]
    fn a_month_costs_few_hours_and_less_than_one_of_the_source() {
        let parts = parts("30d", None);
        let whole = parts.whole_hours();
        assert!(whole.len() <= 24, "{} hours", whole.len());
        let mut minutes: Vec<_> = parts.hours.keys().map(|&(begins, ends, _)| (begins, ends)).collect();
        minutes.retain(|(begins, ends)| *ends - *begins < HOUR);
        minutes.dedup();
        let length: TimeDelta = minutes.iter().map(|(begins, ends)| *ends - *begins).sum();
        assert!(length <= HOUR, "{length} of the source");
    }

    #[test]
    fn inner_hours_are_all_but_those_at_the_ends_of_windows() {
        let window = window("7d", "America/Los_Angeles").in_days();
        let bars = Bars::of(&window, true);
        let mut parts = Parts::of(&bars, window.step, at(AS_OF), None);
        let all = parts.hours.clone();
        let inner = parts.take_inner_hours(&bars);
        // Eight hours at each midnight that is not an end of a window; at three ends at most half a day.
        assert_eq!(inner.len(), 2 * 8 * (bars.cuts.len() - 3));
        assert!(parts.whole_hours().len() <= 3 * 12);
        assert_eq!(inner.into_iter().chain(parts.hours).collect::<Hours>(), all);
    }

    #[test]
    fn where_there_are_only_days_windows_begin_with_the_nearest_midnight() {
        let parts = parts("7d", Some("2026-11-20T00:00:00Z"));
        let ends = [parts.days[0], parts.days[1], parts.days[parts.days.len() - 1]];
        assert_eq!(ends, [at("2026-11-10T00:00:00Z"), at("2026-11-17T00:00:00Z"), at("2026-11-24T00:00:00Z")]);
        assert!(parts.hours.keys().all(|&(begins, ..)| begins >= at("2026-11-23T16:00:00Z")));
        assert!(parts.hours.keys().all(|(begins, ends, _)| *ends - *begins == HOUR), "nothing of the source");
    }
}
