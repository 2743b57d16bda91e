//! Executions by hour or day and organization, put together from the same pieces as their sums.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::{
    organizations::{Executions, Organization, executions::Layer},
    query::Query,
    stack::{self, Bar},
    window::{Step, Window},
    zone::Zone,
};

use super::Piece;

/// The longest window whose buckets are hours, a day with an hour more. Of a week they would be ten times of what the
/// page reads.
const LONGEST_OF_HOURS: TimeDelta = TimeDelta::hours(25);

/// The least there is between two moments of the database.
const MICROSECOND: TimeDelta = TimeDelta::microseconds(1);

/// A window in the steps that its bars have: hours where they are few and known, otherwise the days that the rollups hold.
pub(super) fn in_steps(window: Window, has_hours: bool) -> Window {
    if window.length() <= LONGEST_OF_HOURS && has_hours {
        window
    } else {
        Window { zone: Zone::UTC, ..window.in_days() }
    }
}

/// A bar for each bucket of a window, from what ran of organizations in parts of it. Each part counts for the bucket that
/// it is in; what is taken away at an end of the window is taken from the bucket at that end.
pub(super) fn of(
    rows: &[Organization],
    pieces: &[Piece],
    window: Window,
    query: &Query,
    knows_before: bool,
) -> Executions {
    let (layers, places) = layers(rows);
    let buckets = window.buckets();
    let last = window.until - MICROSECOND;
    let place = |moment| window.place(&buckets, moment);
    let mut counts = vec![vec![0; layers.len()]; buckets.len()];
    let mut before = vec![0; buckets.len()];
    for piece in pieces {
        let Some(&layer) = places.get(piece.organization_id.as_str()) else { continue };
        let parts = piece.moments.iter().zip(&piece.moments_before).zip(&piece.moments_now);
        for ((&moment, ran_before), ran) in parts {
            if let (Some(place), Some(layer)) = (place(moment.clamp(window.begins, last)), layer.filter(|_| *ran != 0))
            {
                counts[place][layer] += ran;
            }
            let compared = (moment + window.length()).clamp(window.begins, last);
            if let Some(place) = place(compared) {
                before[place] += ran_before;
            }
        }
    }
    let total: i64 = before.iter().sum();
    let shows_before = query.compare && knows_before && is_compared_by_step(&window);
    let bars = buckets.into_iter().zip(counts).zip(before);
    let bars = bars.map(|((bucket, counts), before)| Bar { bucket, counts, before: shows_before.then_some(before) });
    let before = (query.compare && knows_before).then_some(total);
    Executions { window, span: query.span(), layers, bars: bars.collect(), before }
}

/// Whether the days of the window before are where those of the window are.
fn is_compared_by_step(window: &Window) -> bool {
    let length = window.length();
    window.step == Step::Hour || TimeDelta::days(length.num_days()) == length
}

/// The layers of the stack, and which of them each organization is in; what ran nothing in the window is in none.
fn layers(rows: &[Organization]) -> (Vec<Layer>, HashMap<&str, Option<usize>>) {
    let mut ran: Vec<_> = rows.iter().filter(|row| row.counts.total() > 0).collect();
    ran.sort_by_key(|row| (-row.counts.total(), &row.id));
    let shown = stack::shown(ran.len());
    let others = ran.len().saturating_sub(shown);
    let layer = |row: &&Organization| Layer::Organization { id: row.id.clone(), title: row.title().to_owned() };
    let mut layers: Vec<_> = ran.iter().take(shown).map(layer).collect();
    layers.extend((others > 0).then(|| Layer::Others(i64::try_from(others).unwrap_or(i64::MAX))));
    let mut places: HashMap<_, _> = rows.iter().map(|row| (row.id.as_str(), None)).collect();
    places.extend(ran.iter().enumerate().map(|(place, row)| (row.id.as_str(), Some(place.min(shown)))));
    (layers, places)
}
