//! Refreshing the views, hearing of it, and who does it.

mod fold;
mod history;
mod leadership;
mod listener;
mod pulse;

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};

pub use fold::{Fold, fold};
pub use history::{history, running};
pub use leadership::{Leadership, lead};
pub use listener::{Listener, listen};
pub use pulse::{Pulse, pulse};

use crate::{Pool, StoreError, pool};

/// How much longer than the database's own limit a refresh is waited for: a network may swallow the answer.
const GRACE: Duration = Duration::from_secs(15);

/// What a refresh did to one view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewRefresh {
    /// The view.
    pub view_name: String,
    /// How long it took.
    pub duration_ms: i32,
    /// Rows in the view afterwards; 0 when it failed.
    pub rows: i64,
    /// Whether it was refreshed.
    pub success: bool,
    /// What the database said when it was not.
    pub error_message: Option<String>,
}

/// Refreshes the four views on a connection of its own. One that fails does not stop the others. When another refresh
/// is under way this waits for it, and takes over its outcome if that began after this call.
///
/// The run is given up after `timeout`, waiting included. Dropping the future closes the connection, and the database
/// gives the run up within seconds.
///
/// # Errors
/// When the run failed as a whole; then nothing was refreshed, which is logged where the database still answers.
pub async fn run(pool: &Pool, asked_by: &str, timeout: Duration) -> Result<Vec<ViewRefresh>, StoreError> {
    run_of(pool, None, asked_by, timeout).await
}

/// The same for one view alone.
///
/// # Errors
/// When there is no such view, and as [`run`].
pub async fn run_one(
    pool: &Pool,
    view_name: &str,
    asked_by: &str,
    timeout: Duration,
) -> Result<Vec<ViewRefresh>, StoreError> {
    run_of(pool, Some(view_name), asked_by, timeout).await
}

async fn run_of(
    pool: &Pool,
    view_name: Option<&str>,
    asked_by: &str,
    timeout: Duration,
) -> Result<Vec<ViewRefresh>, StoreError> {
    let (started_at, begun) = (Utc::now(), Instant::now());
    let mut connection = pool::connect_alone(pool).await?;
    let answered = tokio::time::timeout(timeout + GRACE, run_on(&mut connection, view_name, asked_by, timeout)).await;
    match answered.unwrap_or_else(|_| Err(StoreError::from_silence())) {
        Ok(views) => {
            pool::close(connection).await;
            Ok(views)
        }
        Err(error) => {
            drop(connection);
            record_failure(pool, asked_by, started_at, begun.elapsed(), &error).await;
            Err(error)
        }
    }
}

async fn run_on(
    connection: &mut PgConnection,
    view_name: Option<&str>,
    asked_by: &str,
    timeout: Duration,
) -> Result<Vec<ViewRefresh>, StoreError> {
    let mut transaction = begin(connection, asked_by, timeout).await?;
    let views = match view_name {
        None => sqlx::query_file_as!(ViewRefresh, "sql/refresh/run_refresh.sql").fetch_all(&mut *transaction).await?,
        Some(view_name) => {
            let views = sqlx::query_file_as!(ViewRefresh, "sql/refresh/run_refresh_of_one.sql", view_name);
            views.fetch_all(&mut *transaction).await?
        }
    };
    transaction.commit().await?;
    Ok(views)
}

/// Begins a transaction in which a refresh or a fold can run: it ends soon when nobody waits for it any more.
async fn begin<'a>(
    connection: &'a mut PgConnection,
    asked_by: &str,
    timeout: Duration,
) -> Result<sqlx::Transaction<'a, sqlx::Postgres>, StoreError> {
    watch_client(connection).await;
    let mut transaction = connection.begin_with(include_str!("../sql/refresh/begin_refresh.sql")).await?;
    sqlx::query_file!("sql/refresh/ask_refresh.sql", asked_by, timeout.as_millis().to_string())
        .fetch_one(&mut *transaction)
        .await?;
    Ok(transaction)
}

/// Has the statements of this session end soon after nobody waits for them any more.
pub(crate) async fn watch_client(connection: &mut PgConnection) {
    let watched = sqlx::query_file!("sql/refresh/watch_client.sql").fetch_one(connection).await;
    if let Err(error) = watched {
        tracing::debug!(%error, "the database cannot watch whether anybody still waits for a statement");
    }
}

/// Leaves a trace of a run that was rolled back with all that it logged itself.
async fn record_failure(pool: &Pool, asked_by: &str, started_at: DateTime<Utc>, took: Duration, error: &StoreError) {
    if error.is_unreachable() {
        return;
    }
    let took_ms = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
    let recorded =
        sqlx::query_file!("sql/refresh/record_failure.sql", started_at, took_ms, asked_by, error.to_string())
            .fetch_one(pool)
            .await;
    if let Err(error) = recorded {
        tracing::warn!(%error, "a failed refresh could not be logged");
    }
}

/// Forgets refreshes that began longer ago than `keep`, but for the newest success of each view; returns how many
/// entries of the log that were.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_old(pool: &Pool, keep: Duration) -> Result<u64, StoreError> {
    let forgotten = sqlx::query_file!("sql/refresh/forget_old_refreshes.sql", keep.as_secs_f64()).execute(pool).await?;
    Ok(forgotten.rows_affected())
}
