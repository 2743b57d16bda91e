//! How far work on many rows is, and how long it will take.

use std::time::Duration;

use crate::{format, frontier::roughly};

/// How much the newest measurement counts against all before: one odd step does not make the time left jump.
const NEWEST_WEIGHT: f64 = 0.4;

/// How far work on many rows is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows that are done.
    pub rows: i64,
    /// Rows that there are about; `None` where nobody knows.
    pub of_about: Option<i64>,
    /// How long the rest takes, by the pace so far; zero when it is done, `None` before anything was measured.
    pub left: Option<Duration>,
}

impl Progress {
    /// What was done, and what is left of it: `counted 3,805,556 of about 10,000,392 rows (38%), about 25 s left`.
    #[must_use]
    pub fn sentence(&self, done: &str) -> String {
        let rows = format::count(self.rows);
        let left = match self.left {
            Some(left) if !left.is_zero() => format!(", about {} left", roughly(left)),
            _ => String::new(),
        };
        match self.of_about {
            Some(all) if all > 0 => {
                format!("{done} {rows} of about {} rows ({}%){left}", format::count(all), self.percent(all))
            }
            _ => format!("{done} {}{left}", format::counted(self.rows, "row", "rows")),
        }
    }

    /// What is not done is never 100%, however wrong the estimate was.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "counts stay far below 2^52")]
    fn percent(&self, all: i64) -> i64 {
        let percent = (100.0 * self.rows as f64 / all as f64).floor() as i64;
        percent.clamp(0, if self.left == Some(Duration::ZERO) { 100 } else { 99 })
    }
}

/// Tells how long the rest takes, from how long the steps so far took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    seconds_per_row: Option<f64>,
}

impl Pace {
    /// A step over so many rows took so long.
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn measure(&mut self, rows: i64, took: Duration) {
        if rows <= 0 {
            return;
        }
        let measured = took.as_secs_f64() / rows as f64;
        self.seconds_per_row = Some(match self.seconds_per_row {
            Some(before) => before + NEWEST_WEIGHT * (measured - before),
            None => measured,
        });
    }

    /// How long so many rows take; `None` before anything was measured.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn time_for(&self, rows: i64) -> Option<Duration> {
        let seconds = self.seconds_per_row? * rows.max(0) as f64;
        Duration::try_from_secs_f64(seconds).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_tells_rows_percent_and_time_left() {
        let progress =
            Progress { rows: 3_805_556, of_about: Some(10_000_392), left: Some(Duration::from_millis(24_400)) };
        assert_eq!(progress.sentence("counted"), "counted 3,805,556 of about 10,000,392 rows (38%), about 25 s left");
        let unmeasured = Progress { left: None, ..progress };
        assert_eq!(unmeasured.sentence("compared"), "compared 3,805,556 of about 10,000,392 rows (38%)");
        let done = Progress { rows: 7, of_about: Some(7), left: Some(Duration::ZERO) };
        assert_eq!(done.sentence("counted"), "counted 7 of about 7 rows (100%)");
        let unknown = Progress { rows: 1, of_about: None, left: None };
        assert_eq!(unknown.sentence("counted"), "counted 1 row");
    }

    #[test]
    fn only_what_is_done_is_all_of_it() {
        let percent = |rows, left| Progress { rows, of_about: Some(100), left }.percent(100);
        assert_eq!(percent(300, Some(Duration::from_secs(1))), 99);
        assert_eq!(percent(100, Some(Duration::ZERO)), 100);
        assert_eq!(percent(0, None), 0);
    }

    #[test]
    fn the_pace_follows_what_is_measured_without_jumping() {
        let mut pace = Pace::default();
        assert_eq!(pace.time_for(1_000), None);
        pace.measure(0, Duration::from_secs(9));
        assert_eq!(pace.time_for(1_000), None, "nothing tells no pace");
        pace.measure(1_000, Duration::from_secs(1));
        assert_eq!(pace.time_for(5_000), Some(Duration::from_secs(5)));
        pace.measure(1_000, Duration::from_secs(2));
        assert_eq!(pace.time_for(10_000), Some(Duration::from_secs(14)));
        assert_eq!(pace.time_for(-5), Some(Duration::ZERO));
    }
}
