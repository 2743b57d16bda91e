//! `tidemark migrate`: makes the schema, or brings it up to date.

use std::process::ExitCode;

use tokio_util::sync::CancellationToken;

use crate::{
    database::{Database, migrate},
    settings::DatabaseArgs,
};

/// Migrates, and says what changed.
pub async fn run(database: &DatabaseArgs, stop: CancellationToken) -> anyhow::Result<ExitCode> {
    let report = Database::with(database, &stop, async |pool| migrate(pool).await).await?;
    println!("{report}");
    Ok(ExitCode::SUCCESS)
}
