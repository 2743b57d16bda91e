//! Everything the page of actions shows, read from one snapshot of the live truth.

mod duration_classes;
mod executions;
mod growth;
mod peak_hours;
mod success_rate;
mod types;

use chrono::{DateTime, Utc};
use domain::{access, actions::Actions, query::Query, window::Step};
use sqlx::PgConnection;

use crate::{
    Pool, StoreError, durations,
    hours::{self, Filter},
    snapshot,
};

/// Loads the page of actions; `None` before everything that is there was counted once.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(pool: &Pool, sees: &access::Scope, query: &Query) -> Result<Option<Actions>, StoreError> {
    let Some((mut transaction, as_of)) = snapshot::begin(pool).await? else { return Ok(None) };
    let actions = load_panels(&mut transaction, sees, query, as_of).await?;
    transaction.commit().await?;
    Ok(Some(actions))
}

async fn load_panels(
    connection: &mut PgConnection,
    sees: &access::Scope,
    query: &Query,
    as_of: DateTime<Utc>,
) -> Result<Actions, sqlx::Error> {
    let filter = Filter::load(connection, sees, query).await?;
    let counted = hours::load_in_steps(connection, query, &filter, as_of).await?;
    // Hours of the week are made of hours; the durations of them all would be most of what the page reads.
    let by_hour = if counted.window.step == Step::Hour || filter.triggers.is_some() {
        None
    } else {
        let filter = Filter { skips_durations: true, ..filter.clone() };
        Some(hours::load(connection, query, &filter, as_of).await?)
    };
    Ok(Actions {
        data_as_of: as_of,
        note: counted.note(),
        has_run: counted.has_run(connection).await?,
        executions: executions::of(&counted, query),
        types: types::of(&counted, query),
        success_rate: success_rate::of(&counted, query),
        durations: durations::of(&counted, query),
        duration_classes: duration_classes::of(&counted, query),
        peak_hours: peak_hours::of(by_hour.as_ref().unwrap_or(&counted), query),
        growth: growth::load(connection, &filter, &counted.window, as_of).await?,
    })
}
