//! Brings the schema of a database up to date, or adopts one that is already in use.

mod indexes;

pub(crate) use indexes::missing as missing_indexes;
use std::{fmt, time::Duration};

use sqlx::{PgConnection, migrate::Migrator};

use crate::{
    Pool, StoreError, build,
    error::OLDEST_SERVER,
    patience::{Patience, prepare},
    pool::{self, connect_alone},
};

/// What migrating changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// The migrations that were applied now, as `0001 source tables`.
    pub applied: Vec<String>,
    /// Why what was counted before cannot be trusted: then everything is counted anew.
    pub distrusted: Vec<String>,
    /// Indexes on `action_results` that were made now.
    pub indexes_made: Vec<String>,
    /// Indexes on `action_results` that could not be made: without them the overview is slow to load.
    pub indexes_missing: Vec<String>,
    /// Indexes on `action_results` that Tidemark made once, and that others do the work of now.
    pub indexes_dropped: Vec<String>,
}

/// Applies all migrations that are not applied yet, each in one transaction, then makes the indexes on `action_results`
/// that Tidemark reads by, without blocking writers. Running it again, or from two servers at once, changes nothing more.
/// What was in the table before is to be counted afterwards, by [`build::run`], and so is everything when the rollups
/// cannot be trusted any more.
///
/// # Errors
/// When the server is too old, the database holds what cannot be adopted (the error lists it), somebody else holds a
/// lock for minutes, or a migration fails. A migration that fails changes nothing.
pub async fn migrate(pool: &Pool) -> Result<MigrationReport, StoreError> {
    let mut report = MigrationReport { applied: apply_with_patience(pool).await?, ..MigrationReport::default() };
    report.distrusted = build::begin_where_distrusted(pool).await?;
    indexes::make(pool, &mut report).await?;
    Ok(report)
}

/// Applies the migrations, as often as others stand in the way; returns which were new.
async fn apply_with_patience(pool: &Pool) -> Result<Vec<String>, StoreError> {
    let mut connection = pool.acquire().await?;
    let before = list_applied(&mut connection).await?;
    drop(connection);
    let mut patience = Patience::default();
    while let Err(error) = attempt_migration(pool, patience.lock_timeout()).await {
        patience.wait(error).await?;
    }
    let is_new = |version| !before.iter().any(|(applied, _)| *applied == version);
    let migrator = migrator();
    let applied = migrator.iter().filter(|migration| is_new(migration.version));
    Ok(applied.map(|migration| format!("{:04} {}", migration.version, migration.description)).collect())
}

/// Whether all migrations are applied, and no other ones.
///
/// # Errors
/// When the database does not answer.
pub async fn is_current(pool: &Pool) -> Result<bool, StoreError> {
    let mut connection = pool.acquire().await?;
    let applied = list_applied(&mut connection).await?;
    let known = migrator().iter().map(|migration| (migration.version, migration.checksum.to_vec())).collect::<Vec<_>>();
    Ok(applied == known)
}

/// The migrations of this binary. What was applied is kept beside Tidemark's own tables: an adopted database may have
/// migrations of its own.
fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("../../migrations");
    migrator.dangerous_set_table_name("tidemark.migrations");
    migrator.create_schema("tidemark");
    migrator
}

/// On a connection of its own, since the lock that keeps other servers out lasts as long as that.
async fn attempt_migration(pool: &Pool, lock_timeout: Duration) -> Result<(), StoreError> {
    let mut connection = connect_alone(pool).await?;
    let applied = apply(&mut connection, lock_timeout).await;
    pool::close(connection).await;
    applied
}

async fn apply(connection: &mut PgConnection, lock_timeout: Duration) -> Result<(), StoreError> {
    let server = sqlx::query_file!("sql/schema/find_server_version.sql").fetch_one(&mut *connection).await?;
    if server.number < OLDEST_SERVER {
        return Err(StoreError::ServerTooOld(server.name));
    }
    prepare(connection, lock_timeout).await?;
    migrator().run_direct(None, connection, false).await.map_err(StoreError::of_migration)
}

/// The migrations that were applied, oldest first; none where Tidemark has never been.
async fn list_applied(connection: &mut PgConnection) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    // Not checked at compile time: the table is made by the migrator itself.
    let listed = sqlx::query_as(include_str!("../sql/schema/list_applied_migrations.sql")).fetch_all(connection).await;
    match listed {
        Err(sqlx::Error::Database(error)) if error.code().is_some_and(|code| code == "42P01" || code == "3F000") => {
            Ok(Vec::new())
        }
        listed => Ok(listed?),
    }
}

impl fmt::Display for MigrationReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = [
            ("applied", &self.applied),
            ("to be counted anew:", &self.distrusted),
            ("made index", &self.indexes_made),
            ("could not make index", &self.indexes_missing),
            ("dropped index", &self.indexes_dropped),
        ];
        let lines = groups.iter().flat_map(|(what, names)| names.iter().map(move |name| format!("{what} {name}")));
        let lines = lines.collect::<Vec<_>>().join("\n");
        formatter.write_str(if lines.is_empty() { "The schema is up to date." } else { &lines })
    }
}
