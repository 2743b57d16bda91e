//! Measures how fast rows get done.

use std::time::{Duration, Instant};

use domain::progress::{Pace, Progress};

/// What was seen of work on many rows so far.
#[derive(Debug)]
pub(crate) struct Meter {
    rows: i64,
    since: Instant,
    pace: Pace,
}

impl Meter {
    /// Starts where so many rows are done already.
    pub(crate) fn start(rows: i64) -> Self {
        Self { rows, since: Instant::now(), pace: Pace::default() }
    }

    /// So many rows are done now, of about so many, and there are more to come.
    pub(crate) fn reach(&mut self, rows: i64, of_about: Option<i64>) -> Progress {
        self.pace.measure(rows - self.rows, self.since.elapsed());
        (self.rows, self.since) = (rows, Instant::now());
        // The estimate may be too low; what is there is at least what was found.
        let of_about = of_about.map(|estimate| estimate.max(rows));
        let left = of_about.and_then(|all| self.pace.time_for((all - rows).max(1)));
        Progress { rows, of_about, left }
    }

    /// So many rows are done, and that is all.
    pub(crate) fn finish(rows: i64) -> Progress {
        Progress { rows, of_about: Some(rows), left: Some(Duration::ZERO) }
    }
}
