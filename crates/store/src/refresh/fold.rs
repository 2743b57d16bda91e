//! Bringing the rollups up to date without refreshing any view.

use std::time::Duration;

use sqlx::PgConnection;

use super::{GRACE, begin};
use crate::{Pool, StoreError, pool};

/// What a fold did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// How long it waited for transactions that wrote, in milliseconds.
    pub waited_ms: i32,
    /// Rows that were added to the rollups.
    pub rows_folded: i64,
    /// Whether such a transaction took too long: then the newest rows are left for the next fold.
    pub is_held: bool,
    /// Whether there was anything to do.
    pub found_changes: bool,
}

/// Folds what was committed since the last fold into the rollups, on a connection of its own. Waits for a refresh that is
/// under way. It is given up after `timeout`, waiting included, or when the future is dropped.
///
/// # Errors
/// When the database does not answer, or says why the rollups cannot be trusted.
pub async fn fold(pool: &Pool, asked_by: &str, timeout: Duration) -> Result<Fold, StoreError> {
    let mut connection = pool::connect_alone(pool).await?;
    let folded = tokio::time::timeout(timeout + GRACE, fold_on(&mut connection, asked_by, timeout)).await;
    let folded = folded.unwrap_or_else(|_| Err(StoreError::from_silence()))?;
    pool::close(connection).await;
    Ok(folded)
}

async fn fold_on(connection: &mut PgConnection, asked_by: &str, timeout: Duration) -> Result<Fold, StoreError> {
    let mut transaction = begin(connection, asked_by, timeout).await?;
    let fold = sqlx::query_file_as!(Fold, "sql/refresh/run_fold.sql").fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(fold)
}
