//! The commands of the `tidemark` binary, one file each.

mod demo;
mod import;
mod migrate;
mod refresh;
mod serve;
mod status;
mod table;

use std::process::ExitCode;

use crate::settings::{Cli, Command};

/// Runs the command that was asked for.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let database = cli.database;
    match cli.command {
        Command::Serve(args) => serve::run(&database, args).await,
        Command::Demo(args) => demo::run(&database, args).await,
        Command::Import(args) => import::run(&database, args).await,
        Command::Migrate => migrate::run(&database).await,
        Command::Refresh(args) => refresh::run(&database, &args).await,
        Command::Status(args) => status::run(&database, &args).await,
    }
}
