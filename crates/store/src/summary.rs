//! The last 24 hours in numbers, against the 24 before.

use domain::{
    failures::MESSAGE_CHARACTERS,
    histogram::Histogram,
    status::StatusCounts,
    summary::{Period, Summary},
};
use sqlx::PgConnection;

use crate::overview::Windows;

pub(crate) async fn load(connection: &mut PgConnection, windows: Windows) -> Result<Summary, sqlx::Error> {
    let mut summary = load_counts(connection, windows).await?;
    let (current, previous) = load_durations(connection, windows).await?;
    summary.current.p95_duration_ms = current.quantile(0.95);
    summary.previous.p95_duration_ms = previous.quantile(0.95);
    let kinds = sqlx::query_file_scalar!(
        "sql/summary/count_kinds_of_error.sql",
        windows.as_of,
        windows.begins,
        MESSAGE_CHARACTERS
    );
    summary.current.kinds_of_error = Some(kinds.fetch_one(&mut *connection).await?);
    summary.executions_ever =
        sqlx::query_file_scalar!("sql/summary/count_executions_ever.sql").fetch_one(connection).await?;
    Ok(summary)
}

async fn load_counts(connection: &mut PgConnection, windows: Windows) -> Result<Summary, sqlx::Error> {
    let periods =
        sqlx::query_file!("sql/summary/count_periods.sql", windows.as_of, windows.begins, windows.before_begins);
    let mut summary = Summary::default();
    for period in periods.fetch_all(connection).await? {
        let loaded = Period {
            counts: StatusCounts { success: period.success, retrying: period.retrying, failed: period.failed },
            total_retries: period.total_retries,
            ..Period::default()
        };
        *(if period.is_current { &mut summary.current } else { &mut summary.previous }) = loaded;
    }
    Ok(summary)
}

/// The durations of the current window and of the one before.
async fn load_durations(
    connection: &mut PgConnection,
    windows: Windows,
) -> Result<(Histogram, Histogram), sqlx::Error> {
    let buckets = sqlx::query_file!(
        "sql/summary/list_duration_buckets.sql",
        windows.as_of,
        windows.begins,
        windows.before_begins
    );
    let (mut current, mut previous) = (Histogram::default(), Histogram::default());
    for row in buckets.fetch_all(connection).await? {
        let window = if row.is_current { &mut current } else { &mut previous };
        window.add(row.bucket, row.executions);
    }
    Ok((current, previous))
}
