//! What keeps a demonstration alive: an echo of what ran a week before, second by second.
//!
//! It needs nothing but the rows that are there, so it suits imported data as well as made-up history.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt as _;
use store::Pool;
use tokio_util::sync::CancellationToken;

/// Rows of one tick, at most; what ran beyond that in a busy second has no echo.
const ROWS_PER_TICK: i64 = 500;
/// Milliseconds between ticks: not always the same, so that several servers do not tick together.
const TICK_MS: std::ops::Range<u64> = 700..1_300;
/// Rows that make up, at the start, for the time since the newest row, at most.
const ROWS_TO_CATCH_UP: i64 = 100_000;
/// The longest span one tick makes up for, after a pause.
const SPAN_LIMIT: TimeDelta = TimeDelta::seconds(60);
/// When nothing ran for so long, something does.
const QUIET_LIMIT: TimeDelta = TimeDelta::seconds(5);
/// The longest pause after an error.
const PAUSE_LIMIT: Duration = Duration::from_secs(60);

/// Adds rows until `cancel` is cancelled. Errors of the database only make it pause, longer each time.
pub async fn trickle(pool: Pool, cancel: CancellationToken) {
    if let Some(Err(error)) = cancel.run_until_cancelled(catch_up(&pool, Utc::now())).await {
        tracing::warn!(%error, "the time since the newest row stays empty");
    }
    let mut trickle = Trickle::new(Utc::now());
    let mut errors = 0;
    loop {
        let pause = pause_after(errors);
        let tick = async {
            tokio::time::sleep(pause).await;
            trickle.step(&pool, Utc::now()).await
        };
        match cancel.run_until_cancelled(tick).await {
            None => return,
            Some(Ok(_)) => {
                if errors > 0 {
                    tracing::info!("the trickle of rows goes on");
                }
                errors = 0;
            }
            Some(Err(error)) => {
                if errors == 0 {
                    tracing::warn!(%error, "the trickle of rows pauses until the database takes them again");
                }
                errors += 1;
            }
        }
    }
}

/// Fills the time since the newest row, up to a week of it: data that was moved by whole weeks ends up to a week ago, and
/// a demonstration that was stopped has a gap. Returns how many rows that took.
pub async fn catch_up(pool: &Pool, now: DateTime<Utc>) -> Result<u64, store::StoreError> {
    match store::demo::newest_execution(pool).await? {
        Some(newest) => store::demo::echo_last_week(pool, newest, now, ROWS_TO_CATCH_UP).await,
        None => Ok(0),
    }
}

fn pause_after(errors: u32) -> Duration {
    let tick = Duration::from_millis(rand::rng().random_range(TICK_MS));
    tick.saturating_mul(2_u32.saturating_pow(errors)).min(PAUSE_LIMIT)
}

/// How far the echo is.
pub struct Trickle {
    /// Rows up to here have their echo.
    upto: DateTime<Utc>,
    /// When a row was added last.
    newest: DateTime<Utc>,
}

impl Trickle {
    /// Begins now, with what comes.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { upto: now, newest: now }
    }

    /// Adds what is due; returns how many rows that were.
    pub async fn step(&mut self, pool: &Pool, now: DateTime<Utc>) -> Result<u64, store::StoreError> {
        let after = self.upto.max(now - SPAN_LIMIT);
        let mut rows = store::demo::echo_last_week(pool, after, now, ROWS_PER_TICK).await?;
        self.upto = now;
        if rows == 0 && now - self.newest >= QUIET_LIMIT {
            rows = store::demo::repeat_recent_result(pool).await?;
        }
        if rows > 0 {
            self.newest = now;
        }
        Ok(rows)
    }
}
