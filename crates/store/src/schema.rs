//! Brings the schema of a database up to date, or adopts one that is already in use.

mod indexes;

use std::{fmt, time::Duration};

use sqlx::{PgConnection, migrate::Migrator};

use crate::{
    Pool, StoreError,
    error::OLDEST_SERVER,
    pool::{self, connect_alone},
};

/// How long a migration waits for a lock. Whoever comes after it queues behind it meanwhile, so this is short.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// How often a migration is tried before it gives up; with the pauses that is about two minutes.
const ATTEMPTS: u32 = 20;

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What migrating changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// The migrations that were applied now, as `0001 source tables`.
    pub applied: Vec<String>,
    /// Indexes on `action_results` that were made now.
    pub indexes_made: Vec<String>,
    /// Indexes on `action_results` that could not be made: without them the overview is slow to load.
    pub indexes_missing: Vec<String>,
}

/// Applies all migrations that are not applied yet, each in one transaction, then makes the indexes on `action_results`
/// that Tidemark reads by, without blocking writers. Running it again, or from two servers at once, changes nothing more.
///
/// # Errors
/// When the server is too old, the database holds what cannot be adopted (the error lists it), somebody else holds a
/// lock for minutes, or a migration fails. A migration that fails changes nothing.
pub async fn migrate(pool: &Pool) -> Result<MigrationReport, StoreError> {
    let mut report = MigrationReport::default();
    let mut attempt = 1;
    loop {
        match attempt_migration(pool).await {
            Ok(applied) => report.applied.extend(applied),
            Err(error) if !error.is_lock_timeout() => return Err(error),
            Err(_) if attempt >= ATTEMPTS => return Err(StoreError::Locked { attempts: attempt }),
            Err(_) => {
                tracing::info!(attempt, "another transaction holds a lock that the migration needs; trying again");
                tokio::time::sleep((Duration::from_millis(250) * attempt).min(LONGEST_PAUSE)).await;
                attempt += 1;
                continue;
            }
        }
        break;
    }
    indexes::make(pool, &mut report).await?;
    Ok(report)
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
async fn attempt_migration(pool: &Pool) -> Result<Vec<String>, StoreError> {
    let mut connection = connect_alone(pool).await?;
    let applied = apply(&mut connection).await;
    pool::close(connection).await;
    applied
}

async fn apply(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let server = sqlx::query_file!("sql/schema/find_server_version.sql").fetch_one(&mut *connection).await?;
    if server.number < OLDEST_SERVER {
        return Err(StoreError::ServerTooOld(server.name));
    }
    prepare(connection, LOCK_TIMEOUT).await?;
    let before = list_applied(connection).await?;
    let migrator = migrator();
    migrator.run_direct(None, connection, false).await.map_err(StoreError::of_migration)?;
    let is_new = |version| !before.iter().any(|(applied, _)| *applied == version);
    let applied = migrator.iter().filter(|migration| is_new(migration.version));
    Ok(applied.map(|migration| format!("{:04} {}", migration.version, migration.description)).collect())
}

/// Sets how long this session waits for a lock.
async fn prepare(connection: &mut PgConnection, lock_timeout: Duration) -> Result<(), StoreError> {
    sqlx::query_file!("sql/schema/prepare_session.sql", lock_timeout.as_millis().to_string())
        .fetch_one(connection)
        .await?;
    Ok(())
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
        if self.applied.is_empty() && self.indexes_made.is_empty() && self.indexes_missing.is_empty() {
            return formatter.write_str("The schema is up to date.");
        }
        let groups = [
            ("applied", &self.applied),
            ("made index", &self.indexes_made),
            ("could not make index", &self.indexes_missing),
        ];
        let lines = groups.iter().flat_map(|(what, names)| names.iter().map(move |name| format!("{what} {name}")));
        formatter.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}
