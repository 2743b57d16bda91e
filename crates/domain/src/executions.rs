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
        if counts.failed == 0 {
            let runs = format::count(busiest.counts.total());
            return format!("No run failed; the busiest hour was {} with {runs}.", format::hour(busiest.start));
        }
        self.failures_sentence(counts.failed)
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
    fn a_peak_of_failures_is_named() {
        assert_eq!(day(&[1, 2, 38, 4, 0]).sentence(), "Failures peaked at 02:00 with 38.");
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
