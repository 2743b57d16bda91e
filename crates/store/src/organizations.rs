//! Who uses how much. A trigger counts for the organization that owns it now.

mod executions;
mod names;
mod parts;

pub use names::find_unknown;

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
use parts::{Bars, Parts};

/// What ran of the triggers of one organization in some part of the window and of the one before it, of one status.
#[derive(Default)]
struct Piece {
    organization_id: String,
    status: String,
    executions_with_duration: i64,
    duration_sum_ms: i64,
    total_retries: i64,
    /// How many executions it adds to which bars, by their number; a bar may come several times.
    bars: Vec<i32>,
    executions: Vec<i64>,
}

impl Piece {
    /// The number of each bar, and the executions that are added to it.
    fn by_bar(&self) -> impl Iterator<Item = (usize, i64)> {
        let numbers = self.bars.iter().filter_map(|&number| usize::try_from(number).ok());
        numbers.zip(self.executions.iter().copied())
    }
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
    let bars = Bars::of(&stepped, query.compare && (stepped.step == Step::Day || days_until.is_none()));
    let mut pieces = Vec::new();
    if !owners.is_empty() {
        let parts = Parts::of(&bars, stepped.step, as_of, days_until);
        pieces = count(connection, &filter, parts, &bars).await?;
    }
    let rows = rows(owners, &pieces, &bars, is_before_known);
    let executions = executions::of(&rows, &pieces, stepped, &bars, query, is_before_known);
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

async fn count(
    connection: &mut PgConnection,
    filter: &Filter,
    mut parts: Parts,
    bars: &Bars,
) -> Result<Vec<Piece>, sqlx::Error> {
    sqlx::query_file!("sql/organizations/group_in_memory.sql").fetch_one(&mut *connection).await?;
    let first = number(bars.of_before);
    let inner = parts.take_inner_hours(bars);
    let mut pieces = count_days(connection, filter, &parts.days, first).await?;
    if !inner.is_empty() {
        pieces.extend(count_inner_hours(connection, filter, &inner).await?);
    }
    pieces.extend(count_parts(connection, filter, &parts, first).await?);
    Ok(pieces)
}

/// What ran on whole days; `first` is the number of the first bar of the window.
async fn count_days(
    connection: &mut PgConnection,
    filter: &Filter,
    days: &[DateTime<Utc>],
    first: i32,
) -> Result<Vec<Piece>, sqlx::Error> {
    let pieces = sqlx::query_file_as!(
        Piece,
        "sql/organizations/count_days.sql",
        days,
        days.first(),
        days.last(),
        first,
        filter.action_type.as_deref(),
        filter.status_word(),
        filter.triggers.as_deref()
    );
    pieces.fetch_all(connection).await
}

/// What whole hours add to some bars and take from others.
async fn count_inner_hours(
    connection: &mut PgConnection,
    filter: &Filter,
    inner: &parts::Hours,
) -> Result<Vec<Piece>, sqlx::Error> {
    let hours: Vec<_> = inner.keys().map(|&(begins, ..)| begins).collect();
    let bars: Vec<_> = inner.keys().map(|&(.., bar)| number(bar)).collect();
    let times: Vec<_> = inner.values().copied().collect();
    let rows = sqlx::query_file!(
        "sql/organizations/count_inner_hours.sql",
        &hours,
        &bars,
        &times,
        filter.action_type.as_deref(),
        filter.status_word(),
        filter.triggers.as_deref()
    );
    // However they ended, they cancel each other out in a sum of bars.
    let rows = rows.fetch_all(connection).await?.into_iter().map(|row| Piece {
        organization_id: row.organization_id,
        bars: row.bars,
        executions: row.executions,
        ..Piece::default()
    });
    Ok(rows.collect())
}

/// What ran in hours and in parts of hours.
async fn count_parts(
    connection: &mut PgConnection,
    filter: &Filter,
    parts: &Parts,
    first: i32,
) -> Result<Vec<Piece>, sqlx::Error> {
    let (begins, ends): (Vec<_>, Vec<_>) = parts.hours.keys().map(|&(begins, ends, _)| (begins, ends)).unzip();
    let bars: Vec<_> = parts.hours.keys().map(|&(.., bar)| number(bar)).collect();
    let times: Vec<_> = parts.hours.values().copied().collect();
    let pieces = sqlx::query_file_as!(
        Piece,
        "sql/organizations/count_parts.sql",
        &parts.whole_hours(),
        &begins,
        &ends,
        &bars,
        &times,
        first,
        filter.action_type.as_deref(),
        filter.status_word(),
        filter.triggers.as_deref()
    );
    pieces.fetch_all(connection).await
}

/// A number of bars as the database takes it: there are a few hundred.
fn number(bars: usize) -> i32 {
    i32::try_from(bars).unwrap_or(i32::MAX)
}

/// Puts the owners and what their triggers ran together.
#[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn rows(owners: Vec<Organization>, pieces: &[Piece], bars: &Bars, is_before_known: bool) -> Vec<Organization> {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for piece in pieces {
        let tally = tallies.entry(&piece.organization_id).or_default();
        for (bar, executions) in piece.by_bar() {
            let counts = if bar < bars.of_before { &mut tally.before } else { &mut tally.counts };
            counts.count(&piece.status, executions);
        }
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
