//! Action results from elsewhere: they are staged first, and merged only when all of them are known to be good.
//!
//! The staging tables live as long as the connection: whatever ends an import early leaves nothing behind.
//! Their queries cannot be checked when Tidemark is compiled, since the tables exist only during an import: the tests
//! check them.

mod batch;
mod triggers;

pub use batch::{Batch, Row};
pub use triggers::{Trigger, has_organizations, known_triggers};

use sqlx::postgres::{PgDatabaseError, PgRow};
use sqlx::{Connection, PgConnection, Row as _};
use tokio::sync::mpsc::Receiver;

use crate::Pool;

/// Rows merged by one statement, so that progress can be shown.
const ROWS_PER_STATEMENT: u64 = 20_000;

/// What the database did not take, in its own words with all details.
#[derive(Debug, thiserror::Error)]
#[error("{}", explain(.0))]
pub struct ImportError(#[from] sqlx::Error);

/// One import in progress, on a connection of its own.
#[derive(Debug)]
pub struct Import {
    connection: PgConnection,
    staged: u64,
}

/// What waits to be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staged {
    /// Rows.
    pub rows: u64,
    /// Rows that repeat the id of an earlier one; only the first of them can be merged.
    pub repeated: u64,
    /// Rows that do not say when they were executed; they get the time of the import.
    pub without_time: u64,
    /// Whole weeks by which the newest row would have to move to be at or just before now; `None` when no row has a time.
    pub weeks_to_now: Option<i32>,
}

/// How staged rows are merged.
#[derive(Debug, Clone, Copy, Default)]
pub struct Merge<'a> {
    /// Written before the rows, in the same transaction (or before it, when there are several).
    pub triggers: &'a [Trigger],
    /// Weeks of 168 hours by which every row is moved.
    pub shift_weeks: i32,
    /// Rows per transaction; `None` puts everything into one.
    pub batch_rows: Option<u64>,
}

impl Import {
    /// Opens a connection of its own and makes the staging tables.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn begin(pool: &Pool) -> Result<Self, ImportError> {
        let mut connection = pool.acquire().await?.detach();
        sqlx::query_file!("sql/import/allow_long_statements.sql").execute(&mut connection).await?;
        sqlx::query(include_str!("../sql/import/create_rows.sql")).execute(&mut connection).await?;
        Ok(Self { connection, staged: 0 })
    }

    /// Stages every batch until the sender closes, as they come; returns the rows staged.
    ///
    /// # Errors
    /// When the database refuses a row, or goes away. Nothing can be merged after that.
    pub async fn stage(&mut self, batches: &mut Receiver<Batch>) -> Result<u64, ImportError> {
        let mut copy = self.connection.copy_in_raw(include_str!("../sql/import/copy_rows.sql")).await?;
        while let Some(batch) = batches.recv().await {
            copy.send(batch.into_bytes()).await?;
        }
        let staged = copy.finish().await?;
        self.staged += staged;
        Ok(staged)
    }

    /// Looks at what was staged, and makes it ready to be merged.
    ///
    /// # Errors
    /// When the database goes away.
    pub async fn summarize(&mut self) -> Result<Staged, ImportError> {
        for statement in [
            include_str!("../sql/import/index_rows.sql"),
            include_str!("../sql/import/analyze_rows.sql"),
            include_str!("../sql/import/create_repeats.sql"),
        ] {
            sqlx::query(statement).execute(&mut self.connection).await?;
        }
        let summary =
            sqlx::query(include_str!("../sql/import/summarize_rows.sql")).fetch_one(&mut self.connection).await?;
        Ok(Staged {
            rows: count(&summary, "staged")?,
            repeated: count(&summary, "repeated")?,
            without_time: count(&summary, "without_time")?,
            weeks_to_now: summary.try_get("weeks_to_now")?,
        })
    }

    /// Merges what was staged and summarized; rows whose id is in the table already stay out. `on_progress` hears how many
    /// staged rows are done. Returns the rows that are new.
    ///
    /// # Errors
    /// When the database refuses a row, or goes away: without `batch_rows` nothing was merged then.
    pub async fn merge(mut self, merge: &Merge<'_>, mut on_progress: impl FnMut(u64)) -> Result<u64, ImportError> {
        let mut inserted = 0;
        let mut done = 0;
        let mut triggers = merge.triggers;
        loop {
            let goal = merge.batch_rows.map_or(self.staged, |rows| self.staged.min(done + rows.max(1)));
            let mut transaction = self.connection.begin().await?;
            triggers::write(&mut transaction, std::mem::take(&mut triggers)).await?;
            while done < goal {
                let upto = goal.min(done + ROWS_PER_STATEMENT);
                inserted += merge_slice(&mut transaction, done, upto, merge.shift_weeks).await?;
                done = upto;
                on_progress(done);
            }
            transaction.commit().await?;
            if done >= self.staged {
                break;
            }
        }
        if inserted > ROWS_PER_STATEMENT {
            // All rows are in: what fails from here on must not look as if they were not.
            if let Err(error) = sqlx::query_file!("sql/import/analyze_results.sql").execute(&mut self.connection).await
            {
                tracing::warn!(%error, "the table could not be analyzed; the first refresh may be slow");
            }
        }
        Ok(inserted)
    }
}

/// Whether there is no action result yet.
///
/// # Errors
/// When the table is missing or the database out of reach.
pub async fn is_empty(pool: &Pool) -> Result<bool, ImportError> {
    Ok(!sqlx::query_file_scalar!("sql/import/has_results.sql").fetch_one(pool).await?)
}

async fn merge_slice(
    connection: &mut PgConnection,
    after: u64,
    upto: u64,
    shift_weeks: i32,
) -> Result<u64, ImportError> {
    let merged = sqlx::query(include_str!("../sql/import/merge_rows.sql"))
        .bind(after.cast_signed())
        .bind(upto.cast_signed())
        .bind(shift_weeks)
        .execute(connection)
        .await?;
    Ok(merged.rows_affected())
}

fn count(summary: &PgRow, column: &str) -> Result<u64, ImportError> {
    Ok(summary.try_get::<i64, _>(column)?.cast_unsigned())
}

fn explain(error: &sqlx::Error) -> String {
    let refusal = error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    let Some(refusal) = refusal else { return error.to_string() };
    let details = [refusal.detail(), refusal.hint(), refusal.r#where()].into_iter().flatten();
    details.fold(format!("the database refused: {}", refusal.message()), |told, detail| told + "; " + detail)
}
