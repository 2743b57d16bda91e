//! Everything the overview page shows, read from one snapshot of the live truth: the rollups, what was logged since and
//! the newest rows. It is exact however long ago a fold or a refresh of the views was.

use chrono::{DateTime, Utc};
use domain::{access, overview::Overview, query::Query};
use sqlx::PgConnection;

use crate::{
    Pool, StoreError, action_types, durations, executions, failures,
    hours::{self, Filter},
    snapshot, summary, triggers,
};

/// Loads the overview; `None` before everything that is there was counted once.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(pool: &Pool, sees: &access::Scope, query: &Query) -> Result<Option<Overview>, StoreError> {
    let Some((mut transaction, as_of)) = snapshot::begin(pool).await? else { return Ok(None) };
    let overview = load_panels(&mut transaction, sees, query, as_of).await?;
    transaction.commit().await?;
    Ok(Some(overview))
}

async fn load_panels(
    connection: &mut PgConnection,
    sees: &access::Scope,
    query: &Query,
    as_of: DateTime<Utc>,
) -> Result<Overview, sqlx::Error> {
    let filter = Filter::load(connection, sees, query).await?;
    let counted = hours::load_in_steps(connection, query, &filter, as_of).await?;
    let mut summary = summary::of(&counted, query, counted.has_run(connection).await?);
    let total = summary.current.counts.failed;
    let failures = failures::newest::load(connection, query, &filter, &counted.window, total).await?;
    summary.current.kinds_of_error = failures.kinds_of_error();
    Ok(Overview {
        data_as_of: as_of,
        note: counted.note(),
        summary,
        executions: executions::of(&counted, query),
        durations: durations::of(&counted, query),
        action_types: action_types::of(&counted, query),
        triggers: triggers::load_unwell(connection, sees, query, as_of).await?,
        failures,
    })
}
