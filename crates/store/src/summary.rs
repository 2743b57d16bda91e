//! The time that a page is about in numbers, against the time before.

use domain::{
    histogram::Histogram,
    query::Query,
    summary::{Period, Summary},
};

use crate::hours::{Counted, Piece};

pub(crate) fn of(counted: &Counted, query: &Query, has_run: bool) -> Summary {
    let current = period(counted.current());
    let previous = counted.knows_window_before().then(|| period(counted.previous()));
    Summary { span: query.span(), status: query.status, current, previous, has_run }
}

fn period<'a>(pieces: impl Iterator<Item = &'a Piece>) -> Period {
    let (mut period, mut durations) = (Period::default(), Histogram::default());
    for piece in pieces {
        piece.count(&mut period.counts);
        period.total_retries += piece.total_retries;
        piece.measure(&mut durations);
    }
    Period { p95_duration_ms: durations.quantile(0.95), ..period }
}
