//! `tidemark import`: brings rows in from files.

use std::process::ExitCode;

use tokio_util::sync::CancellationToken;

use crate::{
    database::Database,
    import::{self, ImportArgs},
    settings::DatabaseArgs,
};

/// Imports into a migrated database.
pub async fn run(database: &DatabaseArgs, args: ImportArgs, stop: CancellationToken) -> anyhow::Result<ExitCode> {
    Database::with_migrated(database, &stop, async |pool| import::run(args, pool).await).await?;
    Ok(ExitCode::SUCCESS)
}
