//! How fresh the views are.

use chrono::{DateTime, Utc};
use domain::freshness::{ViewFailure, ViewStatus};

use crate::{Pool, StoreError};

/// What the database knows of the age of the data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observation {
    /// The newest refresh that succeeded; 0 before all views were refreshed once.
    pub data_version: i64,
    /// The oldest of the four views' moments; `None` before all views were refreshed once.
    pub data_as_of: Option<DateTime<Utc>>,
    /// The newest execution in the views.
    pub newest_execution_at: Option<DateTime<Utc>>,
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

/// Looks how old the data is, without reading any of it.
///
/// # Errors
/// When the database does not answer, or is not migrated.
pub async fn observe(pool: &Pool) -> Result<Observation, StoreError> {
    let moment = sqlx::query_file!("sql/overview/find_moment.sql").fetch_optional(pool).await?;
    let failure = sqlx::query_file_as!(RefreshFailure, "sql/freshness/find_last_failure.sql");
    let mut observation = Observation { failure: failure.fetch_optional(pool).await?, ..Observation::default() };
    if let Some(moment) = moment {
        observation.data_version = moment.data_version;
        observation.data_as_of = Some(moment.data_as_of);
        observation.newest_execution_at =
            sqlx::query_file_scalar!("sql/freshness/find_newest_execution.sql", moment.data_as_of)
                .fetch_one(pool)
                .await?;
    }
    Ok(observation)
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
