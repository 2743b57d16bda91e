//! How executions spread over action types.

use std::collections::BTreeMap;

use domain::{
    actions::types::{TypeRow, Types},
    histogram::Histogram,
    query::Query,
    status::StatusCounts,
};

use crate::hours::Counted;

/// What ran of one action type.
#[derive(Default)]
struct Tally {
    counts: StatusCounts,
    before: i64,
    with_duration: i64,
    duration_sum_ms: i64,
    total_retries: i64,
    durations: Histogram,
}

/// The types of the window, busiest first; for who compares also those that ran only in the window before.
pub(super) fn of(counted: &Counted, query: &Query) -> Types {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for piece in counted.current() {
        let tally = tallies.entry(&piece.action_type).or_default();
        piece.count(&mut tally.counts);
        piece.measure(&mut tally.durations);
        tally.with_duration += piece.executions_with_duration;
        tally.duration_sum_ms += piece.duration_sum_ms;
        tally.total_retries += piece.total_retries;
    }
    if counted.is_compared(query) {
        for piece in counted.previous() {
            tallies.entry(&piece.action_type).or_default().before += piece.executions;
        }
    }
    let mut rows: Vec<_> = tallies.into_iter().map(|(name, tally)| row(name, &tally)).collect();
    rows.retain(|row| row.counts.total() > 0 || row.before > 0);
    rows.sort_by_key(|row| -row.counts.total());
    let before = query.compare.then(|| rows.iter().map(|row| row.before).sum());
    Types { span: query.span(), status: query.status, rows, before }
}

#[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn row(action_type: &str, tally: &Tally) -> TypeRow {
    let ratio = |sum: i64, of: i64| (of > 0).then(|| sum as f64 / of as f64);
    TypeRow {
        action_type: action_type.to_owned(),
        counts: tally.counts,
        before: tally.before,
        avg_duration_ms: ratio(tally.duration_sum_ms, tally.with_duration),
        p95_duration_ms: tally.durations.quantile(0.95),
        avg_retries: ratio(tally.total_retries, tally.counts.total()),
    }
}
