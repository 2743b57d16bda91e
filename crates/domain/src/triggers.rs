//! Triggers and their health.

mod census;
mod list;
mod order;
mod place;
mod totals;
mod unwell;

use chrono::{DateTime, Utc};

use crate::{format, page::Page, query::Query};

pub use census::{Census, Unwell};
pub use list::{Listed, OF_A_PAGE, SPARK_DAYS, TriggerList};
pub use order::{Order, Ranking, SavedView, Sort};
pub use totals::{DirectoryEntry, Totals, Verdict};
pub use unwell::{SHOWN, UnwellTriggers};

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

/// Says that there is no trigger with an id.
#[must_use]
pub fn says_missing(id: &str) -> String {
    format!("There is no trigger “{}”, or not any more.", format::shortened(id))
}

/// One trigger, over all its recorded executions.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// Its id.
    pub id: String,
    /// What else is known of it; `None` where the `triggers` table no longer has it.
    pub entry: Option<DirectoryEntry>,
    /// All it ever ran, as of now.
    pub totals: Totals,
    /// How well it is.
    pub verdict: Verdict,
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

impl Trigger {
    /// Its name, or its id where the name is not known.
    #[must_use]
    pub fn name(&self) -> &str {
        self.entry.as_ref().map_or(&self.id, |entry| &entry.name)
    }

    /// The name with what is out of the ordinary: `Nightly (disabled)`.
    fn label(&self) -> String {
        match &self.entry {
            None => format!("{} (deleted)", self.id),
            Some(entry) if !entry.is_enabled => format!("{} (disabled)", entry.name),
            Some(entry) => entry.name.clone(),
        }
    }

    /// Its page, about the same time; what narrowed the list is left behind.
    fn link(&self, query: &Query) -> String {
        let query = query.with_trigger(None).with_organization(None).with_text(None);
        query.href(&Page::Trigger(self.id.clone()))
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
