//! The whole set-up of Tidemark, without a shell script: `cargo xtask run` and `cargo xtask test` are all a new
//! machine needs.

mod bench;
mod check;
mod files;
mod postgres;
mod prepare;
mod product;
mod run;
mod site;
mod step;
mod stress;
mod test;
mod tidy;
mod tools;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// The set-up of Tidemark
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and serve the dashboard over real data, with a Postgres of its own in .tidemark/
    Run(run::Arguments),
    /// Build the whole product: the site of the browser, then the server that carries it
    Build(product::Arguments),
    /// Run every test: of the crates, of the SQL on several Postgres versions, and in a real browser
    Test(test::Arguments),
    /// Check format, lints on both targets, the description of the queries, and the tidy rules
    Check(check::Arguments),
    /// Measure, each figure against a baseline of the same run
    Bench(bench::Arguments),
    /// Stress the refresh engine with writers, refreshes and kills all at once
    Stress(stress::Arguments),
    /// Make the description of the queries (crates/store/.sqlx) anew after a change of SQL
    Prepare,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Build(arguments) => product::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Stress(arguments) => stress::run(&arguments),
        Command::Prepare => prepare::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report(&error),
    }
}

/// One line, the causes joined: what was tried, and what went wrong below it.
fn report(error: &anyhow::Error) -> ExitCode {
    if !error.is::<step::AlreadyTold>() {
        eprintln!("error: {error:#}");
    }
    ExitCode::FAILURE
}

/// The root of the project, whatever directory the command was given in.
fn root() -> &'static std::path::Path {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    crates.and_then(std::path::Path::parent).unwrap_or_else(|| std::path::Path::new("."))
}
