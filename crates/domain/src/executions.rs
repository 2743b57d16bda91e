//! Executions per hour, by how they ended.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{format, status::StatusCounts};

/// One bar per hour, oldest first, hours without executions included, so that time is evenly spaced.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Executions {
    /// The hours, oldest first, without gaps. The last one is partial.
    pub hours: Vec<Hour>,
}

/// One UTC hour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Hour {
    /// When the hour began.
    pub start: DateTime<Utc>,
    /// Executions of that hour, by how they ended.
    pub counts: StatusCounts,
    /// Executions in the same hour of the day before; `None` when not known.
    pub day_before: Option<i64>,
    /// Whether the data ends inside this hour, or the window begins inside it.
    pub partial: bool,
}

/// Percentage points below the success rate of all hours from which an hour is told about.
const FALL_POINTS: f64 = 10.0;

/// Executions under which an hour's success rate says little.
const FALL_EXECUTIONS: i64 = 20;

impl Executions {
    /// What stands out, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let counts: StatusCounts = self.hours.iter().map(|hour| hour.counts).sum();
        let Some(busiest) = self.hours.iter().max_by_key(|hour| hour.counts.total()) else {
            return "No hour to show yet.".to_owned();
        };
        if counts.total() == 0 {
            return "Nothing ran in these hours.".to_owned();
        }
        if let Some((rate, at)) = self.fall(counts) {
            return format!("Success fell to {} at {}.", format::percent(Some(rate)), format::hour(at));
        }
        if counts.failed == 0 {
            let runs = format::count(busiest.counts.total());
            return format!("No run failed; the busiest hour was {} with {runs}.", format::hour(busiest.start));
        }
        self.failures_sentence(counts.failed)
    }

    /// The hour whose success rate fell far below that of all hours together, if there is one that ran enough to tell.
    fn fall(&self, all: StatusCounts) -> Option<(f64, DateTime<Utc>)> {
        let ran_enough = |hour: &&Hour| hour.counts.total() >= FALL_EXECUTIONS;
        let rate = |hour: &Hour| hour.counts.success_rate().map(|rate| (rate, hour.start));
        let worst =
            self.hours.iter().filter(ran_enough).filter_map(rate).min_by(|left, right| left.0.total_cmp(&right.0));
        worst.filter(|&(rate, _)| all.success_rate().is_some_and(|usual| rate <= usual - FALL_POINTS))
    }

    /// Where the failures are: in one hour, or spread. No total: that is the summary's, whose 24 hours begin elsewhere.
    fn failures_sentence(&self, failed: i64) -> String {
        let Some(worst) = self.hours.iter().max_by_key(|hour| hour.counts.failed) else { return String::new() };
        let (at, most) = (format::hour(worst.start), format::count(worst.counts.failed));
        if failed >= 5 && 4 * worst.counts.failed >= failed {
            return format!("Failures peaked at {at} with {most}.");
        }
        format!("Failures are spread over the day, at most {most} an hour.")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(failed: &[i64]) -> Executions {
        let start: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        let hour = |(index, &failed): (usize, &i64)| Hour {
            start: start + chrono::TimeDelta::hours(index as i64),
            counts: StatusCounts { success: 100 + index as i64, retrying: 0, failed },
            day_before: None,
            partial: false,
        };
        Executions { hours: failed.iter().enumerate().map(hour).collect() }
    }

    #[test]
    fn a_fall_of_success_comes_first() {
        let mut fallen = day(&[1, 2, 3]);
        fallen.hours[1].counts = StatusCounts { success: 60, retrying: 30, failed: 10 };
        assert_eq!(fallen.sentence(), "Success fell to 60.0% at 01:00.");
        fallen.hours[1].counts = StatusCounts { success: 6, retrying: 3, failed: 1 };
        assert!(fallen.sentence().starts_with("Failures"), "ten executions say little");
    }

    #[test]
    fn a_peak_of_failures_is_named() {
        assert_eq!(day(&[1, 2, 11, 4, 0]).sentence(), "Failures peaked at 02:00 with 11.");
    }

    #[test]
    fn spread_failures_are_said_to_be() {
        assert_eq!(day(&[2; 24]).sentence(), "Failures are spread over the day, at most 2 an hour.");
        assert_eq!(day(&[0, 1, 0]).sentence(), "Failures are spread over the day, at most 1 an hour.");
    }

    #[test]
    fn a_day_without_failures_tells_its_busiest_hour() {
        assert_eq!(day(&[0, 0, 0]).sentence(), "No run failed; the busiest hour was 02:00 with 102.");
        assert_eq!(day(&[]).sentence(), "No hour to show yet.");
    }
}
