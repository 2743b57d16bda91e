//! How many executions failed, by hour or day, from the rollups.

use domain::{
    failures::{ByTime, Scope, TimeBar},
    window::Bucket,
};

use crate::hours::{Counted, Piece};

/// A bar for each bucket of the window, compared with the same place of the window before.
pub(super) fn of(counted: &Counted, scope: Scope) -> ByTime {
    let outcome = scope.outcome().word();
    let counts_of = |piece: &Piece| if piece.status == outcome { piece.executions } else { 0 };
    let buckets = counted.window.buckets();
    let (mut counts, mut before) = (vec![0; buckets.len()], vec![0; buckets.len()]);
    counted.placed(&buckets).for_each(|(place, piece)| counts[place] += counts_of(piece));
    counted.placed_before(&buckets).for_each(|(place, piece)| before[place] += counts_of(piece));
    let bar = |(&bucket, (count, before)): (&Bucket, _)| {
        let before = Some(before).filter(|_| counted.knows_before(&bucket));
        TimeBar { bucket, count: Some(count), before }
    };
    let bars = buckets.iter().zip(counts.into_iter().zip(before)).map(bar).collect();
    let all_before = counted.previous().map(counts_of).sum();
    let before = counted.knows_window_before().then_some(all_before);
    ByTime { scope, window: counted.window, bars, before }
}
