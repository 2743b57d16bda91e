//! What is known of some triggers, and all they ever ran.

use chrono::{DateTime, Utc};
use domain::{
    status::StatusCounts,
    triggers::{DirectoryEntry, Thresholds, Totals, Trigger},
};
use sqlx::PgConnection;

/// One trigger.
#[derive(Debug)]
pub(crate) struct Known {
    pub id: String,
    /// `None` where the `triggers` table has no such trigger.
    pub entry: Option<DirectoryEntry>,
    pub totals: Totals,
}

impl Known {
    /// The same with the verdict as of a moment.
    pub fn judged(self, thresholds: &Thresholds, as_of: DateTime<Utc>) -> Trigger {
        let verdict = thresholds.judge(&self.totals, self.entry.as_ref(), as_of);
        Trigger { id: self.id, entry: self.entry, totals: self.totals, verdict }
    }
}

/// These triggers, in this order, as of now.
pub(crate) async fn known(connection: &mut PgConnection, ids: &[String]) -> Result<Vec<Known>, sqlx::Error> {
    let rows = sqlx::query_file!("sql/triggers/list_triggers.sql", ids).fetch_all(connection).await?;
    let known = rows.into_iter().map(|row| Known {
        id: row.id,
        entry: row.is_listed.then_some(DirectoryEntry {
            name: row.name,
            is_enabled: row.is_enabled,
            created_at: row.created_at,
            organization: row.organization,
        }),
        totals: Totals {
            counts: StatusCounts { success: row.success, retrying: row.retrying, failed: row.failed },
            total_retries: row.total_retries,
            p50_ms: row.p50_ms,
            p95_ms: row.p95_ms,
            p99_ms: row.p99_ms,
            first_execution_at: row.first_execution_at,
            last_execution_at: row.last_execution_at,
        },
    });
    Ok(known.collect())
}
