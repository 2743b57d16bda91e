//! How executions spread over action types.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    action_types::{ActionType, ActionTypes, SHOWN},
    status::StatusCounts,
};
use sqlx::PgConnection;

use crate::hours::{Cut, start_of};

/// Days that the panel looks back.
const DAYS: i64 = 30;

/// What ran of one action type.
#[derive(Default)]
struct Tally {
    counts: StatusCounts,
    with_duration: i64,
    duration_sum_ms: i64,
    last_execution_at: Option<DateTime<Utc>>,
}

impl Tally {
    /// Adds executions, or with -1 takes them away again.
    fn add(&mut self, sign: i64, status: &str, executions: i64, with_duration: i64, duration_sum_ms: i64) {
        self.counts.count(status, sign * executions);
        self.with_duration += sign * with_duration;
        self.duration_sum_ms += sign * duration_sum_ms;
    }
}

/// The last 30 days, to the moment.
pub(crate) async fn load(connection: &mut PgConnection, as_of: DateTime<Utc>) -> Result<ActionTypes, sqlx::Error> {
    let cut = Cut { at: as_of - TimeDelta::days(DAYS) };
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    // The hour that is cut counts whole, less its early part, or not at all but for its late part.
    let (first, sign) = if cut.reads_early() { (cut.hour(), -1) } else { (cut.hour() + TimeDelta::hours(1), 1) };
    let hours = sqlx::query_file!("sql/action_types/list_action_types.sql", first, start_of(as_of));
    for row in hours.fetch_all(&mut *connection).await? {
        let tally = tallies.entry(row.action_type).or_default();
        tally.add(1, &row.status, row.executions, row.executions_with_duration, row.duration_sum_ms);
        tally.last_execution_at = tally.last_execution_at.max(Some(row.last_execution_at));
    }
    for row in cut.read(connection).await? {
        let tally = tallies.entry(row.action_type).or_default();
        let with_duration = if row.bucket.is_some() { row.executions } else { 0 };
        tally.add(sign, &row.status, row.executions, with_duration, row.duration_sum_ms);
        tally.last_execution_at = tally.last_execution_at.max(Some(row.last_execution_at));
    }
    Ok(busiest_first(tallies))
}

#[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn busiest_first(tallies: BTreeMap<String, Tally>) -> ActionTypes {
    let mut tallies: Vec<_> = tallies.into_iter().filter(|(_, tally)| tally.counts.total() > 0).collect();
    tallies.sort_by_key(|(_, tally)| -tally.counts.total());
    let all: i64 = tallies.iter().map(|(_, tally)| tally.counts.total()).sum();
    let total_types = i64::try_from(tallies.len()).unwrap_or(i64::MAX);
    let row = |(action_type, tally): (String, Tally)| ActionType {
        action_type,
        counts: tally.counts,
        percentage: 100.0 * tally.counts.total() as f64 / all as f64,
        avg_duration_ms: (tally.with_duration > 0).then(|| tally.duration_sum_ms as f64 / tally.with_duration as f64),
        last_execution_at: tally.last_execution_at,
    };
    let shown = usize::try_from(SHOWN).unwrap_or_default();
    ActionTypes { rows: tallies.into_iter().take(shown).map(row).collect(), total_types }
}
