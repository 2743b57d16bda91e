//! From the data of a panel to the option of an ECharts chart, pure.
//!
//! The server makes the option once per data version, draws it as SVG for the first HTML, and sends the same option to the
//! browser, so both look the same and no browser carries what makes charts. Colours are CSS variables of
//! `style/tokens.css`: one drawing serves light and dark.

mod action_types;
mod annotations;
mod durations;
mod executions;
mod figure;
mod look;

use domain::{page_data::PageData, query::Query};

pub use annotations::SERIES as MARKS;
pub use figure::Figure;

/// The charts of a page, in the order in which they are drawn.
#[must_use]
pub fn figures(data: &PageData, query: &Query) -> Vec<Figure> {
    match data {
        PageData::Overview(overview) => vec![
            executions::figure(&overview.executions, query),
            durations::figure(&overview.durations, query),
            action_types::figure(&overview.action_types, query),
        ],
    }
}
