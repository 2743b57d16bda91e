//! Connections to the database.

use std::time::Duration;

use log::LevelFilter;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{Pool, StoreError, patience::prepare};

/// How long a statement that runs alone waits for a lock: an index that is made waits for older transactions.
const LOCK_PATIENCE: Duration = Duration::from_secs(60);

/// How many connections, and how patient they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolSettings {
    /// Connections at most. The one that listens for refreshes is among them.
    pub max_connections: u32,
    /// How long to wait for a free or a new connection.
    pub acquire_timeout: Duration,
    /// How long one statement may take; a refresh has a limit of its own. Zero is no limit.
    pub statement_timeout: Duration,
    /// What `pg_stat_activity` calls the connections.
    pub application_name: String,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            max_connections: 10,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            application_name: "tidemark".to_owned(),
        }
    }
}

/// Connects to `postgres://user:password@host:port/database`, and makes sure that the database answers.
///
/// # Errors
/// When the address cannot be understood, or nothing answers there within the settings' `acquire_timeout`.
pub async fn connect(url: &str, settings: &PoolSettings) -> Result<Pool, StoreError> {
    let pool = connect_lazy(url, settings)?;
    // A pool would keep trying until its time is up and then not tell what went wrong, so the first attempt is its own.
    let probe = connect_alone(&pool).await?;
    close(probe).await;
    Ok(pool)
}

/// Makes a pool that connects when it is first used.
///
/// # Errors
/// When the address cannot be understood.
pub fn connect_lazy(url: &str, settings: &PoolSettings) -> Result<Pool, StoreError> {
    let options: PgConnectOptions = url.parse()?;
    let options = options
        .application_name(&settings.application_name)
        .options([("statement_timeout", settings.statement_timeout.as_millis())])
        // For whoever adds up how long statements take; a slow one is no reason to say more, refreshes may be slow.
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Trace, Duration::MAX);
    Ok(PgPoolOptions::new()
        .max_connections(settings.max_connections)
        .acquire_timeout(settings.acquire_timeout)
        .connect_lazy_with(options))
}

/// A connection of its own, outside of the pool: what it holds ends when it is dropped.
pub(crate) async fn connect_alone(pool: &Pool) -> Result<sqlx::PgConnection, StoreError> {
    let options = pool.connect_options();
    let connecting = <sqlx::PgConnection as sqlx::Connection>::connect_with(&options);
    let connected = tokio::time::timeout(pool.options().get_acquire_timeout(), connecting).await;
    let connected = connected.unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()));
    connected.map_err(|source| StoreError::Connect { address: address(&options), source })
}

/// Host, port and name of the database.
fn address(options: &PgConnectOptions) -> String {
    let host = options.get_socket().map_or(options.get_host().to_owned(), |socket| socket.display().to_string());
    format!("{host}:{}/{}", options.get_port(), options.get_database().unwrap_or(options.get_username()))
}

/// Runs a statement outside of the pool, for as long as it takes, and waits for no lock longer than others can bear. Its
/// connection is one that the pool has, if it has any: what is run may be what makes room for further ones.
pub(crate) async fn run_alone(pool: &Pool, statement: &str) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await?.detach();
    prepare(&mut connection, LOCK_PATIENCE).await?;
    // Written by the database itself, from names in its catalog.
    let ran = sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await;
    close(connection).await;
    ran?;
    Ok(())
}

/// Says goodbye; when that fails, the database notices that the connection is gone by itself.
pub(crate) async fn close(connection: sqlx::PgConnection) {
    if let Err(error) = sqlx::Connection::close(connection).await {
        tracing::debug!(%error, "a connection was not closed cleanly");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_bad_address_is_told_without_its_password() {
        for url in
            ["postgres://user:sesame@host:notaport/db", "mysql//user:sesame@", "sesame", "postgres://a:sesame@[/"]
        {
            let error = connect_lazy(url, &PoolSettings::default()).err();
            let told = format!("{error:?} {}", error.as_ref().map(ToString::to_string).unwrap_or_default());
            assert!(!told.contains("sesame"), "{url}: {told}");
        }
    }

    #[tokio::test]
    async fn nothing_listening_is_unreachable_and_told_without_the_password() {
        let url = "postgres://user:sesame@127.0.0.1:1/db";
        let error = connect(url, &PoolSettings::default()).await.unwrap_err();
        assert!(error.is_unreachable() && !format!("{error:?}").contains("sesame"), "{error:?}");
        let told = error.to_string();
        assert!(told.starts_with("cannot connect to the database at 127.0.0.1:1/db: Connection refused"), "{told}");
    }
}
