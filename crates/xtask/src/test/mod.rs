//! `cargo xtask test`: every test there is, with everything it needs.

mod tally;

use crate::postgres::{self, ThrowAway};
use crate::step::{AlreadyTold, Outcome, Steps};
use crate::{product, root, tools};
use anyhow::Result;
use cluster::Binaries;
use std::path::{Path, PathBuf};
use tally::Tally;

/// The native crates; `frontend` is built for the browser only. The same selection as everywhere, so that cargo
/// compiles everything once.
const NATIVE: [&str; 3] = ["--workspace", "--exclude", "frontend"];
/// The npm packages with the oldest and the newest Postgres that is supported.
const POSTGRES_PACKAGES: [&str; 2] = ["postgres-14", "postgres-18"];

/// What to test.
#[derive(clap::Args)]
pub struct Arguments {
    /// Only one part
    #[arg(long)]
    only: Option<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The crates, but for store
    Unit,
    /// The SQL, on the oldest and the newest Postgres to be had
    Store,
    /// User stories in a real browser
    Browser,
}

/// Runs the tests. The last line says how many passed and failed.
pub fn run(arguments: &Arguments) -> Result<()> {
    let mut steps = Steps::default();
    let mut tally = Tally::default();
    let outcome = run_parts(arguments, &mut steps, &mut tally);
    steps.summarize();
    let outcome = outcome.and(steps.finish());
    if let Err(error) = &outcome {
        eprintln!("error: {error:#}");
        tally.fail_at_least_once();
    }
    println!("\n{tally}");
    outcome.map_err(|_| AlreadyTold.into())
}

fn run_parts(arguments: &Arguments, steps: &mut Steps, tally: &mut Tally) -> Result<()> {
    let wanted = |part| arguments.only.is_none_or(|only| only == part);
    let binary = product::build(steps, true)?;
    let end2end = root().join("end2end");
    steps.step("npm packages (end2end)", || tools::npm_packages(&end2end))?;
    let machine = postgres::of_machine()?;
    if wanted(Part::Unit) {
        steps.step("pg_cron and libfaketime", || Ok(tools::optional_packages(&machine)))?;
        let name = format!("tests of the crates (Postgres {})", machine.version);
        steps.attempt(&name, || crate_tests(&machine, Crates::AllButStore, tally));
        steps.attempt("examples in the documentation", || documentation_tests(tally));
    }
    if wanted(Part::Store) {
        let versions = store_versions(&end2end, &machine);
        for (place, binaries) in versions.iter().enumerate() {
            // A long stress on the newest is enough.
            let stress = if place + 1 == versions.len() { "60s" } else { "10s" };
            let name = format!("tests of the SQL (Postgres {})", binaries.version);
            steps.attempt(&name, || crate_tests(binaries, Crates::Store { stress }, tally));
        }
    }
    if wanted(Part::Browser) {
        let mut chromium = PathBuf::new();
        steps.step("Chromium", || {
            chromium = tools::chromium(&end2end)?;
            Ok(Outcome::Done)
        })?;
        steps.attempt("tests in the browser", || browser_tests(&machine, &binary, &chromium, tally));
    }
    Ok(())
}

/// The versions to run the SQL on. What cannot be had is said aloud.
fn store_versions(end2end: &Path, machine: &Binaries) -> Vec<Binaries> {
    let mut versions = Vec::new();
    for package in POSTGRES_PACKAGES {
        match postgres::of_package(&end2end.join("node_modules").join(package)) {
            Ok(binaries) => versions.push(binaries),
            Err(error) => println!("    the SQL is not tested on {package}: {error:#}"),
        }
    }
    if versions.is_empty() {
        println!("    the SQL is tested on Postgres {} of this machine instead", machine.version);
        versions.push(machine.clone());
    }
    versions
}

#[derive(Clone, Copy)]
enum Crates {
    /// With a stress test of this length.
    Store {
        stress: &'static str,
    },
    AllButStore,
}

fn crate_tests(binaries: &Binaries, crates: Crates, tally: &mut Tally) -> Result<Outcome> {
    let cluster = ThrowAway::start_with(binaries, &postgres::PREPARES_TRANSACTIONS)?;
    let mut cargo = tools::cargo();
    if tools::find("cargo-nextest").is_some() {
        let filter = match crates {
            Crates::Store { .. } => "package(store)",
            Crates::AllButStore => "not package(store)",
        };
        cargo.args(["nextest", "run", "--no-fail-fast"]).args(NATIVE).args(["--filterset", filter]);
    } else {
        cargo.args(["test", "--no-fail-fast", "--all-targets"]);
        match crates {
            Crates::Store { .. } => cargo.args(["--package", "store"]),
            Crates::AllButStore => cargo.args(NATIVE).args(["--exclude", "store"]),
        };
    }
    if let Crates::Store { stress } = crates {
        cargo.env("TIDEMARK_STRESS", stress);
    }
    tally.run(cargo.env("DATABASE_URL", cluster.url()))
}

fn documentation_tests(tally: &mut Tally) -> Result<Outcome> {
    tally.run(tools::cargo().args(["test", "--doc"]).args(NATIVE))
}

fn browser_tests(machine: &Binaries, binary: &Path, chromium: &Path, tally: &mut Tally) -> Result<Outcome> {
    let cluster = ThrowAway::start(machine)?;
    tally.run(&mut tools::playwright(binary, chromium, cluster.url())?)
}
