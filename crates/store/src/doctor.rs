//! What is wrong with the database: evidence is read from this very one.

mod disk;

use chrono::{DateTime, Days, DurationRound as _, NaiveTime, TimeDelta, Utc};
use domain::doctor::{Command, Finding, Fix, NamedPlan, Thresholds, check};
use sqlx::Connection as _;

use crate::{Pool, StoreError, build, indexes, pool, schema, statements::plan, validation};

/// Hours of which one is chosen to be counted anew: the last whole ones.
const COUNTED_ANEW: std::ops::Range<i64> = 1..25;

/// What a query found. Where neither statements nor advice mend it, [`command_for`] tells what does.
struct Found {
    subject: String,
    evidence: String,
    statements: Option<Vec<String>>,
    advice: Option<String>,
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
    for finding in findings.iter_mut().filter(|finding| finding.check.name == "slow_refreshes") {
        finding.plans = plans_of_refresh(pool, &finding.subject).await?;
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.check.severity));
    Ok(findings)
}

/// Does what mends something that [`examine`] found.
///
/// # Errors
/// What the database said.
pub async fn mend(pool: &Pool, fix: &Fix) -> Result<(), StoreError> {
    match fix {
        Fix::Statements(statements) => {
            for statement in statements {
                pool::run_alone(pool, statement).await?;
            }
        }
        Fix::Command(Command::Migrate) => {
            schema::migrate(pool).await?;
            build::run(pool, |_| ()).await?;
        }
        Fix::Command(Command::Rebuild { from, until }) => {
            let [from, until] = [from, until].map(|day| Some(day.and_time(NaiveTime::MIN).and_utc()));
            validation::rebuild(pool, &validation::Scope { from, until, share: 1.0 }, |_| ()).await?;
        }
        Fix::Advice(_) => {}
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
        statements: Some(vec![missing.statement]),
        advice: None,
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
        seconds(thresholds.idle_after),
    );
    Ok(vec![
        ("server", server.fetch_all(pool).await?),
        ("disk", disk::find(pool, thresholds).await?.into_iter().collect()),
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
    let found = sqlx::query_file_as!(Found, "sql/doctor/find_drift.sql", hour);
    let found = found.fetch_all(&mut *look).await?;
    look.commit().await?;
    Ok(found)
}

/// What a refresh of this view, or the fold, reads, and how.
async fn plans_of_refresh(pool: &Pool, subject: &str) -> Result<Vec<NamedPlan>, StoreError> {
    let queries = sqlx::query_file!("sql/doctor/list_queries_of_refresh.sql", subject).fetch_all(pool).await?;
    let (names, texts): (Vec<_>, Vec<_>) = queries.into_iter().map(|query| (query.name, query.statement)).unzip();
    let plans = plan::of_each(pool, &texts).await?;
    Ok(names.into_iter().zip(plans).map(|(name, plan)| NamedPlan { name, plan }).collect())
}

/// The command that mends what a check finds.
fn command_for(check_name: &str) -> Command {
    if check_name == "drift" {
        // Whole days that hold every hour that may be counted anew.
        let today = Utc::now().date_naive();
        return Command::Rebuild { from: today - Days::new(1), until: today + Days::new(1) };
    }
    Command::Migrate
}

#[allow(clippy::cast_precision_loss, reason = "limits stay far below 2^52 ms")]
fn seconds(delta: TimeDelta) -> f64 {
    delta.num_milliseconds() as f64 / 1000.0
}

fn findings_of(name: &str, found: Vec<Found>) -> Vec<Finding> {
    let Some(check) = check(name) else { return Vec::new() };
    let finding = |Found { subject, evidence, statements, advice }| {
        let fix = match (statements, advice) {
            (Some(statements), _) => Fix::Statements(statements),
            (None, Some(words)) => Fix::Advice(words),
            (None, None) => Fix::Command(command_for(name)),
        };
        Finding { check, subject, evidence, fix, plans: Vec::new() }
    };
    found.into_iter().map(finding).collect()
}
