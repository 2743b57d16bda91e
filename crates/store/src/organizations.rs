//! Who uses how much. A trigger counts for the organization that owns it now.

mod cut;
mod names;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    access,
    organizations::{Growth, Listed, Organization, Organizations, Top, Usage},
    query::Query,
    status::StatusCounts,
    window::Window,
};
use sqlx::PgConnection;

use crate::{Pool, StoreError, hours::Filter, snapshot};

/// What ran of the triggers of one organization from some moment on, of one status.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub organization_id: String,
    pub at: DateTime<Utc>,
    pub status: String,
    pub executions: i64,
    pub executions_with_duration: i64,
    pub duration_sum_ms: i64,
    pub total_retries: i64,
}

/// What ran of one organization.
#[derive(Default)]
struct Tally {
    counts: StatusCounts,
    before: StatusCounts,
    with_duration: i64,
    duration_sum_ms: i64,
    total_retries: i64,
}

/// Loads the page of organizations; `None` before everything that is there was counted once.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(pool: &Pool, sees: &access::Scope, query: &Query) -> Result<Option<Organizations>, StoreError> {
    let Some((mut transaction, as_of)) = snapshot::begin(pool).await? else { return Ok(None) };
    let organizations = load_panels(&mut transaction, sees, query, as_of).await?;
    transaction.commit().await?;
    Ok(Some(organizations))
}

async fn load_panels(
    connection: &mut PgConnection,
    sees: &access::Scope,
    query: &Query,
    as_of: DateTime<Utc>,
) -> Result<Organizations, sqlx::Error> {
    let filter = Filter::load(connection, sees, query).await?;
    let window = Window::of(query.range, query.zone, as_of);
    let has_run = sqlx::query_file_scalar!("sql/hours/has_run.sql").fetch_one(&mut *connection).await?;
    let has_earlier = sqlx::query_file_scalar!("sql/hours/has_earlier.sql", window.before_begins);
    let has_earlier = has_earlier.fetch_one(&mut *connection).await?;
    let owners = names::load(connection, &filter, query.text.as_deref()).await?;
    let are_known = !owners.is_empty() || names::any(connection).await?;
    let (mut pieces, mut days_until) = (Vec::new(), None);
    if !owners.is_empty() {
        sqlx::query_file!("sql/organizations/group_in_memory.sql").fetch_one(&mut *connection).await?;
        (pieces, days_until) = cut::load(connection, &filter, &window, as_of).await?;
    }
    let is_known = has_earlier || pieces.iter().any(|piece| piece.at <= window.before_begins);
    let listed = Listed::of(rows(owners, &pieces, &window, is_known), query);
    Ok(Organizations {
        data_as_of: as_of,
        note: days_until.map(note),
        has_run,
        are_known,
        top: Top(listed.clone()),
        growth: Growth(listed.clone()),
        usage: Usage(listed),
    })
}

fn note(until: DateTime<Utc>) -> String {
    format!("Before {}, runs of single triggers are counted by whole UTC days.", until.format("%-d %b %Y"))
}

/// Puts the owners and what their triggers ran together.
#[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn rows(owners: Vec<Organization>, pieces: &[Piece], window: &Window, is_before_known: bool) -> Vec<Organization> {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for piece in pieces {
        let tally = tallies.entry(&piece.organization_id).or_default();
        if piece.at >= window.begins && piece.at < window.until {
            tally.counts.count(&piece.status, piece.executions);
            tally.with_duration += piece.executions_with_duration;
            tally.duration_sum_ms += piece.duration_sum_ms;
            tally.total_retries += piece.total_retries;
        } else if piece.at >= window.before_begins && piece.at < window.begins {
            tally.before.count(&piece.status, piece.executions);
        }
    }
    let row = |owner: Organization| {
        let tally = tallies.remove(owner.id.as_str()).unwrap_or_default();
        let mean = tally.duration_sum_ms as f64 / tally.with_duration as f64;
        Organization {
            counts: tally.counts,
            before: is_before_known.then_some(tally.before),
            total_retries: tally.total_retries,
            avg_duration_ms: (tally.with_duration > 0).then_some(mean),
            ..owner
        }
    };
    owners.into_iter().map(row).collect()
}
