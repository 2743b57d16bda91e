//! The nouns and rules of Tidemark, pure: no I/O, the same natively and in the browser.
//!
//! One module per noun; the same noun names the SQL folder, the store module, the chart and the page part.
//! A panel's module holds its data and the one true sentence that heads it.

pub mod action_types;
pub mod annotations;
pub mod choices;
pub mod durations;
pub mod executions;
pub mod export;
pub mod failures;
pub mod figure;
pub mod format;
pub mod freshness;
pub mod frontier;
pub mod histogram;
pub mod overview;
pub mod page;
pub mod page_data;
pub mod panel;
pub mod progress;
pub mod query;
pub mod range;
pub mod spending;
pub mod status;
pub mod summary;
pub mod table;
pub mod triggers;
pub mod window;
pub mod zone;
