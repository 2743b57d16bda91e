//! Executions by hour or day, stacked by status or type.

use std::collections::BTreeMap;

use domain::{
    actions::executions::{Executions, Group},
    breakdown::Breakdown,
    query::Query,
    stack::{self, Bar},
    status::Status,
};

use crate::hours::{Counted, Piece};

/// A bar for each bucket of the window, compared with the same place of the window before.
pub(super) fn of(counted: &Counted, query: &Query) -> Executions {
    let window = counted.window;
    let buckets = window.buckets();
    let groups = groups(counted, query.by);
    let mut counts = vec![vec![0; groups.len()]; buckets.len()];
    for (place, piece) in counted.placed(&buckets) {
        if let Some(group) = group_of(&groups, piece) {
            counts[place][group] += piece.executions;
        }
    }
    let mut before = vec![0; buckets.len()];
    for (place, piece) in counted.placed_before(&buckets) {
        before[place] += piece.executions;
    }
    let bar = |(place, &bucket)| {
        let is_compared = query.compare && counted.knows_before(&bucket);
        let before: Option<&i64> = before.get(place).filter(|_| is_compared);
        Bar { bucket, counts: counts.get(place).cloned().unwrap_or_default(), before: before.copied() }
    };
    let bars = buckets.iter().enumerate().map(bar).collect();
    let previous = counted.previous().filter(|_| counted.is_compared(query)).map(|piece| piece.executions);
    let before = query.compare.then(|| previous.sum());
    Executions { window, span: query.span(), by: query.by, groups, bars, before }
}

/// The layers of the stack: every status, or the busiest types and all others together.
fn groups(counted: &Counted, by: Breakdown) -> Vec<Group> {
    if by == Breakdown::Status {
        return Status::ALL.map(Group::Status).to_vec();
    }
    let mut types: BTreeMap<&str, i64> = BTreeMap::new();
    for piece in counted.current() {
        *types.entry(&piece.action_type).or_default() += piece.executions;
    }
    let mut types: Vec<_> = types.into_iter().filter(|&(_, executions)| executions > 0).collect();
    types.sort_by_key(|&(_, executions)| -executions);
    let shown = stack::shown(types.len());
    let others = types.len().saturating_sub(shown);
    let mut groups: Vec<_> = types.into_iter().take(shown).map(|(name, _)| Group::Type(name.to_owned())).collect();
    groups.extend((others > 0).then(|| Group::OtherTypes(i64::try_from(others).unwrap_or(i64::MAX))));
    groups
}

/// Which of the groups a piece is of.
fn group_of(groups: &[Group], piece: &Piece) -> Option<usize> {
    let is_of = |group: &Group| match group {
        Group::Status(status) => status.word() == piece.status,
        Group::Type(action_type) => *action_type == piece.action_type,
        // The last one, so whatever is left.
        Group::OtherTypes(_) => true,
    };
    groups.iter().position(is_of)
}
