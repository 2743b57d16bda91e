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
    /// Other transactions stood in the way, each time it was tried. Nothing was changed.
    #[error("other transactions held locks that are needed, {attempts} times in a row; nothing was changed")]
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
        if let Some(refusal) = refusal(cause) {
            return Self::Refused(refusal);
        }
        match error {
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) if is_connection_lost(&cause) => {
                Self::Unreachable(cause)
            }
            error => Self::Migration(Box::new(error)),
        }
    }

    /// Whether it failed for what somebody else does at the same time, so that it may work a little later.
    pub(crate) fn is_in_the_way(&self) -> bool {
        match self {
            Self::Migration(error) => match error.as_ref() {
                MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => is_in_the_way(cause),
                _ => false,
            },
            Self::Query(cause) => is_in_the_way(cause),
            _ => false,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Configuration(cause) => Self::Address(cause.to_string()),
            error if is_connection_lost(&error) => Self::Unreachable(error),
            error => match refusal(&error) {
                Some(refusal) => Self::Refused(refusal),
                None => Self::Query(error),
            },
        }
    }
}

/// What the migrations say when they refuse to go on.
fn refusal(error: &sqlx::Error) -> Option<String> {
    let cause = error.as_database_error().filter(|cause| cause.code().as_deref() == Some(REFUSED))?;
    Some(cause.message().to_owned())
}

/// Lock not available, a deadlock that was broken, or a snapshot that somebody else's change made too old.
fn is_in_the_way(error: &sqlx::Error) -> bool {
    sqlstate(error).is_some_and(|code| ["55P03", "40P01", "40001"].contains(&code.as_str()))
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
