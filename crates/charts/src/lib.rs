//! From the data of a panel to the option of an ECharts chart, pure.
//!
//! The server makes the option once per data version, draws it as SVG for the first HTML, and sends the same option to the
//! browser, so both look the same and no browser carries what makes charts. Colours are CSS variables of
//! `style/tokens.css`: one drawing serves light and dark.

mod action_types;
mod actions;
mod annotations;
mod durations;
mod executions;
mod failures;
mod figure;
mod heat;
mod look;
mod organizations;
mod stack;
mod trigger;

use domain::{figure::Size, page_data::PageData, query::Query};

pub use annotations::SERIES as MARKS;
pub use figure::Figure;

/// The charts of a page, in the order in which they are drawn.
#[must_use]
pub fn figures(data: &PageData, query: &Query) -> Vec<Figure> {
    match data {
        PageData::Overview(overview) => vec![
            executions::figure(&overview.executions, query),
            durations::figure(&overview.durations, query, Size::Side),
            action_types::figure(&overview.action_types, query),
        ],
        PageData::Failures(panels) => {
            vec![failures::by_time(&panels.by_time, query), failures::by_type(&panels.by_type, query)]
        }
        PageData::Failure(panels) => vec![failures::by_time(&panels.by_time, query)],
        PageData::Organizations(panels) => {
            vec![
                organizations::executions(&panels.executions, query),
                organizations::top(&panels.top, query),
                organizations::growth(&panels.growth, query),
            ]
        }
        PageData::Actions(actions) => actions::figures(actions, query),
        PageData::Triggers(_) => Vec::new(),
        PageData::Trigger(trigger) => {
            trigger.panels.as_ref().map_or(Vec::new(), |panels| trigger::figures(panels, query))
        }
    }
}
