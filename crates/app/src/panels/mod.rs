//! The panels: each an island that shows its part of the data, first as drawn by the server, then live.

mod action_types;
mod board;
mod chart;
mod chart_panel;
mod durations;
mod executions;
mod failures;
mod frame;
mod freshness;
mod summary;
mod triggers;

pub use action_types::ActionTypesPanel;
pub use board::Board;
pub use durations::DurationsPanel;
pub use executions::ExecutionsPanel;
pub use failures::FailuresPanel;
pub use freshness::{FreshnessBanner, FreshnessLine, SpendingLine};
pub use summary::SummaryPanel;
pub use triggers::TriggersPanel;
