//! What keeps a demonstration alive: rows that echo what ran a week before.

use chrono::{DateTime, Utc};

use crate::{Pool, StoreError};

/// Whether there is neither an action result nor a trigger yet.
///
/// # Errors
/// When a table is missing or the database out of reach.
pub async fn is_empty(pool: &Pool) -> Result<bool, StoreError> {
    Ok(!sqlx::query_file_scalar!("sql/demo/has_data.sql").fetch_one(pool).await?)
}

/// Whether the data here is a demonstration's.
///
/// # Errors
/// When a table is missing or the database out of reach.
pub async fn is_demonstration(pool: &Pool) -> Result<bool, StoreError> {
    Ok(sqlx::query_file_scalar!("sql/demo/is_demonstration.sql").fetch_one(pool).await?)
}

/// When the newest action ran, future ones aside; none in an empty table.
///
/// # Errors
/// When the database is out of reach.
pub async fn newest_execution(pool: &Pool) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(sqlx::query_file_scalar!("sql/demo/find_newest_execution.sql").fetch_optional(pool).await?)
}

/// Copies what ran exactly a week before the span (`after`, `upto`], at most `limit` rows; returns how many are new.
///
/// # Errors
/// When the database is out of reach.
pub async fn echo_last_week(
    pool: &Pool,
    after: DateTime<Utc>,
    upto: DateTime<Utc>,
    limit: i64,
) -> Result<u64, StoreError> {
    let echoed = sqlx::query_file!("sql/demo/echo_last_week.sql", after, upto, limit).execute(pool).await?;
    Ok(echoed.rows_affected())
}

/// Copies one row of the last week to now; returns how many that were (none in an empty table).
///
/// # Errors
/// When the database is out of reach.
pub async fn repeat_recent_result(pool: &Pool) -> Result<u64, StoreError> {
    let repeated = sqlx::query_file!("sql/demo/repeat_recent_result.sql").execute(pool).await?;
    Ok(repeated.rows_affected())
}
