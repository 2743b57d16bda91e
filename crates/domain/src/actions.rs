//! Everything the page of actions shows, as of one moment: when executions run, how they end and how long they take.

pub mod duration_classes;
pub mod executions;
pub mod growth;
pub mod peak_hours;
pub mod success_rate;
pub mod types;

use chrono::{DateTime, Utc};

use crate::durations::Durations;

pub use duration_classes::DurationClasses;
pub use executions::Executions;
pub use growth::Growth;
pub use peak_hours::PeakHours;
pub use success_rate::SuccessRate;
pub use types::Types;

/// The panels of the page, read in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Actions {
    /// Every execution committed before this moment is counted.
    pub data_as_of: DateTime<Utc>,
    /// What to know about how it was counted, if anything is out of the ordinary.
    pub note: Option<String>,
    /// Whether anything ever ran, whatever is asked for.
    pub has_run: bool,
    /// Executions by time, and by status or type.
    pub executions: Executions,
    /// How they spread over action types.
    pub types: Types,
    /// How many of them succeeded, by time.
    pub success_rate: SuccessRate,
    /// Percentiles of durations, by time.
    pub durations: Durations,
    /// How durations spread, by type and time.
    pub duration_classes: DurationClasses,
    /// At which hours of the week they run.
    pub peak_hours: PeakHours,
    /// How their number grows from week to week.
    pub growth: Growth,
}
