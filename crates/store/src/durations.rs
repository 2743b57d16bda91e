//! How long executions took, by hour or day.

use domain::{
    durations::{Durations, Point},
    histogram::Histogram,
    query::Query,
    window::Bucket,
};

use crate::hours::Counted;

/// A point for each bucket of the window; the window before is measured only for who compares.
pub(crate) fn of(counted: &Counted, query: &Query) -> Durations {
    let window = counted.window;
    let buckets = window.buckets();
    let mut current = vec![Histogram::default(); buckets.len()];
    for piece in counted.current() {
        if let Some(place) = window.place(&buckets, piece.at) {
            piece.measure(&mut current[place]);
        }
    }
    let mut before = vec![Histogram::default(); if query.compare { buckets.len() } else { 0 }];
    for piece in counted.previous() {
        let place = window.place(&buckets, piece.at + window.length());
        if let Some(before) = place.and_then(|place| before.get_mut(place)) {
            piece.measure(before);
        }
    }
    let point = |(place, bucket): (usize, Bucket)| Point {
        bucket,
        p50_ms: current[place].quantile(0.50),
        p95_ms: current[place].quantile(0.95),
        p99_ms: current[place].quantile(0.99),
        p95_before_ms: before.get(place).and_then(|before| before.quantile(0.95)),
    };
    let points = buckets.into_iter().enumerate().map(point).collect();
    Durations { window, are_kept: counted.has_durations, points }
}
