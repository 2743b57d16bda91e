//! What Tidemark sees of each item.

use std::time::Duration;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use domain::{
    doctor, format,
    freshness::{Staleness, Thresholds, elapsed},
    statements::{SLOW_MS, title},
};

use crate::{Pool, StoreError, freshness, indexes, storage, validation};

/// Days of which one is chosen to be counted anew.
const COUNTED_ANEW: std::ops::Range<i64> = 1..29;

/// A refresh is as quick as it was under so many times of what it took.
const AS_QUICK: f64 = 2.0;

/// What is seen, and whether that is as it should be.
type Seen = Result<(bool, String), StoreError>;

/// What is seen of the item of a name.
pub(super) async fn of(pool: &Pool, item: &str, interval: Duration) -> Seen {
    match item {
        "staleness" => staleness(pool, interval).await,
        "failed_refreshes" => failed_refreshes(pool).await,
        "slow_statements" => slow_statements(pool).await,
        "doctor" => what_is_wrong(pool).await,
        "index_use" => index_use(pool).await,
        "accuracy" => accuracy(pool).await,
        "storage_trend" => storage_trend(pool).await,
        "schedule" => schedule(pool).await,
        "benchmark" => benchmark(pool).await,
        _ => history(pool).await,
    }
}

async fn staleness(pool: &Pool, interval: Duration) -> Seen {
    let now = Utc::now();
    let Some(as_of) = freshness::observe(pool).await?.views_as_of else {
        return Ok((false, "Not every view was ever refreshed.".to_owned()));
    };
    let staleness = Thresholds::for_interval(interval).judge(elapsed(as_of, now));
    Ok((staleness == Staleness::Fresh, format!("The oldest view was as of {}.", format::ago(as_of, now))))
}

async fn failed_refreshes(pool: &Pool) -> Seen {
    let runs = sqlx::query_file!("sql/checklist/count_failed_refreshes.sql").fetch_one(pool).await?;
    let all = format::counted(runs.all, "refresh of a view", "refreshes of views");
    Ok((runs.failed == 0, format!("{} of {all} failed in 24 hours.", format::count(runs.failed))))
}

async fn slow_statements(pool: &Pool) -> Seen {
    let slowest = sqlx::query_file!("sql/checklist/list_slow_statements.sql").fetch_optional(pool).await?;
    let Some(slowest) = slowest else { return Ok((true, "Nothing was measured since yesterday.".to_owned())) };
    let took = format::milliseconds(Some(slowest.mean_ms));
    Ok((slowest.mean_ms < SLOW_MS, format!("The slowest took {took} in the mean: {}", title(&slowest.statement))))
}

async fn what_is_wrong(pool: &Pool) -> Seen {
    let findings = crate::doctor::examine(pool, &doctor::Thresholds::default(), Utc::now()).await?;
    Ok((findings.is_empty(), doctor::sentence(&findings)))
}

async fn index_use(pool: &Pool) -> Seen {
    let (indexes, now) = (indexes::load(pool, false).await?, Utc::now());
    let has_bad = indexes.list.iter().any(|index| indexes.verdict(index, now).is_bad());
    Ok((!has_bad && indexes.missing.is_empty(), indexes.sentence(now)))
}

/// Counts a day of the last weeks anew, chosen by chance.
async fn accuracy(pool: &Pool) -> Seen {
    let ago = TimeDelta::days(rand::random_range(COUNTED_ANEW));
    let from = (Utc::now() - ago).duration_trunc(TimeDelta::days(1)).unwrap_or_default();
    let scope = validation::Scope { from: Some(from), until: Some(from + TimeDelta::days(1)), share: 1.0 };
    let findings = validation::validate(pool, &scope, 1, |_| ()).await?;
    let rows = format::counted(findings.rows, "row", "rows");
    let differences = match findings.count {
        0 => "no difference".to_owned(),
        count => format::counted(count, "difference", "differences"),
    };
    Ok((findings.count == 0, format!("{rows} of {} counted anew: {differences}.", from.format("%-d %b %Y"))))
}

async fn storage_trend(pool: &Pool) -> Seen {
    let storage = storage::load(pool).await?;
    let forecast = storage.bytes_in(90.0).map(|bytes| format!(" In 90 days: {}.", format::bytes(bytes)));
    Ok((true, format!("{}{}", storage.sentence(Utc::now()), forecast.unwrap_or_default())))
}

async fn schedule(pool: &Pool) -> Seen {
    let Some((day, _)) = storage::load(pool).await?.usual_day(Utc::now()) else {
        return Ok((true, "No refresh was measured yet.".to_owned()));
    };
    let refreshes = format::counted(day.refreshes, "refresh", "refreshes");
    let took = format::milliseconds(Some(day.refreshes_ms));
    Ok((true, format!("{refreshes} a day, which take {took}. Pages are exact without any.")))
}

async fn benchmark(pool: &Pool) -> Seen {
    let times = sqlx::query_file!("sql/checklist/find_refresh_times.sql").fetch_one(pool).await?;
    let (now, before) = (times.now_ms, times.before_ms);
    let is_quick = now.zip(before).is_none_or(|(now, before)| now < AS_QUICK * before.max(1.0));
    let took =
        |time: Option<f64>| time.map_or_else(|| "nobody knows how long".to_owned(), |_| format::milliseconds(time));
    Ok((
        is_quick,
        format!("A refresh took {} in the median of 7 days, and {} in the 3 weeks before.", took(now), took(before)),
    ))
}

async fn history(pool: &Pool) -> Seen {
    let history = sqlx::query_file!("sql/checklist/find_history.sql").fetch_one(pool).await?;
    let since = |moment: Option<DateTime<Utc>>| {
        moment.map_or_else(|| "none".to_owned(), |moment| moment.format("since %-d %b %Y").to_string())
    };
    let words = format!(
        "Executions {}, of which {} are older than 90 days; refreshes {}; acts of people {}.",
        since(history.first_execution),
        format::count(history.old_executions),
        since(history.first_refresh),
        since(history.first_act)
    );
    Ok((true, words))
}
