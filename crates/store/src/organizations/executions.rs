//! Executions by hour or day and organization, put together from the same pieces as their sums.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    organizations::{Executions, Organization, executions::Layer},
    query::Query,
    stack::{self, Bar},
    window::{Step, Window},
};

use super::{Piece, parts::Bars};

/// The longest window whose buckets are hours, a day with an hour more. Of a week they would be ten times of what the
/// page reads.
const LONGEST_OF_HOURS: TimeDelta = TimeDelta::hours(25);

/// A window in the steps that its bars have: hours where they are few and known, otherwise days.
pub(super) fn in_steps(window: Window, has_hours: bool) -> Window {
    if window.length() <= LONGEST_OF_HOURS && has_hours { window } else { window.in_days() }
}

/// Whether the hours of the window before are known, or its days are where those of the window are.
pub(super) fn is_compared_by_step(window: &Window, days_until: Option<DateTime<Utc>>) -> bool {
    let length = window.length();
    match window.step {
        Step::Hour => days_until.is_none(),
        Step::Day => TimeDelta::days(length.num_days()) == length,
    }
}

/// A bar for each bucket of a window, from what pieces add to it.
pub(super) fn of(
    rows: &[Organization],
    pieces: &[Piece],
    window: Window,
    counted: &Bars,
    query: &Query,
    knows_before: bool,
) -> Executions {
    let (layers, places) = layers(rows);
    let buckets = window.buckets();
    let mut counts = vec![vec![0; layers.len()]; buckets.len()];
    let mut before = vec![0; counted.before];
    for piece in pieces {
        let Some(&layer) = places.get(piece.organization_id.as_str()) else { continue };
        for (&number, executions) in piece.bars.iter().zip(&piece.bar_executions) {
            let number = usize::try_from(number).unwrap_or_default();
            if let Some(before) = before.get_mut(number) {
                *before += executions;
            } else if let (Some(bar), Some(layer)) = (counts.get_mut(number - counted.before), layer) {
                bar[layer] += executions;
            }
        }
    }
    let total = before.iter().sum();
    let shows_before = query.compare && knows_before && counted.are_compared();
    let bars = buckets.into_iter().zip(counts).enumerate().map(|(place, (bucket, counts))| {
        let before = before.get(place).filter(|_| shows_before);
        Bar { bucket, counts, before: before.copied() }
    });
    let before = (query.compare && knows_before).then_some(total);
    Executions { window, span: query.span(), layers, bars: bars.collect(), before }
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
