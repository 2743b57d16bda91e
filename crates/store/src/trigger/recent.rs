//! How long the newest runs of a trigger took, by hour or day, read from the source by index and with a limit.

use domain::{
    durations::{Durations, Point},
    histogram::{Histogram, bucket_of},
    query::Query,
    trigger::{LOOKED_AT, RecentDurations},
    window::{Bucket, Window},
};
use sqlx::PgConnection;

use crate::hours::Filter;

/// A point for each bucket of the window; the window before is measured only for who compares.
pub(super) async fn load(
    connection: &mut PgConnection,
    id: &str,
    query: &Query,
    filter: &Filter,
    window: &Window,
) -> Result<RecentDurations, sqlx::Error> {
    let buckets = window.buckets();
    let (current, runs) = measure(connection, id, filter, (window, &buckets), window).await?;
    let before = match query.compare {
        true => measure(connection, id, filter, (window, &buckets), &window.before()).await?.0,
        false => Vec::new(),
    };
    let point = |(place, bucket): (usize, &Bucket)| Point {
        bucket: *bucket,
        p50_ms: current[place].quantile(0.50),
        p95_ms: current[place].quantile(0.95),
        p99_ms: current[place].quantile(0.99),
        p95_before_ms: before.get(place).and_then(|before| before.quantile(0.95)),
    };
    let points = buckets.iter().enumerate().map(point).collect();
    Ok(RecentDurations { durations: Durations { window: *window, are_kept: true, points }, runs })
}

/// The durations of the newest executions of a window by the bucket whose place they are at, and how many were looked at.
async fn measure(
    connection: &mut PgConnection,
    id: &str,
    filter: &Filter,
    (shown, buckets): (&Window, &[Bucket]),
    read: &Window,
) -> Result<(Vec<Histogram>, i64), sqlx::Error> {
    let rows = sqlx::query_file!(
        "sql/trigger/list_newest_durations.sql",
        id,
        read.begins,
        read.until,
        LOOKED_AT,
        filter.action_type.as_deref(),
        filter.status_word()
    );
    let rows = rows.fetch_all(connection).await?;
    let mut durations = vec![Histogram::default(); buckets.len()];
    for row in &rows {
        let place = shown.place(buckets, row.executed_at + (shown.begins - read.begins));
        if let Some((place, duration_ms)) = place.zip(row.duration_ms) {
            durations[place].add(bucket_of(duration_ms), 1);
        }
    }
    Ok((durations, i64::try_from(rows.len()).unwrap_or(i64::MAX)))
}
