//! What can go wrong with the database, told apart by what somebody can do about it.

use sqlx::migrate::MigrateError;

/// The oldest Postgres that Tidemark works with, as `server_version_num` counts.
pub(crate) const OLDEST_SERVER: i32 = 140_000;

/// SQLSTATE with which the migrations refuse to adopt what they cannot keep.
const REFUSED: &str = "TM001";

/// What went wrong. No variant ever carries a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The address of the database cannot be understood.
    #[error("this is not the address of a database: {0}; it should look like postgres://user:password@host:5432/name")]
    Address(String),
    /// No connection came about. The text says where to, without the password.
    #[error("cannot connect to the database at {address}: {}", without_prefix(.source))]
    Connect {
        /// Host, port and name of the database.
        address: String,
        /// Why not.
        source: sqlx::Error,
    },
    /// The database does not answer: it is down, restarting, full, or the network is gone. Trying again may help.
    #[error("the database does not answer: {}", without_prefix(.0))]
    Unreachable(#[source] sqlx::Error),
    /// This Postgres is too old.
    #[error("PostgreSQL {0} is too old: Tidemark needs 14 or newer")]
    ServerTooOld(String),
    /// The database holds something that Tidemark would have to change or drop to go on; the text lists it.
    #[error("{0}")]
    Refused(String),
    /// Other transactions held locks that a migration needs, each time it was tried. Nothing was changed.
    #[error("other transactions held locks that the migration needs, {attempts} times in a row; nothing was changed")]
    Locked {
        /// How often it was tried.
        attempts: u32,
    },
    /// A migration failed. Migrations before it are done, it left nothing behind.
    #[error("a migration failed: {0}")]
    Migration(#[source] Box<MigrateError>),
    /// A query failed.
    #[error("{}", without_prefix(.0))]
    Query(#[source] sqlx::Error),
}

impl StoreError {
    /// A database that has not answered in time, by the clock of whoever asked.
    #[must_use]
    pub fn from_silence() -> Self {
        Self::Unreachable(std::io::Error::from(std::io::ErrorKind::TimedOut).into())
    }

    /// Whether the database does not answer, rather than having answered with an error. What was known stays true, and
    /// trying again later may help.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Connect { source, .. } => is_connection_lost(source),
            _ => false,
        }
    }

    /// What to make of a migration that failed: the causes that people can do something about have their own variants.
    pub(crate) fn of_migration(error: MigrateError) -> Self {
        let cause = match &error {
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => cause,
            _ => return Self::Migration(Box::new(error)),
        };
        if let Some(refusal) = cause.as_database_error().filter(|cause| cause.code().as_deref() == Some(REFUSED)) {
            return Self::Refused(refusal.message().to_owned());
        }
        match error {
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) if is_connection_lost(&cause) => {
                Self::Unreachable(cause)
            }
            error => Self::Migration(Box::new(error)),
        }
    }

    /// Whether it failed for a lock that somebody else holds.
    pub(crate) fn is_lock_timeout(&self) -> bool {
        match self {
            Self::Migration(error) => match error.as_ref() {
                MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => is_lock_timeout(cause),
                _ => false,
            },
            Self::Query(cause) => is_lock_timeout(cause),
            _ => false,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Configuration(cause) => Self::Address(cause.to_string()),
            error if is_connection_lost(&error) => Self::Unreachable(error),
            error => Self::Query(error),
        }
    }
}

/// Lock not available, or a deadlock that was broken.
fn is_lock_timeout(error: &sqlx::Error) -> bool {
    sqlstate(error).is_some_and(|code| code == "55P03" || code == "40P01")
}

fn is_connection_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // Connection exceptions, too many connections, shut down, crashed, starting up, database being dropped.
        error => sqlstate(error).is_some_and(|code| {
            code.starts_with("08") || ["53300", "57P01", "57P02", "57P03", "57P04"].contains(&code.as_str())
        }),
    }
}

fn sqlstate(error: &sqlx::Error) -> Option<String> {
    error.as_database_error()?.code().map(std::borrow::Cow::into_owned)
}

/// What the database said, without the driver's words around it.
fn without_prefix(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(cause) => cause.message().to_owned(),
        sqlx::Error::Io(cause) => cause.to_string(),
        other => other.to_string(),
    }
}
