//! Executions by hour or day and organization, put together from the same pieces as their sums.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::{
    organizations::{Executions, Organization, executions::Layer},
    query::Query,
    stack::{self, Bar},
    window::Window,
};

use super::{Piece, parts::Bars};

/// The longest window whose buckets are hours, a day with an hour more: of a week, the page would read several times as many
/// hours.
const LONGEST_OF_HOURS: TimeDelta = TimeDelta::hours(25);

/// A window in the steps that its bars have: hours where they are few and known, otherwise days.
pub(super) fn in_steps(window: Window, has_hours: bool) -> Window {
    if window.length() <= LONGEST_OF_HOURS && has_hours { window } else { window.in_days() }
}

/// A bar for each bucket of a window, from what pieces add to it.
pub(super) fn of(
    rows: &[Organization],
    pieces: &[Piece],
    window: Window,
    bars: &Bars,
    query: &Query,
    knows_before: bool,
) -> Executions {
    let (layers, places) = layers(rows);
    let buckets = window.buckets();
    let mut counts = vec![vec![0; layers.len()]; buckets.len()];
    let mut before = vec![0; bars.of_before];
    for piece in pieces {
        let Some(&layer) = places.get(piece.organization_id.as_str()) else { continue };
        for (number, executions) in piece.by_bar() {
            if let Some(before) = before.get_mut(number) {
                *before += executions;
            } else if let (Some(bar), Some(layer)) = (counts.get_mut(number - bars.of_before), layer) {
                bar[layer] += executions;
            }
        }
    }
    let is_compared = query.compare && knows_before;
    let total = is_compared.then(|| before.iter().sum());
    let shows_before = is_compared && before.len() == buckets.len();
    let bars = buckets.into_iter().zip(counts).enumerate().map(|(place, (bucket, counts))| {
        let before = before.get(place).filter(|_| shows_before);
        Bar { bucket, counts, before: before.copied() }
    });
    Executions { window, span: query.span(), layers, bars: bars.collect(), before: total }
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
