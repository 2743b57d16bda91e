//! Executions by hour or day.

use domain::{
    executions::{Bar, Executions},
    query::Query,
    status::StatusCounts,
    window::Bucket,
};

use crate::hours::Counted;

/// A bar for each bucket of the window. It is compared with the same place of the window before; nothing is known of the
/// time before the first execution of all.
pub(crate) fn of(counted: &Counted, query: &Query) -> Executions {
    let window = counted.window;
    let buckets = window.buckets();
    let mut counts = vec![StatusCounts::default(); buckets.len()];
    for piece in counted.current() {
        if let Some(place) = window.place(&buckets, piece.at) {
            piece.count(&mut counts[place]);
        }
    }
    let mut before = vec![0; buckets.len()];
    for piece in counted.previous() {
        if let Some(place) = window.place(&buckets, piece.at + window.length()) {
            before[place] += piece.executions;
        }
    }
    let bar = |(bucket, (counts, before)): (Bucket, _)| {
        let is_known = counted.is_before_in_steps() && counted.knows(bucket.begins - window.length());
        Bar { bucket, counts, before: is_known.then_some(before) }
    };
    let bars = buckets.iter().copied().zip(counts.into_iter().zip(before)).map(bar).collect();
    Executions { window, status: query.status, bars }
}
