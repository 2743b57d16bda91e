//! `cargo xtask bench`: figures of the running product, each against a baseline of the same run.

mod browser;
mod pages;
mod refresh;
mod served;

use anyhow::Result;

/// What to measure.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Time to the last byte of every page, cached and not, against that of /healthz
    Pages(pages::Arguments),
    /// How the overview feels in the browser of a slow computer
    Browser,
    /// The refresh engine against full refreshes of plain views: refreshes, inserts and reads
    Refresh(refresh::Arguments),
}

/// Measures and prints a table.
pub fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.what {
        What::Pages(arguments) => pages::run(arguments),
        What::Browser => browser::run(),
        What::Refresh(arguments) => refresh::run(arguments),
    }
}
