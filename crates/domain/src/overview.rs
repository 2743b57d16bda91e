//! Everything the overview page shows, as of one moment.

use chrono::{DateTime, Utc};

use crate::{
    action_types::ActionTypes, durations::Durations, executions::Executions, failures::NewestFailures,
    summary::Summary, triggers::UnwellTriggers,
};

/// The panels of the overview, read in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// Every execution committed before this moment is counted.
    pub data_as_of: DateTime<Utc>,
    /// What to know about how it was counted, if anything is out of the ordinary.
    pub note: Option<String>,
    /// The time in numbers.
    pub summary: Summary,
    /// Executions by time and status.
    pub executions: Executions,
    /// Percentiles of durations by time.
    pub durations: Durations,
    /// How executions spread over action types.
    pub action_types: ActionTypes,
    /// The triggers in worst health.
    pub triggers: UnwellTriggers,
    /// The newest failures.
    pub failures: NewestFailures,
}
