//! Steps: each is named, timed and told; the commands inside them fail with a clear line.

use anyhow::{Context, Result, bail};
use std::process::Command;
use std::time::{Duration, Instant};

/// How a step ended well.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something was done.
    Done,
    /// Nothing had changed since the last time.
    UpToDate,
}

/// An error that has been told where it happened: it only makes the exit code.
#[derive(Debug)]
pub struct AlreadyTold;

impl std::fmt::Display for AlreadyTold {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("failed, as told above")
    }
}

impl std::error::Error for AlreadyTold {}

enum Ending {
    Took(Duration),
    UpToDate,
    Failed(Duration, String),
}

/// The steps of one command, in order, with their times.
#[derive(Default)]
pub struct Steps {
    endings: Vec<(String, Ending)>,
}

impl Steps {
    /// Runs a step that the following ones need: its error ends the command.
    pub fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Outcome>) -> Result<()> {
        let started = Instant::now();
        match work() {
            Ok(outcome) => {
                let ending = match outcome {
                    Outcome::Done => Ending::Took(started.elapsed()),
                    Outcome::UpToDate => Ending::UpToDate,
                };
                self.end(name, ending);
                Ok(())
            }
            Err(error) => {
                self.end(name, Ending::Failed(started.elapsed(), format!("{error:#}")));
                Err(error).with_context(|| name.to_owned())
            }
        }
    }

    /// Runs a step that the following ones can do without: the error is told now and again in [`Steps::finish`].
    pub fn attempt(&mut self, name: &str, work: impl FnOnce() -> Result<Outcome>) -> bool {
        let outcome = self.step(name, work);
        if let Err(error) = &outcome {
            eprintln!("error: {error:#}");
        }
        outcome.is_ok()
    }

    /// The table of all steps.
    pub fn summarize(&self) {
        println!();
        for (name, ending) in &self.endings {
            tell(name, ending);
        }
    }

    /// An error when a step failed, naming each.
    pub fn finish(self) -> Result<()> {
        let failed: Vec<String> = self
            .endings
            .into_iter()
            .filter_map(|(name, ending)| match ending {
                Ending::Failed(_, why) => Some(format!("{name} ({why})")),
                _ => None,
            })
            .collect();
        if failed.is_empty() {
            return Ok(());
        }
        bail!("failed: {}", failed.join("; "))
    }

    fn end(&mut self, name: &str, ending: Ending) {
        tell(name, &ending);
        self.endings.push((name.to_owned(), ending));
    }
}

fn tell(name: &str, ending: &Ending) {
    match ending {
        Ending::Took(time) => println!("  ✓ {name:<46} {:>7.1} s", time.as_secs_f64()),
        Ending::UpToDate => println!("  ✓ {name:<46} up to date"),
        Ending::Failed(time, _) => println!("  ✗ {name:<46} {:>7.1} s", time.as_secs_f64()),
    }
}

/// Runs a command to its end, its output shown; anything but success is an error that spells the command.
pub fn command(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start `{}`", spell(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", spell(command));
    }
    Ok(())
}

/// Runs a command to its end and keeps its output; on failure the output is shown.
pub fn quiet(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot start `{}`", spell(command)))?;
    if !output.status.success() {
        eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        bail!("`{}` ended with {}", spell(command), output.status);
    }
    Ok(())
}

/// What a command prints, trimmed.
pub fn answer(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start `{}`", spell(command)))?;
    if !output.status.success() {
        bail!("`{}`: {}", spell(command), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A command as one would type it.
pub fn spell(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_failing_command_is_spelled_in_the_error() {
        let error = command(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(error.to_string(), "`sh -c exit 3` ended with exit status: 3");
    }

    #[test]
    fn an_attempt_that_fails_is_named_at_the_end() {
        let mut steps = Steps::default();
        assert!(steps.attempt("first", || Ok(Outcome::UpToDate)));
        assert!(!steps.attempt("second", || bail!("no luck")));
        assert_eq!(steps.finish().unwrap_err().to_string(), "failed: second (no luck)");
    }
}
