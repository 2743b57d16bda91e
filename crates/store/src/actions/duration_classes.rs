//! How durations spread over classes, by type and time.

use std::collections::BTreeMap;

use domain::{
    actions::duration_classes::{DurationClasses, TYPES_SHOWN, TypeDurations, bounds, class_of, columns},
    histogram::Histogram,
    query::Query,
};

use crate::hours::{Counted, Piece};

/// The classes that fit the durations of the busiest types, counted from their merged histograms.
pub(super) fn of(counted: &Counted, query: &Query) -> DurationClasses {
    let compare = counted.is_compared(query);
    let mut types = busiest(counted);
    let total_types = types.len();
    types.truncate(TYPES_SHOWN);
    let mut all = Histogram::default();
    types.iter().for_each(|(_, durations)| all.merge(durations));
    let bounds = bounds(&all, types.len());
    let columns = columns(&counted.window.buckets());
    let classes = bounds.len() + 1;
    let blank = |(name, _): (&str, Histogram)| TypeDurations {
        action_type: name.to_owned(),
        columns: vec![vec![0; classes]; columns.len()],
        before: vec![0; classes],
    };
    let mut types: Vec<_> = types.into_iter().map(blank).collect();
    for (place, piece) in counted.placed(&columns) {
        if let Some(durations) = of_type(&mut types, piece) {
            add(&mut durations.columns[place], &bounds, piece);
        }
    }
    for piece in counted.previous().filter(|_| compare) {
        if let Some(durations) = of_type(&mut types, piece) {
            add(&mut durations.before, &bounds, piece);
        }
    }
    let (window, are_kept) = (counted.window, counted.has_durations);
    DurationClasses { window, are_kept, columns, bounds, types, total_types, compare }
}

/// The types with a duration in the window, those with most first.
fn busiest(counted: &Counted) -> Vec<(&str, Histogram)> {
    let mut types: BTreeMap<&str, Histogram> = BTreeMap::new();
    for piece in counted.current() {
        piece.measure(types.entry(&piece.action_type).or_default());
    }
    let mut types: Vec<_> = types.into_iter().filter(|(_, durations)| durations.executions() > 0).collect();
    types.sort_by_key(|(_, durations)| -durations.executions());
    types
}

fn of_type<'a>(types: &'a mut [TypeDurations], piece: &Piece) -> Option<&'a mut TypeDurations> {
    types.iter_mut().find(|durations| durations.action_type == piece.action_type)
}

fn add(classes: &mut [i64], bounds: &[f64], piece: &Piece) {
    for &(bucket, executions) in &piece.durations {
        classes[class_of(bounds, bucket)] += executions;
    }
}
