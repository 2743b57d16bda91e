//! `tidemark import`: brings rows in from files.

use std::process::ExitCode;

use crate::{
    database::Database,
    import::{self, ImportArgs},
    settings::DatabaseArgs,
};

/// Imports into a migrated database.
pub async fn run(database: &DatabaseArgs, args: ImportArgs) -> anyhow::Result<ExitCode> {
    let database = Database::open_migrated(database).await?;
    let imported = import::run(args, &database.pool).await;
    database.close().await;
    imported.map(|_| ExitCode::SUCCESS)
}
