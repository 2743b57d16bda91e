//! What is wrong with the database: evidence is read from this very one.

mod disk;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use domain::doctor::{Finding, Thresholds, check};
use sqlx::Connection as _;

use crate::{Pool, StoreError, build, indexes, pool, schema, validation};

/// Hours of which one is chosen to be counted anew: the last whole ones.
const COUNTED_ANEW: std::ops::Range<i64> = 1..25;

/// What a query found.
struct Found {
    subject: String,
    evidence: String,
    fix: String,
    can_be_run: bool,
}

/// Looks for everything that can be wrong, the worst first. `now` is the clock of who asks.
///
/// # Errors
/// When the database does not answer, or is not migrated.
pub async fn examine(pool: &Pool, thresholds: &Thresholds, now: DateTime<Utc>) -> Result<Vec<Finding>, StoreError> {
    let looks = [
        look_at_views(pool, thresholds).await?,
        look_at_sessions(pool, thresholds).await?,
        look_at_indexes(pool).await?,
        look_at_server(pool, thresholds, now).await?,
    ];
    let mut findings: Vec<Finding> =
        looks.into_iter().flatten().flat_map(|(name, found)| findings_of(name, found)).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.check.severity));
    Ok(findings)
}

/// Does what mends something that [`examine`] found: runs the statement, or what the command of that name does.
///
/// # Errors
/// What the database said.
pub async fn mend(pool: &Pool, finding: &Finding) -> Result<(), StoreError> {
    match finding.fix.split_once(' ') {
        Some(("tidemark", command)) if command.starts_with("rebuild") => {
            validation::rebuild(pool, &days_of_drift(), |_| ()).await?;
        }
        Some(("tidemark", _)) => {
            schema::migrate(pool).await?;
            build::run(pool, |_| ()).await?;
        }
        _ => pool::run_alone(pool, &finding.fix).await?,
    }
    Ok(())
}

/// What was found, by the name of the check.
type Look = Result<Vec<(&'static str, Vec<Found>)>, StoreError>;

async fn look_at_views(pool: &Pool, thresholds: &Thresholds) -> Look {
    let (stale, slow) = (seconds(thresholds.stale_after), thresholds.slow_refresh.num_milliseconds());
    Ok(vec![
        ("views", sqlx::query_file_as!(Found, "sql/doctor/find_views.sql").fetch_all(pool).await?),
        ("capture", sqlx::query_file_as!(Found, "sql/doctor/find_capture.sql").fetch_all(pool).await?),
        ("failures", sqlx::query_file_as!(Found, "sql/doctor/find_failures.sql").fetch_all(pool).await?),
        ("drift", find_drift(pool).await?),
        ("stale_views", sqlx::query_file_as!(Found, "sql/doctor/find_stale_views.sql", stale).fetch_all(pool).await?),
        (
            "slow_refreshes",
            sqlx::query_file_as!(Found, "sql/doctor/find_slow_refreshes.sql", slow).fetch_all(pool).await?,
        ),
        ("cron", sqlx::query_file_as!(Found, "sql/doctor/find_cron.sql").fetch_all(pool).await?),
        ("idleness", sqlx::query_file_as!(Found, "sql/doctor/find_idleness.sql").fetch_all(pool).await?),
    ])
}

async fn look_at_sessions(pool: &Pool, thresholds: &Thresholds) -> Look {
    let (open, idle) = (seconds(thresholds.open_after), seconds(thresholds.idle_after));
    Ok(vec![
        ("holders", sqlx::query_file_as!(Found, "sql/doctor/find_holders.sql", open).fetch_all(pool).await?),
        (
            "idle_transactions",
            sqlx::query_file_as!(Found, "sql/doctor/find_idle_transactions.sql", idle).fetch_all(pool).await?,
        ),
    ])
}

async fn look_at_indexes(pool: &Pool) -> Look {
    let missing = indexes::missing(pool).await?.into_iter().map(|missing| Found {
        evidence: format!("on {}", missing.table_name),
        subject: missing.name,
        fix: missing.statement,
        can_be_run: true,
    });
    Ok(vec![
        ("missing_indexes", missing.collect()),
        ("invalid_indexes", sqlx::query_file_as!(Found, "sql/doctor/find_invalid_indexes.sql").fetch_all(pool).await?),
        ("statistics", sqlx::query_file_as!(Found, "sql/doctor/find_stale_statistics.sql").fetch_all(pool).await?),
    ])
}

async fn look_at_server(pool: &Pool, thresholds: &Thresholds, now: DateTime<Utc>) -> Look {
    let server = sqlx::query_file_as!(
        Found,
        "sql/doctor/find_server.sql",
        thresholds.connections,
        thresholds.transaction_age,
        thresholds.slot_bytes,
        thresholds.spilled_bytes,
        seconds(thresholds.clocks),
        now,
    );
    Ok(vec![
        ("server", server.fetch_all(pool).await?),
        ("disk", disk::find(pool, thresholds.free_disk).await?.into_iter().collect()),
    ])
}

/// Counts one of the last hours anew, as of the one moment that pages would be of.
async fn find_drift(pool: &Pool) -> Result<Vec<Found>, StoreError> {
    let ago = TimeDelta::hours(rand::random_range(COUNTED_ANEW));
    let hour = (Utc::now() - ago).duration_trunc(TimeDelta::hours(1)).unwrap_or_default();
    let mut connection = pool.acquire().await?;
    let mut look = connection.begin_with(include_str!("../sql/validation/begin_look.sql")).await?;
    if sqlx::query_file!("sql/freshness/find_build.sql").fetch_optional(&mut *look).await?.is_some() {
        // Before everything was counted once, it is no wonder.
        return Ok(Vec::new());
    }
    let validation::Scope { from, until, .. } = days_of_drift();
    let found = sqlx::query_file_as!(Found, "sql/doctor/find_drift.sql", hour, from, until);
    let found = found.fetch_all(&mut *look).await?;
    look.commit().await?;
    Ok(found)
}

/// Whole UTC days that hold every hour that may be counted anew.
fn days_of_drift() -> validation::Scope {
    let today = Utc::now().duration_trunc(TimeDelta::days(1)).unwrap_or_default();
    let (from, until) = (today - TimeDelta::days(1), today + TimeDelta::days(1));
    validation::Scope { from: Some(from), until: Some(until), share: 1.0 }
}

#[allow(clippy::cast_precision_loss, reason = "limits stay far below 2^52 ms")]
fn seconds(delta: TimeDelta) -> f64 {
    delta.num_milliseconds() as f64 / 1000.0
}

fn findings_of(name: &str, found: Vec<Found>) -> Vec<Finding> {
    let Some(check) = check(name) else { return Vec::new() };
    let finding = |Found { subject, evidence, fix, can_be_run }| Finding { check, subject, evidence, fix, can_be_run };
    found.into_iter().map(finding).collect()
}
