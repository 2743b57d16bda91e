//! `tidemark demo`: made-up history, then the dashboard over a live trickle.

use std::process::ExitCode;

use tokio_util::sync::CancellationToken;

use crate::{
    commands::serve,
    database::Database,
    demo,
    settings::{DatabaseArgs, DemoServeArgs, ServeArgs},
};

/// Loads the history where there is none, then serves.
pub async fn run(database: &DatabaseArgs, args: DemoServeArgs, stop: CancellationToken) -> anyhow::Result<ExitCode> {
    Database::with_migrated(database, &stop, async |pool| demo::load_history(pool, &args.demo).await).await?;
    if args.history_only {
        return Ok(ExitCode::SUCCESS);
    }
    serve::run(database, ServeArgs { trickle: true, ..args.serve }, stop).await
}
