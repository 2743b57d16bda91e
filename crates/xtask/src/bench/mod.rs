//! `cargo xtask bench`: figures of the running product, each against a baseline of the same run.

mod page;
mod refresh;

use anyhow::Result;

/// What to measure.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Time to the first byte of the overview, against that of /healthz
    Page,
    /// The refresh engine against full refreshes of plain views: refreshes, inserts and reads
    Refresh(refresh::Arguments),
}

/// Measures and prints a table.
pub fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.what {
        What::Page => page::run(),
        What::Refresh(arguments) => refresh::run(arguments),
    }
}
