//! Everything the overview page shows, as of one moment.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    action_types::ActionTypes, durations::Durations, executions::Executions, failures::Failures, summary::Summary,
    triggers::Triggers,
};

/// Hours that the overview looks back.
pub const HOURS: i64 = 24;

/// The panels of the overview, read in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Which look at the data this is: its moment in milliseconds since 1970.
    pub data_version: i64,
    /// Every execution committed before this moment is counted.
    pub data_as_of: DateTime<Utc>,
    /// The last 24 hours in numbers.
    pub summary: Summary,
    /// Executions per hour, by status.
    pub executions: Executions,
    /// Percentiles of durations per hour.
    pub durations: Durations,
    /// How executions spread over action types.
    pub action_types: ActionTypes,
    /// The triggers in worst health.
    pub triggers: Triggers,
    /// The newest failures.
    pub failures: Failures,
}
