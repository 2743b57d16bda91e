//! How many tests passed and failed, read from what the test runners print last.

use crate::step::{Outcome, spell};
use anyhow::{Context, Result, bail};
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

/// Counts of tests.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    passed: u64,
    failed: u64,
}

impl Tally {
    /// Runs a test runner, its output shown, and counts its tests.
    pub fn run(&mut self, command: &mut Command) -> Result<Outcome> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot start `{}`", spell(command)))?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let counts = std::thread::scope(|scope| {
            let errors = scope.spawn(|| read(stderr, |line| eprintln!("{line}")));
            let mut counts = read(stdout, |line| println!("{line}"));
            counts.add(errors.join().unwrap_or_default());
            counts
        });
        self.add(counts);
        let status = child.wait()?;
        if !status.success() {
            bail!("`{}` ended with {status}", spell(command));
        }
        Ok(Outcome::Done)
    }

    /// For a failure that no test runner counted, such as code that does not compile.
    pub fn fail_at_least_once(&mut self) {
        self.failed = self.failed.max(1);
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

fn read(output: Option<impl Read>, show: impl Fn(&str)) -> Tally {
    let mut counts = Tally::default();
    let Some(output) = output else { return counts };
    for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        show(&line);
        counts.add(count(&line));
    }
    counts
}

/// What a line of a summary counts: of nextest ("Summary […] 3 tests run: 2 passed, 1 failed"), of cargo test
/// ("test result: FAILED. 2 passed; 1 failed"), or of Playwright ("  2 passed (3.4s)").
fn count(line: &str) -> Tally {
    // Nextest shows the output of a failed test indented, with a "test result:" of its own in it.
    let summary = line.starts_with("test result:") || line.trim_start().starts_with("Summary [");
    let line = line.trim();
    let words: Vec<&str> = line.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
    let playwright = words.len() <= 4 && words.first().is_some_and(|word| word.parse::<u64>().is_ok());
    let mut counts = Tally::default();
    if summary || playwright {
        for pair in words.windows(2) {
            match (pair[0].parse::<u64>(), pair[1]) {
                (Ok(number), "passed") => counts.passed += number,
                (Ok(number), "failed" | "timed" | "interrupted" | "did" | "flaky") => counts.failed += number,
                _ => {}
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summaries_of_all_runners_are_counted() {
        let counted = |line| (count(line).passed, count(line).failed);
        let nextest = "     Summary [   0.013s] 6 tests run: 3 passed (1 slow), 2 failed, 1 timed out, 0 skipped";
        assert_eq!(counted(nextest), (3, 3));
        assert_eq!(counted("test result: FAILED. 5 passed; 1 failed; 0 ignored; 0 measured"), (5, 1));
        assert_eq!(counted("    test result: FAILED. 0 passed; 1 failed; 0 ignored"), (0, 0));
        assert_eq!(counted("  12 passed (3.4s)"), (12, 0));
        assert_eq!(counted("  1 failed"), (0, 1));
        assert_eq!(counted("  2 did not run"), (0, 2));
        assert_eq!(counted("the log says: 3 failed attempts"), (0, 0));
    }

    #[test]
    fn a_runner_that_fails_is_an_error_and_still_counted() {
        let mut tally = Tally::default();
        let outcome = tally.run(Command::new("sh").args(["-c", "echo '  1 failed'; echo '  2 passed (1s)'; exit 1"]));
        assert!(outcome.is_err());
        assert_eq!(tally, Tally { passed: 2, failed: 1 });
    }
}
