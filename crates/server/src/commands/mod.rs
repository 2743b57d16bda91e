//! The commands of the `tidemark` binary, one file each.

mod demo;
mod doctor;
mod import;
mod key;
mod migrate;
mod rebuild;
mod refresh;
mod serve;
mod status;
mod table;
mod user;
mod validate;

use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::{
    settings::{Cli, Command},
    statements::Meter,
};

/// Runs the command that was asked for.
pub async fn run(cli: Cli, meter: Meter) -> anyhow::Result<ExitCode> {
    let (database, stop) = (cli.database, stop_signal()?);
    match cli.command {
        Command::Serve(args) => serve::run(&database, args, meter, stop).await,
        Command::Demo(args) => demo::run(&database, args, meter, stop).await,
        Command::Import(args) => import::run(&database, args, stop).await,
        Command::Migrate => migrate::run(&database, stop).await,
        Command::Refresh(args) => refresh::run(&database, &args, stop).await,
        Command::Status(args) => status::run(&database, &args, stop).await,
        Command::Validate(args) => validate::run(&database, &args, stop).await,
        Command::Rebuild(args) => rebuild::run(&database, &args, stop).await,
        Command::Doctor(args) => doctor::run(&database, &args, stop).await,
        Command::User(command) => user::run(&database, command, stop).await,
        Command::Key(command) => key::run(&database, command, stop).await,
    }
}

/// Cancelled by the first SIGTERM or SIGINT. A second one ends the process at once.
fn stop_signal() -> anyhow::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let cancelled = stop.clone();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        tracing::info!("stopping: what is under way may finish");
        cancelled.cancel();
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        tracing::warn!("stopped at once");
        std::process::exit(130);
    });
    Ok(stop)
}
