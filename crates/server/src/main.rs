//! The `tidemark` binary: settings, command line, HTTP. Everything else lives in the crates below it.
#![recursion_limit = "256"]

mod access;
mod audience;
mod commands;
mod database;
mod demo;
mod exports;
mod housekeeping;
mod http;
mod import;
mod live;
mod logs;
mod progress;
mod settings;
mod site;
mod statements;
mod views;
mod warm;

use std::process::ExitCode;

use clap::Parser;
use store::StoreError;

use crate::settings::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("tidemark: {}", in_one_line(&error));
            ExitCode::from(2)
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let meter = logs::start()?;
    commands::run(cli, meter).await
}

/// An error with its causes. That of the store tells its own causes, in fewer words than they do.
fn in_one_line(error: &anyhow::Error) -> String {
    let mut words = Vec::new();
    for cause in error.chain() {
        words.push(cause.to_string());
        if cause.is::<StoreError>() {
            break;
        }
    }
    words.join(": ")
}
