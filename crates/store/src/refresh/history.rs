//! How the refreshes of the last days went, and how far the one is that is under way.

use chrono::{TimeDelta, Utc};
use domain::refreshes::{DAYS, FailedRefresh, Running, ViewDay};

use crate::{Pool, StoreError};

/// Failures that are told, at most.
const TOLD: i64 = 20;

/// The days of each view and what failed, of the last [`DAYS`].
///
/// # Errors
/// When the database does not answer.
pub async fn history(pool: &Pool) -> Result<(Vec<ViewDay>, Vec<FailedRefresh>), StoreError> {
    let since = Utc::now() - TimeDelta::days(DAYS);
    let days = sqlx::query_file_as!(ViewDay, "sql/refresh/list_days_of_views.sql", since).fetch_all(pool).await?;
    let failures = sqlx::query_file_as!(FailedRefresh, "sql/refresh/list_failures_of_views.sql", since, TOLD);
    Ok((days, failures.fetch_all(pool).await?))
}

/// The refresh that is under way, whoever began it.
///
/// # Errors
/// When the database does not answer.
pub async fn running(pool: &Pool) -> Result<Option<Running>, StoreError> {
    Ok(sqlx::query_file_as!(Running, "sql/refresh/find_running.sql").fetch_optional(pool).await?)
}
