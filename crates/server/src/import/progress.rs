//! Shows how far an import is: a bar on a terminal, a line now and then elsewhere.

use std::io::{self, Read};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::format;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often a line is printed where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Progress of one import; clones show the same.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    last_line: Arc<Mutex<Instant>>,
}

impl Progress {
    /// For files of so many bytes altogether; `None` when a pipe is among them.
    pub fn new(bytes: Option<u64>) -> Self {
        let bar = ProgressBar::with_draw_target(bytes, ProgressDrawTarget::stderr());
        let template = if bytes.is_some() { "{bar:30} {percent:>3}%  {msg}" } else { "{spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let started = Instant::now();
        Self { bar, started, last_line: Arc::new(Mutex::new(started)) }
    }

    /// Counts the bytes that go through.
    pub fn count_bytes<R: Read>(&self, input: R) -> impl Read + use<R> {
        CountedBytes { inner: input, bar: self.bar.clone() }
    }

    /// So many rows were read from the files.
    pub fn read(&self, rows: u64) {
        self.show("read", rows);
    }

    /// Reading is over; so many rows are to be merged into the table.
    pub fn begin_merge(&self, rows: u64) {
        self.bar.set_length(rows);
        self.bar.set_position(0);
    }

    /// So many rows are merged.
    pub fn merged(&self, rows: u64) {
        self.bar.set_position(rows);
        self.show("merged", rows);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Since it began.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn show(&self, done: &str, rows: u64) {
        let pace = counted_rows(pace(rows, self.elapsed()));
        let message = format!("{done} {}, {pace}/s", counted_rows(rows));
        if !self.bar.is_hidden() {
            self.bar.set_message(message);
            return;
        }
        let Ok(mut last) = self.last_line.lock() else { return };
        if last.elapsed() >= LINE_EVERY {
            *last = Instant::now();
            eprintln!("{message}");
        }
    }
}

/// Rows per second.
pub fn pace(rows: u64, elapsed: Duration) -> u64 {
    let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    rows.saturating_mul(1_000) / millis.max(1)
}

/// `1 row`, `336,776 rows`.
pub fn counted_rows(rows: u64) -> String {
    format::counted(rows.cast_signed(), "row", "rows")
}

struct CountedBytes<R> {
    inner: R,
    bar: ProgressBar,
}

impl<R: Read> Read for CountedBytes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bar.inc(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pace_is_rows_per_second() {
        assert_eq!(pace(336_776, Duration::from_secs(8)), 42_097);
        assert_eq!(pace(5, Duration::ZERO), 5_000);
    }
}
