//! `tidemark demo`: made-up history, then the dashboard over a live trickle.

use std::process::ExitCode;

use tokio_util::sync::CancellationToken;

use crate::{
    access::settings::Anonymous,
    commands::serve,
    database::Database,
    demo,
    settings::{DatabaseArgs, DemoServeArgs, ServeArgs},
    statements::Meter,
};

/// Loads the history where there is none, then serves.
pub async fn run(
    database: &DatabaseArgs,
    args: DemoServeArgs,
    meter: Meter,
    stop: CancellationToken,
) -> anyhow::Result<ExitCode> {
    Database::with_migrated(database, &stop, async |pool| demo::load_history(pool, &args.demo).await).await?;
    if args.history_only {
        return Ok(ExitCode::SUCCESS);
    }
    let mut args = ServeArgs { trickle: true, ..args.serve };
    // Made-up data on this machine alone is no secret.
    if args.addr.ip().is_loopback() {
        args.access.anonymous.get_or_insert(Anonymous::Viewer);
    }
    serve::run(database, args, meter, stop).await
}
