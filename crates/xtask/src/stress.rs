//! `cargo xtask stress`: the stress test of the refresh engine alone, for as long as wanted.

use crate::postgres::{self, ThrowAway};
use crate::step::command;
use crate::tools;
use anyhow::Result;

/// How to stress.
#[derive(clap::Args)]
pub struct Arguments {
    /// How long, such as 30s, 10m or 2h
    #[arg(long = "for", default_value = "10m")]
    length: String,
    /// The same seed makes writers do the same
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs it on the Postgres of this machine.
pub fn run(arguments: &Arguments) -> Result<()> {
    let cluster = ThrowAway::start_with(&postgres::of_machine()?, &postgres::PREPARES_TRANSACTIONS)?;
    let mut cargo = tools::cargo();
    cargo.args(["test", "--package", "store", "--test", "engine", "--", "under_stress", "--nocapture"]);
    cargo.env("TIDEMARK_STRESS", &arguments.length).env("TIDEMARK_SEED", arguments.seed.to_string());
    command(cargo.env("DATABASE_URL", cluster.url()))
}
