//! How executions spread over action types.

use std::collections::BTreeMap;

use domain::{
    action_types::{ActionType, ActionTypes, SHOWN},
    query::Query,
    status::StatusCounts,
};

use crate::hours::Counted;

/// What ran of one action type.
#[derive(Default)]
struct Tally {
    counts: StatusCounts,
    with_duration: i64,
    duration_sum_ms: i64,
}

/// The types of the window, busiest first.
#[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub(crate) fn of(counted: &Counted, query: &Query) -> ActionTypes {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for piece in counted.current() {
        let tally = tallies.entry(&piece.action_type).or_default();
        piece.count(&mut tally.counts);
        tally.with_duration += piece.executions_with_duration;
        tally.duration_sum_ms += piece.duration_sum_ms;
    }
    let mut tallies: Vec<_> = tallies.into_iter().filter(|(_, tally)| tally.counts.total() > 0).collect();
    tallies.sort_by_key(|(_, tally)| -tally.counts.total());
    let all: i64 = tallies.iter().map(|(_, tally)| tally.counts.total()).sum();
    let total_types = i64::try_from(tallies.len()).unwrap_or(i64::MAX);
    let row = |(action_type, tally): (&str, Tally)| ActionType {
        action_type: action_type.to_owned(),
        counts: tally.counts,
        percentage: 100.0 * tally.counts.total() as f64 / all as f64,
        avg_duration_ms: (tally.with_duration > 0).then(|| tally.duration_sum_ms as f64 / tally.with_duration as f64),
    };
    let shown = usize::try_from(SHOWN).unwrap_or_default();
    let rows = tallies.into_iter().take(shown).map(row).collect();
    ActionTypes { span: query.span(), status: query.status, rows, total_types }
}
