//! What a page shows: the panels of each page that there is.

use chrono::{DateTime, Utc};

use crate::{overview::Overview, panel::AnyPanel};

/// The data of one page, read from one snapshot of the database.
#[derive(Debug, Clone, PartialEq)]
pub enum PageData {
    /// Of the overview.
    Overview(Box<Overview>),
}

impl PageData {
    /// Every execution committed before this moment is counted.
    #[must_use]
    pub fn as_of(&self) -> DateTime<Utc> {
        match self {
            Self::Overview(overview) => overview.data_as_of,
        }
    }

    /// Whether anything ever ran: an empty database is welcomed, a quiet day is shown.
    #[must_use]
    pub fn has_run(&self) -> bool {
        match self {
            Self::Overview(overview) => overview.summary.has_run,
        }
    }

    /// Its panels, as the page shows them. What is in this list can be exported.
    #[must_use]
    pub fn panels(&self) -> Vec<&dyn AnyPanel> {
        match self {
            Self::Overview(overview) => vec![
                &overview.summary,
                &overview.executions,
                &overview.durations,
                &overview.action_types,
                &overview.triggers,
                &overview.failures,
            ],
        }
    }
}
