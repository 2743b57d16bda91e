//! How many executions succeeded, by hour or day.

use domain::{
    actions::success_rate::{Point, SuccessRate},
    query::Query,
    status::StatusCounts,
};

use crate::hours::{Counted, Piece};

/// A point for each bucket of the window, compared with the same place of the window before.
pub(super) fn of(counted: &Counted, query: &Query) -> SuccessRate {
    let window = counted.window;
    let buckets = window.buckets();
    let counts = by_place(counted.placed(&buckets), buckets.len());
    let before = by_place(counted.placed_before(&buckets), buckets.len());
    let point = |(&bucket, (counts, before))| {
        let is_compared = query.compare && counted.knows_before(&bucket);
        Point { bucket, counts, before: is_compared.then_some(before) }
    };
    let points = buckets.iter().zip(counts.into_iter().zip(before)).map(point).collect();
    let before = query.compare.then(|| {
        let mut all = StatusCounts::default();
        counted.previous().filter(|_| counted.is_compared(query)).for_each(|piece| piece.count(&mut all));
        all
    });
    SuccessRate { window, span: query.span(), status: query.status, points, before }
}

fn by_place<'a>(pieces: impl Iterator<Item = (usize, &'a Piece)>, places: usize) -> Vec<StatusCounts> {
    let mut counts = vec![StatusCounts::default(); places];
    for (place, piece) in pieces {
        piece.count(&mut counts[place]);
    }
    counts
}
