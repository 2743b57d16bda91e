//! `tidemark migrate`: makes the schema, or brings it up to date, and counts what is there.

use std::process::ExitCode;

use tokio_util::sync::CancellationToken;

use crate::{
    database::{Database, migrate},
    progress,
    settings::DatabaseArgs,
};

/// Migrates, counts with progress, and says what changed. Stopped in the middle, it goes on there the next time.
pub async fn run(database: &DatabaseArgs, stop: CancellationToken) -> anyhow::Result<ExitCode> {
    Database::with(database, &stop, async |pool| {
        println!("{}", migrate(pool).await?);
        if let Some(done) = progress::build(pool).await? {
            println!("{done}");
        }
        Ok(())
    })
    .await?;
    Ok(ExitCode::SUCCESS)
}
