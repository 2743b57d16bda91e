//! How executions spread over action types.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    format,
    status::{StatusCounts, percentage},
};

/// The last 30 days by action type, busiest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ActionTypes {
    /// At most [`SHOWN`] types, busiest first.
    pub rows: Vec<ActionType>,
    /// How many types there are in all.
    pub total_types: i64,
}

/// How many types are listed.
pub const SHOWN: i64 = 20;

/// One action type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActionType {
    /// As the source spells it: `telegram`, `rest`, `mcp` or any other text.
    pub action_type: String,
    /// Executions by how they ended.
    pub counts: StatusCounts,
    /// Share of all executions, 0 to 100.
    pub percentage: f64,
    /// Mean duration in milliseconds; `None` when nothing had a duration.
    pub avg_duration_ms: Option<f64>,
    /// The newest execution.
    pub last_execution_at: Option<DateTime<Utc>>,
}

impl ActionTypes {
    /// What stands out, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Some(busiest) = self.rows.first() else {
            return "Nothing ran in the last 30 days.".to_owned();
        };
        let failing = self.rows.iter().filter(|row| row.counts.failed > 0).max_by(|left, right| {
            left.failure_rate().unwrap_or_default().total_cmp(&right.failure_rate().unwrap_or_default())
        });
        let leads = format!("{} leads with {} of runs", busiest.action_type, format::percent(Some(busiest.percentage)));
        match failing {
            None => format!("{leads}; none failed."),
            Some(row) => format!("{leads}; {} fails most, {}.", row.action_type, format::percent(row.failure_rate())),
        }
    }
}

impl ActionType {
    /// Percentage (0 to 100) of executions that failed.
    #[must_use]
    pub fn failure_rate(&self) -> Option<f64> {
        percentage(self.counts.failed, self.counts.total())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(action_type: &str, success: i64, failed: i64, percentage: f64) -> ActionType {
        ActionType {
            action_type: action_type.into(),
            counts: StatusCounts { success, retrying: 0, failed },
            percentage,
            avg_duration_ms: None,
            last_execution_at: None,
        }
    }

    #[test]
    fn the_busiest_and_the_worst_are_named() {
        let rows = vec![row("rest", 90, 10, 62.5), row("mcp", 48, 12, 37.5)];
        let sentence = ActionTypes { rows, total_types: 2 }.sentence();
        assert_eq!(sentence, "rest leads with 62.5% of runs; mcp fails most, 20.0%.");
    }

    #[test]
    fn no_failure_is_said() {
        let rows = vec![row("rest", 90, 0, 100.0)];
        assert_eq!(ActionTypes { rows, total_types: 1 }.sentence(), "rest leads with 100% of runs; none failed.");
        assert_eq!(ActionTypes::default().sentence(), "Nothing ran in the last 30 days.");
    }
}
