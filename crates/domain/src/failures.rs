//! Executions that failed: the page about them, its panels, and the newest ones for the overview.
//!
//! A status that is asked for stands in for failing: then the same panels are about executions that ended so.

mod by_time;
mod by_trigger;
mod by_type;
mod errors;
mod newest;
pub mod rows;
mod scope;
mod seen;

use chrono::{DateTime, Utc};

use crate::{page::Page, query::Query};

pub use by_time::{ByTime, TimeBar};
pub use by_trigger::{ByTrigger, TriggerRow};
pub use by_type::{ByType, TypeRow};
pub use errors::{ErrorKind, Errors};
pub use newest::{Failure, MESSAGE_CHARACTERS, MessageCounts, NewestFailures, SHOWN};
pub use rows::{Excerpt, Rows, Run};
pub use scope::{Among, LOOKED_AT, Limit, Scope};
pub use seen::{Seen, SeenRun};

/// Everything the page of failures shows, read in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Failures {
    /// Every execution committed before this moment is counted.
    pub data_as_of: DateTime<Utc>,
    /// What to know about how it was counted, if anything is out of the ordinary.
    pub note: Option<String>,
    /// Whether anything ever ran.
    pub has_run: bool,
    /// How many by hour or day.
    pub by_time: ByTime,
    /// How many by action type.
    pub by_type: ByType,
    /// What they say, what is alike taken together.
    pub errors: Errors,
    /// How many by trigger.
    pub by_trigger: ByTrigger,
    /// The failures themselves.
    pub rows: Rows,
}

/// The address of the rows behind a number.
#[must_use]
pub fn rows_behind(query: &Query) -> String {
    format!("{}#{}", query.href(&Page::Failures), <Rows as crate::panel::Panel>::NAME)
}
