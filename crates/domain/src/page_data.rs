//! What a page shows: the panels of each page that there is.

use chrono::{DateTime, Utc};

use crate::{overview::Overview, trigger::Trigger, triggers::Triggers};

/// The data of one page, read from one snapshot of the database.
#[derive(Debug, Clone, PartialEq)]
pub enum PageData {
    /// Of the overview.
    Overview(Box<Overview>),
    /// Of the page of all triggers.
    Triggers(Box<Triggers>),
    /// Of the page of one trigger.
    Trigger(Box<Trigger>),
}

impl PageData {
    /// Every execution committed before this moment is counted.
    #[must_use]
    pub fn as_of(&self) -> DateTime<Utc> {
        match self {
            Self::Overview(overview) => overview.data_as_of,
            Self::Triggers(triggers) => triggers.data_as_of,
            Self::Trigger(trigger) => trigger.data_as_of,
        }
    }

    /// Whether anything ever ran: an empty database is welcomed, a quiet day is shown.
    #[must_use]
    pub fn has_run(&self) -> bool {
        match self {
            Self::Overview(overview) => overview.summary.has_run,
            Self::Triggers(triggers) => triggers.has_run,
            Self::Trigger(_) => true,
        }
    }

    /// Whether there is something by the name that the address holds.
    #[must_use]
    pub fn is_found(&self) -> bool {
        match self {
            Self::Overview(_) | Self::Triggers(_) => true,
            Self::Trigger(trigger) => trigger.panels.is_some(),
        }
    }
}
