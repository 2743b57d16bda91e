//! Triggers and their health.

mod known;
mod list;

use chrono::{DateTime, Utc};
use domain::{
    status::StatusCounts,
    triggers::{Health, SHOWN, Thresholds, Trigger, UnwellTriggers},
};
use sqlx::PgConnection;

use crate::hours::Filter;

pub(crate) use known::{Known, known};
pub use list::load;

/// The triggers in worst health, over all recorded executions.
pub(crate) async fn load_unwell(
    connection: &mut PgConnection,
    filter: &Filter,
    as_of: DateTime<Utc>,
    thresholds: &Thresholds,
) -> Result<UnwellTriggers, sqlx::Error> {
    let rows = sqlx::query_file!(
        "sql/triggers/list_unwell_triggers.sql",
        as_of,
        thresholds.success_rate_critical,
        thresholds.success_rate_warning,
        thresholds.p95_critical_ms,
        thresholds.p95_warning_ms,
        thresholds.avg_retries_warning,
        thresholds.idle_days,
        SHOWN,
        filter.triggers.as_deref()
    );
    let rows = rows.fetch_all(connection).await?;
    let Some(first) = rows.first() else { return Ok(UnwellTriggers::default()) };
    let (total, critical, warning, idle) = (first.total, first.critical, first.warning, first.idle);
    let rows = rows.into_iter().map(|row| Trigger {
        trigger_id: row.trigger_id,
        trigger_name: row.trigger_name,
        counts: StatusCounts { success: row.success, retrying: row.retrying, failed: row.failed },
        p95_duration_ms: row.p95_duration_ms,
        avg_retries: row.avg_retries,
        last_execution_at: row.last_execution_at,
        health: health(row.health),
    });
    Ok(UnwellTriggers { rows: rows.collect(), total, critical, warning, idle })
}

/// The verdict as the query numbers it.
fn health(number: i32) -> Health {
    match number {
        3 => Health::Critical,
        2 => Health::Warning,
        1 => Health::Idle,
        _ => Health::Ok,
    }
}
