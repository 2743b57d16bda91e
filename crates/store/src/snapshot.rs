//! One snapshot of the database for all panels of a page, and as of when it is.

use chrono::{DateTime, Utc};
use sqlx::{PgTransaction, Postgres};

use crate::{Pool, StoreError};

/// Begins to read; `None` before everything that is there was counted once.
pub(crate) async fn begin(pool: &Pool) -> Result<Option<(PgTransaction<'static>, DateTime<Utc>)>, StoreError> {
    let begin = include_str!("../sql/snapshot/begin_snapshot.sql");
    let mut transaction: sqlx::Transaction<'static, Postgres> = pool.begin_with(begin).await?;
    let moment = sqlx::query_file!("sql/snapshot/find_moment.sql").fetch_optional(&mut *transaction).await?;
    Ok(moment.map(|moment| (transaction, moment.as_of)))
}
