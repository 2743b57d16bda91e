//! How fresh the views are, how far the counts reach, and who holds them back.

use chrono::{DateTime, Utc};
use domain::{
    freshness::{ViewFailure, ViewStatus},
    frontier::{Build, Holder, QUERY_CHARACTERS},
    spending::TOLD_OVER,
};

use crate::{Pool, StoreError};

/// What the database knows of its freshness.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observation {
    /// The oldest of the four views' moments; `None` before all views were refreshed once.
    pub views_as_of: Option<DateTime<Utc>>,
    /// The first count of everything, while it is under way.
    pub build: Option<Build>,
    /// The oldest transaction that wrote and is still open.
    pub holder: Option<Holder>,
    /// The newest refresh that failed, unless it was made good since.
    pub failure: Option<RefreshFailure>,
}

/// A refresh that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshFailure {
    /// When it began.
    pub at: DateTime<Utc>,
    /// Which view; `None` when the whole run failed.
    pub view_name: Option<String>,
    /// What the database said.
    pub message: String,
}

/// Looks how fresh everything is, without reading any of it.
///
/// # Errors
/// When the database does not answer, or is not migrated.
pub async fn observe(pool: &Pool) -> Result<Observation, StoreError> {
    let mut connection = pool.acquire().await?;
    let views = sqlx::query_file_scalar!("sql/freshness/find_views_moment.sql");
    let build = sqlx::query_file_as!(Build, "sql/freshness/find_build.sql");
    let holder = sqlx::query_file_as!(Holder, "sql/freshness/find_holder.sql", QUERY_CHARACTERS);
    let failure = sqlx::query_file_as!(RefreshFailure, "sql/freshness/find_last_failure.sql");
    Ok(Observation {
        views_as_of: views.fetch_optional(&mut *connection).await?,
        build: build.fetch_optional(&mut *connection).await?,
        holder: holder.fetch_optional(&mut *connection).await?,
        failure: failure.fetch_optional(&mut *connection).await?,
    })
}

/// The state of each of the four views.
///
/// # Errors
/// When the database does not answer, or is not migrated.
pub async fn view_statuses(pool: &Pool) -> Result<Vec<ViewStatus>, StoreError> {
    let rows = sqlx::query_file!("sql/freshness/list_view_statuses.sql").fetch_all(pool).await?;
    let statuses = rows.into_iter().map(|row| ViewStatus {
        view_name: row.view_name,
        row_count: row.row_count,
        size_bytes: row.size_bytes,
        last_refresh: row.last_refresh,
        last_duration_ms: row.last_duration_ms,
        last_failure: row.failed_at.map(|at| ViewFailure { at, message: row.failure_message.unwrap_or_default() }),
    });
    Ok(statuses.collect())
}

/// The share of one core that refreshes took in the database over the last [`TOLD_OVER`], as the log has it. Servers know
/// more: their folds, looks and drawings, too.
///
/// # Errors
/// When the database does not answer, or is not migrated.
pub async fn spent_on_refreshes(pool: &Pool) -> Result<f64, StoreError> {
    let spent = sqlx::query_file_scalar!("sql/freshness/sum_spent.sql", TOLD_OVER.as_secs_f64());
    Ok(spent.fetch_one(pool).await?)
}
