//! Whether anything changed, asked often and answered by index.

use chrono::{DateTime, Utc};

use crate::{Pool, StoreError};

/// What was heard of the database at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulse {
    /// Another text than before when something was committed in between.
    pub beat: String,
    /// Whatever was committed before this moment is in the beat.
    pub moment: DateTime<Utc>,
}

/// Asks whether anything changed: compare the beat with the one before.
///
/// # Errors
/// When the database does not answer, or is not migrated.
pub async fn pulse(pool: &Pool) -> Result<Pulse, StoreError> {
    Ok(sqlx::query_file_as!(Pulse, "sql/refresh/feel_pulse.sql").fetch_one(pool).await?)
}
