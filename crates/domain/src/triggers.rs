//! Triggers and their health.

mod list;
mod order;
mod place;
mod totals;

use chrono::{DateTime, Utc};

use crate::{
    format,
    page::Page,
    panel::Panel,
    query::Query,
    status::StatusCounts,
    table::{Column, Table, Value},
};

pub use list::{Census, Listed, OF_A_PAGE, SPARK_DAYS, TriggerList, Unwell};
pub use order::{Order, Ranking, SavedView, Sort};
pub use totals::{DirectoryEntry, Totals, Verdict};

/// Everything that the page of all triggers shows, as of one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Triggers {
    /// Every execution committed before this moment is counted.
    pub data_as_of: DateTime<Utc>,
    /// Whether anything ever ran, or could.
    pub has_run: bool,
    /// One page of the list.
    pub list: TriggerList,
}

/// The triggers in worst health, worst first, over all recorded executions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UnwellTriggers {
    /// At most [`SHOWN`] triggers that are not well, worst first; when fewer are unwell, the busiest follow.
    pub rows: Vec<Trigger>,
    /// How many triggers ever ran or are enabled.
    pub total: i64,
    /// How many of them are critical.
    pub critical: i64,
    /// How many of them deserve a warning.
    pub warning: i64,
    /// How many enabled ones have been idle too long.
    pub idle: i64,
}

/// How many triggers are listed.
pub const SHOWN: i64 = 8;

/// One trigger, over all its recorded executions.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// Its id.
    pub trigger_id: String,
    /// Its name; the id where the `triggers` table no longer has it.
    pub trigger_name: String,
    /// Executions by how they ended.
    pub counts: StatusCounts,
    /// 95th percentile of durations in milliseconds.
    pub p95_duration_ms: Option<f64>,
    /// Mean number of retries per execution.
    pub avg_retries: Option<f64>,
    /// The newest execution.
    pub last_execution_at: Option<DateTime<Utc>>,
    /// The verdict.
    pub health: Health,
}

/// The verdict on a trigger, worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// Nothing to see.
    Ok,
    /// Enabled, but nothing ran for [`Thresholds::idle_days`].
    Idle,
    /// Past a warning threshold.
    Warning,
    /// Past a critical threshold.
    Critical,
}

/// When a trigger is unwell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Success rate (0 to 100) under which a trigger deserves a warning.
    pub success_rate_warning: f64,
    /// Success rate (0 to 100) under which a trigger is critical.
    pub success_rate_critical: f64,
    /// 95th percentile in milliseconds over which a trigger deserves a warning.
    pub p95_warning_ms: f64,
    /// 95th percentile in milliseconds over which a trigger is critical.
    pub p95_critical_ms: f64,
    /// Mean retries per execution over which a trigger deserves a warning.
    pub avg_retries_warning: f64,
    /// Days without an execution after which an enabled trigger is idle.
    pub idle_days: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            success_rate_warning: 80.0,
            success_rate_critical: 50.0,
            p95_warning_ms: 5_000.0,
            p95_critical_ms: 10_000.0,
            avg_retries_warning: 0.5,
            idle_days: 7.0,
        }
    }
}

impl Panel for UnwellTriggers {
    const NAME: &'static str = "triggers";
    const TITLE: &'static str = "Triggers that need a look";

    /// How many are unwell.
    fn sentence(&self) -> String {
        if self.total == 0 {
            return "No trigger has run yet.".to_owned();
        }
        let unwell = [(self.critical, "critical"), (self.warning, "with a warning"), (self.idle, "idle")];
        let parts: Vec<String> = unwell
            .into_iter()
            .filter(|&(number, _)| number > 0)
            .map(|(number, word)| format!("{} {word}", format::count(number)))
            .collect();
        match parts.as_slice() {
            [] if self.total == 1 => "The one trigger is well.".to_owned(),
            [] => format!("All {} are well.", format::counted(self.total, "trigger", "triggers")),
            _ => format!("{}, of {}.", parts.join(", "), format::counted(self.total, "trigger", "triggers")),
        }
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("trigger_name", "Trigger"),
            Column::text("health", "Health"),
            Column::number("success_rate", "Succeeded"),
            Column::number("p95_duration_ms", "p95").minor(),
            Column::number("executions", "Runs").minor(),
            Column::number("last_execution_at", "Last run"),
        ]);
        for trigger in &self.rows {
            let page = Page::Trigger(trigger.trigger_id.clone());
            let link = if page.is_built() {
                query.with_trigger(None).href(&page)
            } else {
                query.with_trigger(Some(&trigger.trigger_id)).href(&Page::Overview)
            };
            table.push(vec![
                Value::from(trigger.trigger_name.as_str()).cell().linked(link),
                Value::Health(trigger.health).cell(),
                Value::percent(trigger.counts.success_rate()).cell(),
                Value::milliseconds(trigger.p95_duration_ms).cell(),
                Value::from(trigger.counts.total()).cell(),
                Value::from(trigger.last_execution_at).cell(),
            ]);
        }
        table
    }
}

impl Health {
    /// The word that stands beside the mark.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Idle => "idle",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    /// A shape of its own for each verdict, so that colour is never alone.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::Ok => "●",
            Self::Idle => "○",
            Self::Warning => "◆",
            Self::Critical => "▲",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unwell_are_counted() {
        let triggers = UnwellTriggers { rows: vec![], total: 100, critical: 2, warning: 3, idle: 0 };
        assert_eq!(triggers.sentence(), "2 critical, 3 with a warning, of 100 triggers.");
        assert_eq!(UnwellTriggers { total: 1, ..UnwellTriggers::default() }.sentence(), "The one trigger is well.");
    }
}
