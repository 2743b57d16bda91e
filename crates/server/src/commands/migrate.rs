//! `tidemark migrate`: makes the schema, or brings it up to date.

use std::process::ExitCode;

use crate::{database::Database, settings::DatabaseArgs};

/// Migrates, and says what changed.
pub async fn run(database: &DatabaseArgs) -> anyhow::Result<ExitCode> {
    let database = Database::open(database).await?;
    let migrated = store::schema::migrate(&database.pool).await;
    database.close().await;
    println!("{}", migrated?);
    Ok(ExitCode::SUCCESS)
}
