//! How long executions took, hour by hour.

use std::collections::HashMap;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use domain::{
    durations::{Durations, Hour},
    histogram::Histogram,
    overview::HOURS,
};
use sqlx::PgConnection;

/// Loads the same 24 hours as the executions panel; only the last one is not over yet.
pub(crate) async fn load(connection: &mut PgConnection, as_of: DateTime<Utc>) -> Result<Durations, sqlx::Error> {
    let rows = sqlx::query_file!("sql/durations/list_hour_buckets.sql", as_of).fetch_all(connection).await?;
    let mut histograms: HashMap<DateTime<Utc>, Histogram> = HashMap::new();
    for row in rows {
        histograms.entry(row.hour).or_default().add(row.bucket, row.executions);
    }
    let last = as_of.duration_trunc(TimeDelta::hours(1)).unwrap_or(as_of);
    let hours = (0..HOURS).rev().map(|back| {
        let start = last - TimeDelta::hours(back);
        hour(start, histograms.get(&start), back == 0)
    });
    Ok(Durations { hours: hours.collect() })
}

fn hour(start: DateTime<Utc>, histogram: Option<&Histogram>, partial: bool) -> Hour {
    let quantile = |quantile: f64| histogram?.quantile(quantile);
    Hour { start, p50_ms: quantile(0.50), p95_ms: quantile(0.95), p99_ms: quantile(0.99), partial }
}
