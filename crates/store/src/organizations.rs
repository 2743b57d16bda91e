//! Who uses how much. A trigger counts for the organization that owns it now.

mod executions;
mod names;
mod parts;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access,
    organizations::{Growth, Listed, Organization, Organizations, Top, Usage},
    query::Query,
    status::StatusCounts,
    window::{Step, Window},
};
use sqlx::PgConnection;

use crate::{
    Pool, StoreError,
    hours::{self, Filter},
    snapshot,
};
use parts::{ByHour, Parts, Weight};

/// What ran of the triggers of one organization in some part of the window and of the one before it, of one status.
struct Piece {
    organization_id: String,
    status: String,
    before: i64,
    executions: i64,
    executions_with_duration: i64,
    duration_sum_ms: i64,
    total_retries: i64,
    /// When each part of it was, and how many ran then, of the window before and of the window.
    moments: Vec<DateTime<Utc>>,
    moments_before: Vec<i64>,
    moments_now: Vec<i64>,
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
    // Also in the hour that begins with the window before.
    let known_until = window.before_begins + TimeDelta::microseconds(1);
    let is_before_known = sqlx::query_file_scalar!("sql/hours/has_earlier.sql", known_until);
    let is_before_known = is_before_known.fetch_one(&mut *connection).await?;
    let owners = names::load(connection, &filter, query.text.as_deref()).await?;
    let are_known = !owners.is_empty() || names::any(connection).await?;
    let days_until = hours::days_until(connection, &window).await?;
    let stepped = executions::in_steps(window, days_until.is_none_or(|until| until <= window.begins));
    let by_hour = stepped.step == Step::Hour;
    let by_hour = ByHour { now: by_hour, before: by_hour && query.compare && days_until.is_none() };
    let mut pieces = Vec::new();
    if !owners.is_empty() {
        let parts = Parts::of(&window, as_of, days_until, by_hour);
        pieces = count(connection, &filter, &parts).await?;
    }
    let rows = rows(owners, &pieces, is_before_known);
    let has_steps_before = is_before_known && (by_hour.before || stepped.step == Step::Day);
    let executions = executions::of(&rows, &pieces, stepped, query, has_steps_before);
    let listed = Listed::of(rows, query);
    Ok(Organizations {
        data_as_of: as_of,
        note: days_until.filter(|_| are_known).map(note),
        has_run,
        are_known,
        executions,
        top: Top(listed.clone()),
        growth: Growth(listed.clone()),
        usage: Usage(listed),
    })
}

fn note(until: DateTime<Utc>) -> String {
    format!("Before {}, runs of single triggers are counted by whole UTC days.", until.format("%-d %b %Y"))
}

async fn count(connection: &mut PgConnection, filter: &Filter, parts: &Parts) -> Result<Vec<Piece>, sqlx::Error> {
    sqlx::query_file!("sql/organizations/group_in_memory.sql").fetch_one(&mut *connection).await?;
    let mut pieces = count_days(connection, filter, parts.days).await?;
    pieces.extend(count_parts(connection, filter, parts).await?);
    Ok(pieces)
}

async fn count_days(
    connection: &mut PgConnection,
    filter: &Filter,
    [before_begins, begins, until]: [DateTime<Utc>; 3],
) -> Result<Vec<Piece>, sqlx::Error> {
    let pieces = sqlx::query_file_as!(
        Piece,
        "sql/organizations/count_days.sql",
        before_begins,
        begins,
        until,
        filter.action_type.as_deref(),
        filter.status_word(),
        filter.triggers.as_deref()
    );
    pieces.fetch_all(connection).await
}

async fn count_parts(connection: &mut PgConnection, filter: &Filter, parts: &Parts) -> Result<Vec<Piece>, sqlx::Error> {
    let hours: Vec<_> = parts.hours.keys().copied().collect();
    let (hours_before, hours_now) = apart(parts.hours.values());
    let (begins, ends): (Vec<_>, Vec<_>) = parts.minutes.iter().map(|&(begins, ends, _)| (begins, ends)).unzip();
    let (minutes_before, minutes_now) = apart(parts.minutes.iter().map(|(_, _, weight)| weight));
    let pieces = sqlx::query_file_as!(
        Piece,
        "sql/organizations/count_parts.sql",
        &hours,
        &hours_before,
        &hours_now,
        &begins,
        &ends,
        &minutes_before,
        &minutes_now,
        filter.action_type.as_deref(),
        filter.status_word(),
        filter.triggers.as_deref()
    );
    pieces.fetch_all(connection).await
}

fn apart<'a>(weights: impl Iterator<Item = &'a Weight>) -> (Vec<i16>, Vec<i16>) {
    weights.map(|weight| (weight.before, weight.now)).unzip()
}

/// Puts the owners and what their triggers ran together.
#[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn rows(owners: Vec<Organization>, pieces: &[Piece], is_before_known: bool) -> Vec<Organization> {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for piece in pieces {
        let tally = tallies.entry(&piece.organization_id).or_default();
        tally.counts.count(&piece.status, piece.executions);
        tally.before.count(&piece.status, piece.before);
        tally.with_duration += piece.executions_with_duration;
        tally.duration_sum_ms += piece.duration_sum_ms;
        tally.total_retries += piece.total_retries;
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
