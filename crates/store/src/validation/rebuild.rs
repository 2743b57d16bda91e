//! Counts anew what differs from the rows, beside what is shown until it is done.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection};

use super::{Scope, Step, connect_for_long, ranges};
use crate::{Pool, StoreError, meter::Meter, patience::Patience, pool, refresh};

/// How long refreshing the views afterwards may take.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(600);

/// What was wrong, and is right now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mended {
    /// Rows that were looked at.
    pub rows: i64,
    /// Hours, and hours and days of triggers.
    pub groups: i64,
    /// Totals of triggers; `None` where they were not looked at, since they are of all times.
    pub triggers: Option<i64>,
}

/// Counts the rows of the scope, and has the rollups say the same where they do not, range by range; then refreshes the
/// views where anything was wrong. Writers and readers go on meanwhile.
///
/// # Errors
/// When the database does not answer, somebody stands in the way for minutes, or not everything is counted yet. What was
/// mended until then stays so.
pub async fn rebuild(pool: &Pool, scope: &Scope, mut tell: impl FnMut(Step)) -> Result<Mended, StoreError> {
    let mut connection = connect_for_long(pool).await?;
    let mut mended = Mended::default();
    let ranges = ranges::list(&mut connection, scope).await?;
    let all = ranges.iter().map(|range| range.rows).sum();
    let mut meter = Meter::start(0);
    for range in &ranges {
        mended.groups += rebuild_range(&mut connection, range).await?;
        mended.rows += range.rows;
        let is_done = mended.rows == all;
        tell(Step::Rows(if is_done { Meter::finish(all) } else { meter.reach(mended.rows, Some(all)) }));
    }
    if scope.is_of_all_times() {
        tell(Step::Triggers);
        mended.triggers = Some(rebuild_triggers(&mut connection).await?);
    }
    pool::close(connection).await;
    if mended.groups > 0 || mended.triggers > Some(0) {
        tell(Step::Views);
        refresh::run(pool, "tidemark rebuild", REFRESH_TIMEOUT).await?;
    }
    Ok(mended)
}

async fn rebuild_range(connection: &mut PgConnection, range: &ranges::Range) -> Result<i64, StoreError> {
    let mut patience = Patience::default();
    loop {
        match attempt_range(connection, range).await {
            Ok(mended) => return Ok(mended),
            Err(error) => patience.wait(error).await?,
        }
    }
}

async fn attempt_range(connection: &mut PgConnection, range: &ranges::Range) -> Result<i64, StoreError> {
    let mut step = connection.begin_with(include_str!("../../sql/build/begin_step.sql")).await?;
    let mended = sqlx::query_file_scalar!("sql/validation/rebuild_range.sql", range.from_at, range.until_at)
        .fetch_one(&mut *step)
        .await?;
    step.commit().await?;
    Ok(mended)
}

async fn rebuild_triggers(connection: &mut PgConnection) -> Result<i64, StoreError> {
    let mut patience = Patience::default();
    loop {
        match attempt_triggers(connection).await {
            Ok(mended) => return Ok(mended),
            Err(error) => patience.wait(error).await?,
        }
    }
}

async fn attempt_triggers(connection: &mut PgConnection) -> Result<i64, StoreError> {
    let mut step = connection.begin_with(include_str!("../../sql/build/begin_step.sql")).await?;
    let mended = sqlx::query_file_scalar!("sql/validation/rebuild_triggers.sql").fetch_one(&mut *step).await?;
    step.commit().await?;
    Ok(mended)
}
