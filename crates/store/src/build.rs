//! Counting what was there before Tidemark came: the rollups are built in steps while writers write, then the four views
//! over them take the place of the plain ones. Whatever ends it in the middle, the next one goes on where it was.

mod turn;

use std::time::{Duration, Instant};

use domain::progress::Progress;
use sqlx::{Connection as _, PgConnection};

use self::turn::State;
use crate::{
    Pool, StoreError,
    meter::Meter,
    patience::{AS_LONG_AS_IT_TAKES, Patience, prepare},
    pool::{self, connect_alone},
    refresh,
};

/// Rows that are counted in one step: it takes seconds, and holds nobody up but refreshes. Fewer would have the totals of
/// triggers merged more often.
const ROWS_AT_A_TIME: i64 = 5_000_000;

/// How long the first refresh of the new views may take.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(600);

/// What a build did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Built {
    /// Rows that are counted now, also by builds before that did not come to their end.
    pub rows: i64,
    /// How long this one took.
    pub took: Duration,
}

/// Counts whatever is not counted yet, and puts the four views in place; `None` when all of that was done before. Where
/// somebody else counts already, this tells how far that is, and waits.
///
/// # Errors
/// When the database does not answer, when somebody stands in the way for minutes, or when the views cannot be put in
/// place (the error lists why not). What was counted until then stays: calling it again goes on with the rest.
pub async fn run(pool: &Pool, progress: impl FnMut(Progress)) -> Result<Option<Built>, StoreError> {
    run_in_steps(pool, ROWS_AT_A_TIME, progress).await
}

/// The same in steps of about so many rows.
///
/// # Errors
/// As those of [`run`].
pub async fn run_in_steps(
    pool: &Pool,
    rows_at_a_time: i64,
    mut progress: impl FnMut(Progress),
) -> Result<Option<Built>, StoreError> {
    let began = Instant::now();
    let mut connection = connect_alone(pool).await?;
    turn::take(&mut connection, &mut progress).await?;
    let before = turn::find_state(&mut connection).await?;
    let rows = count(&mut connection, rows_at_a_time, &mut progress).await?;
    let are_new = install_views(&mut connection).await?;
    pool::close(connection).await;
    if before.is_built && !are_new {
        return Ok(None);
    }
    refresh::run(pool, "migration", REFRESH_TIMEOUT).await?;
    Ok(Some(Built { rows, took: began.elapsed() }))
}

/// Why the rollups cannot be trusted, however healthy they look; nothing when all is well.
///
/// # Errors
/// When the database does not answer, or is not migrated.
pub async fn problems(pool: &Pool) -> Result<Vec<String>, StoreError> {
    let mut connection = pool.acquire().await?;
    Ok(sqlx::query_file_scalar!("sql/build/list_problems.sql").fetch_all(&mut *connection).await?)
}

/// Has everything counted anew where the rollups cannot be trusted, and says why; nothing when all is well.
pub(crate) async fn begin_where_distrusted(pool: &Pool) -> Result<Vec<String>, StoreError> {
    let problems = problems(pool).await?;
    if problems.is_empty() {
        return Ok(problems);
    }
    tracing::warn!(?problems, "the rollups cannot be trusted: everything is counted anew");
    let mut connection = connect_alone(pool).await?;
    let mut patience = Patience::default();
    loop {
        prepare(&mut connection, patience.lock_timeout()).await?;
        match sqlx::query_file!("sql/build/begin_build.sql").execute(&mut connection).await {
            Ok(_) => break,
            Err(error) => patience.wait(error.into()).await?,
        }
    }
    pool::close(connection).await;
    Ok(problems)
}

/// Counts step by step until all is counted; returns how many rows that are.
async fn count(
    connection: &mut PgConnection,
    rows_at_a_time: i64,
    progress: &mut impl FnMut(Progress),
) -> Result<i64, StoreError> {
    // A step waits for a refresh that is under way, and nobody behind it.
    prepare(connection, AS_LONG_AS_IT_TAKES).await?;
    refresh::watch_client(connection).await;
    let mut state = turn::find_state(connection).await?;
    let mut meter = Meter::start(state.rows_built);
    let mut patience = Patience::default();
    while !state.is_built {
        match count_next(connection, rows_at_a_time).await {
            Ok(next) => {
                patience = Patience::default();
                state = State { rows_to_build: state.rows_to_build, ..next };
                progress(state.read(&mut meter));
            }
            Err(error) => patience.wait(error).await?,
        }
    }
    Ok(state.rows_built)
}

async fn count_next(connection: &mut PgConnection, rows_at_a_time: i64) -> Result<State, StoreError> {
    let mut step = connection.begin_with(include_str!("../sql/build/begin_step.sql")).await?;
    let state = sqlx::query_file_as!(State, "sql/build/count_next.sql", rows_at_a_time).fetch_one(&mut *step).await?;
    step.commit().await?;
    Ok(state)
}

/// Whether the views were not there yet.
async fn install_views(connection: &mut PgConnection) -> Result<bool, StoreError> {
    let mut patience = Patience::default();
    loop {
        prepare(connection, patience.lock_timeout()).await?;
        match sqlx::query_file_scalar!("sql/build/install_views.sql").fetch_one(&mut *connection).await {
            Ok(are_new) => return Ok(are_new),
            Err(error) => patience.wait(error.into()).await?,
        }
    }
}
