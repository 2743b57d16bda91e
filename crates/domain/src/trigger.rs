//! One trigger: all it ever ran, and what it ran in the time that the page is about.

mod profile;
mod recent;
mod retries;
mod spread;

use chrono::{DateTime, Utc};

pub use profile::Profile;
pub use recent::{LOOKED_AT, RecentDurations};
pub use retries::{Retries, RetryBar};
pub use spread::{DurationClass, Spread};

use crate::{executions::Executions, failures::NewestFailures, summary::Summary};

/// Everything that the page of one trigger shows, as of one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// Every execution committed before this moment is counted.
    pub data_as_of: DateTime<Utc>,
    /// The id that was asked for.
    pub id: String,
    /// What there is to show; `None` where nothing is known by this id.
    pub panels: Option<Panels>,
}

/// The panels of one trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct Panels {
    /// What to know about how it was counted, if anything is out of the ordinary.
    pub note: Option<String>,
    /// All it ever ran, and how well it is.
    pub profile: Profile,
    /// The time in numbers.
    pub summary: Summary,
    /// Executions by time and status.
    pub executions: Executions,
    /// Retries by time.
    pub retries: Retries,
    /// Percentiles of durations by time, of the newest executions.
    pub recent: RecentDurations,
    /// How all durations spread.
    pub spread: Spread,
    /// The newest failures.
    pub failures: NewestFailures,
}
