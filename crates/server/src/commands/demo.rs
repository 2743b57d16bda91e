//! `tidemark demo`: made-up history, then the dashboard over a live trickle.

use std::process::ExitCode;

use crate::{
    commands::serve,
    database::Database,
    demo,
    settings::{DatabaseArgs, DemoServeArgs, ServeArgs},
};

/// Loads the history where there is none, then serves.
pub async fn run(database: &DatabaseArgs, args: DemoServeArgs) -> anyhow::Result<ExitCode> {
    let opened = Database::open_migrated(database).await?;
    let loaded = demo::load_history(&opened.pool, &args.demo).await;
    opened.close().await;
    loaded?;
    if args.history_only {
        return Ok(ExitCode::SUCCESS);
    }
    serve::run(database, ServeArgs { trickle: true, ..args.serve }).await
}
