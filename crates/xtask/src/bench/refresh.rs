//! `cargo xtask bench refresh`: starts a Postgres for it and runs the bench `refresh` of `store`, the home of all SQL.

use crate::postgres::{self, ThrowAway};
use crate::step::command;
use crate::tools;
use anyhow::Result;

/// Settings of a small server of its own, so that 10 million rows don't wait for checkpoints all the time.
pub(super) const PARAMETERS: [(&str, &str); 5] = [
    ("shared_buffers", "2GB"),
    ("work_mem", "32MB"),
    ("maintenance_work_mem", "512MB"),
    ("max_wal_size", "8GB"),
    ("checkpoint_timeout", "30min"),
];

/// What to measure.
#[derive(clap::Args)]
pub struct Arguments {
    /// How many executions there are; one after the other
    #[arg(long, value_delimiter = ',', default_values_t = [1_000_000, 10_000_000])]
    rows: Vec<u32>,
    /// How many triggers there are
    #[arg(long, default_value_t = 1_000)]
    triggers: u32,
}

/// Measures, and prints tables in Markdown.
pub fn run(arguments: &Arguments) -> Result<()> {
    let cluster = ThrowAway::start_with(&postgres::of_machine()?, &PARAMETERS)?;
    let rows: Vec<String> = arguments.rows.iter().map(u32::to_string).collect();
    let mut cargo = tools::cargo();
    cargo.args(["bench", "--package", "store", "--bench", "refresh", "--", "--rows", &rows.join(",")]);
    cargo.args(["--triggers", &arguments.triggers.to_string()]);
    command(cargo.env("DATABASE_URL", cluster.url()))
}
