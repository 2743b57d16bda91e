//! The charts of the page of actions.

mod duration_classes;
mod executions;
mod growth;
mod peak_hours;
mod success_rate;
mod types;

use domain::{actions::Actions, figure::Size, query::Query};

use crate::{Figure, durations};

/// All of them, in the order in which they are drawn.
pub fn figures(actions: &Actions, query: &Query) -> Vec<Figure> {
    let mut figures = vec![
        executions::figure(&actions.executions, query),
        types::figure(&actions.types, query),
        success_rate::figure(&actions.success_rate, query),
        durations::figure(&actions.durations, query, Size::Half),
        peak_hours::figure(&actions.peak_hours, query),
        growth::figure(&actions.growth, query),
    ];
    if actions.duration_classes.are_kept {
        figures.push(duration_classes::figure(&actions.duration_classes, query));
    }
    figures
}
