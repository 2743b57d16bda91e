//! The nouns and rules of Tidemark, pure: no I/O, the same natively and in the browser.
//!
//! One module per noun; the same noun names the SQL folder, the store module, the chart and the page part.
//! A panel's module holds its data and the one true sentence that heads it.

pub mod access;
pub mod action_types;
pub mod actions;
pub mod annotations;
pub mod breakdown;
pub mod choices;
pub mod cursor;
pub mod doctor;
pub mod durations;
pub mod executions;
pub mod export;
pub mod failure;
pub mod failures;
pub mod figure;
pub mod fingerprint;
pub mod format;
pub mod freshness;
pub mod frontier;
pub mod histogram;
pub mod indexes;
pub mod json;
pub mod maintenance;
pub mod organizations;
pub mod overview;
pub mod page;
pub mod page_data;
pub mod panel;
pub mod progress;
pub mod query;
pub mod range;
pub mod refreshes;
pub mod resolutions;
pub mod spending;
pub mod stack;
pub mod statements;
pub mod status;
pub mod storage;
pub mod summary;
pub mod table;
pub mod trigger;
pub mod triggers;
pub mod visible;
pub mod window;
pub mod zone;
