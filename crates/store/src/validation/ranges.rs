//! The days that are looked at, in ranges that take seconds each.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Scope;
use crate::StoreError;

/// Rows that are looked at in one transaction: no snapshot is held for long.
const ROWS_AT_A_TIME: i64 = 1_000_000;

/// Days are looked at one by one where only some of them are.
const A_DAY_AT_A_TIME: i64 = 0;

/// Whole UTC days, and how many rows they hold.
#[derive(Debug)]
pub(super) struct Range {
    pub from_at: Option<DateTime<Utc>>,
    pub until_at: Option<DateTime<Utc>>,
    pub rows: i64,
}

/// All ranges of a scope, newest first.
pub(super) async fn list(connection: &mut PgConnection, scope: &Scope) -> Result<Vec<Range>, StoreError> {
    let rows_at_a_time = if scope.share < 1.0 { A_DAY_AT_A_TIME } else { ROWS_AT_A_TIME };
    let (from, until, share) = (scope.from, scope.until, scope.share);
    let listed = sqlx::query_file_as!(Range, "sql/validation/list_ranges.sql", from, until, rows_at_a_time, share);
    Ok(listed.fetch_all(connection).await?)
}
