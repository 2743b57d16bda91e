//! How many executions failed, by action type, from the rollups.

use std::collections::BTreeMap;

use domain::{
    failures::{ByType, Scope, TypeRow},
    status::StatusCounts,
};

use crate::hours::Counted;

pub(super) fn of(counted: &Counted, scope: Scope) -> ByType {
    let outcome = scope.outcome();
    let mut types: BTreeMap<&str, StatusCounts> = BTreeMap::new();
    for piece in counted.current() {
        piece.count(types.entry(&piece.action_type).or_default());
    }
    let row = |(action_type, counts): (&str, StatusCounts)| TypeRow {
        action_type: action_type.to_owned(),
        count: counts.of(outcome),
        executions: Some(counts.total()),
    };
    ByType::of(types.into_iter().map(row), scope)
}
