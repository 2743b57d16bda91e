//! The `tidemark` binary: settings, command line, HTTP. Everything else lives in the crates below it.
#![recursion_limit = "256"]

mod commands;
mod database;
mod demo;
mod drawings;
mod http;
mod import;
mod live;
mod logs;
mod settings;
mod site;

use std::process::ExitCode;

use clap::Parser;

use crate::settings::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    logs::start();
    match commands::run(cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("tidemark: {error:#}");
            ExitCode::from(2)
        }
    }
}
