//! `cargo xtask check`: everything about the code that a machine can judge without running it.

use crate::step::{Outcome, Steps, command};
use crate::{prepare, root, site, tidy, tools};
use anyhow::{Result, bail};

/// What to do about what is found.
#[derive(clap::Args)]
pub struct Arguments {
    /// Mend what can be mended: the format, and what clippy knows to mend
    #[arg(long)]
    fix: bool,
}

/// Checks everything, and fails at the end when anything is not as it should be.
pub fn run(arguments: &Arguments) -> Result<()> {
    let mut steps = Steps::default();
    steps.attempt("format", || format(arguments.fix));
    steps.attempt("tidy rules", tidy_rules);
    steps.step("target wasm32-unknown-unknown", tools::wasm_target)?;
    site::chart_library(&mut steps)?;
    // The server carries this folder in its binary: it may be empty for a check, but not missing.
    std::fs::create_dir_all(root().join("target/site"))?;
    let native = ["--workspace", "--exclude", "frontend", "--all-targets"];
    steps.attempt("clippy (native)", || clippy(&native, arguments.fix));
    let browser = ["--package", "frontend", "--target", tools::WASM];
    steps.attempt("clippy (wasm)", || clippy(&browser, arguments.fix));
    steps.attempt("description of the queries", prepare::check);
    steps.summarize();
    steps.finish()
}

fn format(fix: bool) -> Result<Outcome> {
    let mut cargo = tools::cargo();
    cargo.args(["fmt", "--all"]);
    if !fix {
        cargo.arg("--check");
    }
    command(&mut cargo)?;
    Ok(Outcome::Done)
}

fn clippy(selection: &[&str], fix: bool) -> Result<Outcome> {
    let mut cargo = tools::cargo();
    cargo.arg("clippy").args(selection);
    if fix {
        cargo.args(["--fix", "--allow-dirty", "--allow-staged"]);
    }
    command(cargo.args(["--", "--deny", "warnings"]))?;
    Ok(Outcome::Done)
}

fn tidy_rules() -> Result<Outcome> {
    let findings = tidy::check()?;
    for finding in &findings {
        println!("    {finding}");
    }
    if !findings.is_empty() {
        bail!("{} found", findings.len());
    }
    Ok(Outcome::Done)
}
