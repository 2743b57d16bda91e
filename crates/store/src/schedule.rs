//! What an admin said about refreshes. Whichever server leads obeys.

use domain::refreshes::{Rhythm, Wish};

use crate::{Pool, StoreError};

/// What was said; `None` where that is nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn find(pool: &Pool) -> Result<Option<Wish>, StoreError> {
    let row = sqlx::query_file!("sql/schedule/find_schedule.sql").fetch_optional(pool).await?;
    Ok(row.map(|row| Wish {
        is_paused: row.is_paused,
        rhythm: match (row.profile.as_deref(), row.every_seconds) {
            (Some("live"), _) => Some(Rhythm::Live),
            (_, seconds) => seconds.map(Rhythm::Every),
        },
        changed_by: row.changed_by,
        changed_at: row.changed_at,
    }))
}

/// Says something about refreshes; without a rhythm that of the settings holds.
///
/// # Errors
/// When the database does not answer.
pub async fn set(pool: &Pool, is_paused: bool, rhythm: Option<Rhythm>, changed_by: &str) -> Result<(), StoreError> {
    let (profile, seconds) = match rhythm {
        Some(Rhythm::Live) => (Some("live"), None),
        #[allow(clippy::cast_precision_loss, reason = "at most 20 days")]
        Some(Rhythm::Every(seconds)) => (None, Some(seconds as f64)),
        None => (None, None),
    };
    sqlx::query_file!("sql/schedule/set_schedule.sql", is_paused, profile, seconds, changed_by).execute(pool).await?;
    Ok(())
}
