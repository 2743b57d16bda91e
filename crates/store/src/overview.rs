//! Everything the overview page shows, read from one snapshot of the live truth: the rollups, what was logged since and
//! the newest rows. It is exact however long ago a fold or a refresh of the views was.

use chrono::{DateTime, Utc};
use domain::{overview::Overview, query::Query, triggers::Thresholds};
use sqlx::PgConnection;

use crate::{
    Pool, StoreError, action_types, durations, executions, failures,
    hours::{self, Counted, Filter},
    snapshot, summary, triggers,
};

/// Loads the overview; `None` before everything that is there was counted once.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(pool: &Pool, query: &Query) -> Result<Option<Overview>, StoreError> {
    let Some((mut transaction, as_of)) = snapshot::begin(pool).await? else { return Ok(None) };
    let overview = load_panels(&mut transaction, query, as_of).await?;
    transaction.commit().await?;
    Ok(Some(overview))
}

async fn load_panels(
    connection: &mut PgConnection,
    query: &Query,
    as_of: DateTime<Utc>,
) -> Result<Overview, sqlx::Error> {
    let filter = Filter::load(connection, query).await?;
    let counted = hours::load_in_steps(connection, query, &filter, as_of).await?;
    let mut summary = summary::of(&counted, query, has_run(connection, &counted).await?);
    let total = summary.current.counts.failed;
    let failures = failures::load(connection, query, &filter, &counted.window, total).await?;
    summary.current.kinds_of_error = failures.kinds_of_error();
    Ok(Overview {
        data_as_of: as_of,
        note: note(&counted),
        summary,
        executions: executions::of(&counted, query),
        durations: durations::of(&counted, query),
        action_types: action_types::of(&counted, query),
        triggers: triggers::load(connection, &filter, as_of, &Thresholds::default()).await?,
        failures,
    })
}

/// Whether anything ever ran, whatever was asked for.
async fn has_run(connection: &mut PgConnection, counted: &Counted) -> Result<bool, sqlx::Error> {
    if counted.has_earlier || !counted.pieces.is_empty() {
        return Ok(true);
    }
    sqlx::query_file_scalar!("sql/hours/has_run.sql").fetch_one(connection).await
}

/// What to know about counts that are not cut to the moment.
fn note(counted: &Counted) -> Option<String> {
    let until = counted.days_until?;
    Some(format!("Before {}, runs of single triggers are counted by whole UTC days.", until.format("%-d %b %Y")))
}
