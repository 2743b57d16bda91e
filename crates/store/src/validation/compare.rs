//! Finds what differs, as of one moment for each comparison.

use std::{collections::HashSet, time::Duration};

use sqlx::{Connection as _, PgConnection, Postgres, Transaction};

use super::{Difference, Findings, Scope, Step, ranges};
use crate::{Pool, StoreError, meter::Meter, refresh};

/// Differences of the views that are looked at: what differs for a moment only is sorted out among these.
const VIEW_DIFFERENCES: i64 = 100_000;

/// How long refreshing the views may take.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(600);

/// The first differences, and how many there are in all.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub first: Vec<Difference>,
    pub count: i64,
}

/// A difference as the database tells it: with the count of all.
struct Row {
    relation: String,
    group_key: String,
    measure: String,
    found: Option<String>,
    expected: Option<String>,
    count: i64,
}

impl From<Vec<Row>> for Found {
    fn from(rows: Vec<Row>) -> Self {
        let count = rows.first().map_or(0, |first| first.count);
        let difference = |row: Row| Difference {
            relation: row.relation,
            group_key: row.group_key,
            measure: row.measure,
            found: row.found,
            expected: row.expected,
        };
        Self { first: rows.into_iter().map(difference).collect(), count }
    }
}

/// Compares hours, and hours and days of triggers.
pub(super) async fn ranges(
    connection: &mut PgConnection,
    scope: &Scope,
    show: usize,
    findings: &mut Findings,
    tell: &mut impl FnMut(Step),
) -> Result<(), StoreError> {
    let ranges = ranges::list(connection, scope).await?;
    let all = ranges.iter().map(|range| range.rows).sum();
    let mut meter = Meter::start(0);
    for range in &ranges {
        let mut look = begin(connection).await?;
        let (from, until) = (range.from_at, range.until_at);
        let rows = sqlx::query_file_as!(Row, "sql/validation/find_differences.sql", from, until, limit(show))
            .fetch_all(&mut *look)
            .await?;
        look.commit().await?;
        findings.add(rows.into(), show);
        findings.rows += range.rows;
        let is_done = findings.rows == all;
        tell(Step::Rows(if is_done { Meter::finish(all) } else { meter.reach(findings.rows, Some(all)) }));
    }
    Ok(())
}

/// Compares the totals of a share of the triggers.
pub(super) async fn triggers(connection: &mut PgConnection, share: f64, show: usize) -> Result<Found, StoreError> {
    let mut look = begin(connection).await?;
    let rows = sqlx::query_file_as!(Row, "sql/validation/find_trigger_differences.sql", share, limit(show))
        .fetch_all(&mut *look)
        .await?;
    look.commit().await?;
    Ok(rows.into())
}

/// Compares what the views store with what they would show. Between a refresh and a look somebody may write: what differs
/// in the same way after another refresh is wrong.
pub(super) async fn views(pool: &Pool, connection: &mut PgConnection) -> Result<Found, StoreError> {
    let first: HashSet<Difference> = refreshed_views(pool, connection).await?.into_iter().collect();
    if first.is_empty() {
        return Ok(Found::default());
    }
    let mut wrong = refreshed_views(pool, connection).await?;
    wrong.retain(|difference| first.contains(difference));
    Ok(Found { count: i64::try_from(wrong.len()).unwrap_or(i64::MAX), first: wrong })
}

async fn refreshed_views(pool: &Pool, connection: &mut PgConnection) -> Result<Vec<Difference>, StoreError> {
    refresh::run(pool, "tidemark validate", REFRESH_TIMEOUT).await?;
    let mut look = begin(connection).await?;
    let rows = sqlx::query_file_as!(Row, "sql/validation/find_view_differences.sql", VIEW_DIFFERENCES)
        .fetch_all(&mut *look)
        .await?;
    look.commit().await?;
    Ok(Found::from(rows).first)
}

async fn begin(connection: &mut PgConnection) -> Result<Transaction<'_, Postgres>, StoreError> {
    Ok(connection.begin_with(include_str!("../../sql/validation/begin_look.sql")).await?)
}

/// At least one, with which the count of all comes.
fn limit(show: usize) -> i64 {
    i64::try_from(show.max(1)).unwrap_or(i64::MAX)
}
