//! How often runs of a trigger were tried again, by hour or day.

use domain::trigger::{Retries, RetryBar};

use crate::hours::Counted;

/// A bar for each bucket, compared with the same place of the window before.
pub(super) fn of(counted: &Counted) -> Retries {
    let window = counted.window;
    let buckets = window.buckets();
    let mut current = vec![(0, 0); buckets.len()];
    for piece in counted.current() {
        if let Some(place) = window.place(&buckets, piece.at) {
            current[place].0 += piece.executions;
            current[place].1 += piece.total_retries;
        }
    }
    let mut before = vec![0; buckets.len()];
    for piece in counted.previous() {
        if let Some(place) = window.place(&buckets, piece.at + window.length()) {
            before[place] += piece.total_retries;
        }
    }
    let is_known = |begins| counted.is_before_in_steps() && counted.knows(begins - window.length());
    let bars = buckets.into_iter().zip(current.into_iter().zip(before));
    let bars = bars.map(|(bucket, ((executions, retries), before))| RetryBar {
        bucket,
        executions,
        retries,
        before: is_known(bucket.begins).then_some(before),
    });
    Retries { window, bars: bars.collect() }
}
