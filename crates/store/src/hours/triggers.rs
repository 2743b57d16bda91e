//! The hours of some triggers. They know no durations, and older ones are days.

use chrono::{DateTime, TimeDelta, Utc};
use domain::window::Window;
use sqlx::PgConnection;

use super::{Filter, Piece, next_day, start_of_day};

/// Up to where the windows have only days; `None` where they have hours throughout.
pub(crate) async fn days_until(
    connection: &mut PgConnection,
    window: &Window,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    let kept_from = sqlx::query_file_scalar!("sql/hours/find_trigger_hours.sql").fetch_one(connection).await?;
    Ok(kept_from.map(next_day).filter(|&until| window.before_begins < until))
}

/// The hours from `first` to `last`.
pub(super) async fn hours(
    connection: &mut PgConnection,
    triggers: &[String],
    filter: &Filter,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
) -> Result<Vec<Piece>, sqlx::Error> {
    let (action_type, status) = (filter.action_type.as_deref(), filter.status_word());
    let rows = sqlx::query_file!("sql/hours/list_trigger_hours.sql", triggers, first, last, action_type, status);
    let rows = rows.fetch_all(connection).await?.into_iter().map(|row| Piece {
        at: row.hour,
        action_type: row.action_type,
        status: row.status,
        executions: row.executions,
        executions_with_duration: row.executions_with_duration,
        duration_sum_ms: row.duration_sum_ms,
        total_retries: row.total_retries,
        durations: Vec::new(),
    });
    Ok(rows.collect())
}

/// The days from the one that `from` is in up to `until`. A day counts where its noon is: a window that begins or ends
/// inside of it has all of it or nothing.
pub(super) async fn days(
    connection: &mut PgConnection,
    triggers: &[String],
    filter: &Filter,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Piece>, sqlx::Error> {
    let first = start_of_day(from);
    let (action_type, status) = (filter.action_type.as_deref(), filter.status_word());
    let rows = sqlx::query_file!("sql/hours/list_trigger_days.sql", triggers, first, until, action_type, status);
    let rows = rows.fetch_all(connection).await?.into_iter().map(|row| Piece {
        at: row.day + TimeDelta::hours(12),
        action_type: row.action_type,
        status: row.status,
        executions: row.executions,
        executions_with_duration: row.executions_with_duration,
        duration_sum_ms: row.duration_sum_ms,
        total_retries: row.total_retries,
        durations: Vec::new(),
    });
    Ok(rows.collect())
}
