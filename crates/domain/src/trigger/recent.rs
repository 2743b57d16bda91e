//! How long the newest runs of a trigger took, by hour or day: percentiles of single triggers are not kept by time.

use crate::{durations::Durations, format, panel::Panel, query::Query, table::Table};

/// Runs of a window that are measured, at most: its newest.
pub const LOOKED_AT: i64 = 2_000;

/// Percentiles by time, read from the newest executions.
#[derive(Debug, Clone, PartialEq)]
pub struct RecentDurations {
    /// The percentiles.
    pub durations: Durations,
    /// How many executions of the window were looked at.
    pub runs: i64,
}

impl Panel for RecentDurations {
    const NAME: &'static str = "recent-durations";
    const TITLE: &'static str = "Duration";

    fn sentence(&self) -> String {
        self.durations.sentence()
    }

    fn table(&self, query: &Query) -> Table {
        self.durations.table(query)
    }
}

impl RecentDurations {
    /// What was looked at, in words.
    #[must_use]
    pub fn note(&self) -> String {
        let runs = format::count(LOOKED_AT);
        if self.runs >= LOOKED_AT {
            format!("Of the newest {runs} runs of this time; earlier ones are left out.")
        } else {
            format!("Of all runs of this time. Where there are more than {runs}, of the newest.")
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{durations::Point, range::Range, window::Window, zone::Zone};

    #[test]
    fn the_limit_is_told_and_the_sentence_is_that_of_the_percentiles() {
        let window = Window::of(Range::Day, Zone::UTC, DateTime::from_timestamp(1_795_435_205, 0).unwrap_or_default());
        let point = |(place, bucket)| {
            let p95_ms = Some(if place == 3 { 900.0 } else { 100.0 });
            Point { bucket, p50_ms: None, p95_ms, p99_ms: None, p95_before_ms: None }
        };
        let points = window.buckets().into_iter().enumerate().map(point).collect();
        let all = RecentDurations { durations: Durations { window, are_kept: true, points }, runs: 17 };
        assert!(all.sentence().starts_with("p95 peaked at "), "{}", all.sentence());
        assert!(all.note().starts_with("Of all runs"));
        let cut = RecentDurations { runs: LOOKED_AT, ..all };
        assert_eq!(cut.note(), "Of the newest 2,000 runs of this time; earlier ones are left out.");
    }
}
