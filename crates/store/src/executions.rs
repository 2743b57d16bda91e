//! Executions per hour.

use chrono::{DateTime, Utc};
use domain::{
    executions::{Executions, Hour},
    status::StatusCounts,
};
use sqlx::PgConnection;

/// Loads 24 whole UTC hours; only the last one, which `as_of` is in, is not over yet. The first is shown whole although
/// the summary's 24 hours begin inside it: a bar cut short would look like a quiet hour.
pub(crate) async fn load(connection: &mut PgConnection, as_of: DateTime<Utc>) -> Result<Executions, sqlx::Error> {
    let rows = sqlx::query_file!("sql/executions/list_hours.sql", as_of).fetch_all(connection).await?;
    let mut hours: Vec<Hour> = rows
        .into_iter()
        .map(|row| Hour {
            start: row.start,
            counts: StatusCounts { success: row.success, retrying: row.retrying, failed: row.failed },
            day_before: row.day_before,
            partial: false,
        })
        .collect();
    if let Some(last) = hours.last_mut() {
        last.partial = true;
    }
    Ok(Executions { hours })
}
