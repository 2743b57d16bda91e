//! What a page shows: the panels of each page that there is.

use chrono::{DateTime, Utc};

use crate::{
    actions::Actions, failure::Failure, failures::Failures, organizations::Organizations, overview::Overview,
    panel::AnyPanel, trigger::Trigger, triggers::Triggers,
};

/// The data of one page, read from one snapshot of the database.
#[derive(Debug, Clone, PartialEq)]
pub enum PageData {
    /// Of the overview.
    Overview(Box<Overview>),
    /// Of the page of failures.
    Failures(Box<Failures>),
    /// Of the page of one kind of failure.
    Failure(Box<Failure>),
    /// Of the page of organizations.
    Organizations(Box<Organizations>),
    /// Of the page of actions.
    Actions(Box<Actions>),
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
            Self::Failures(failures) => failures.data_as_of,
            Self::Failure(failure) => failure.data_as_of,
            Self::Organizations(organizations) => organizations.data_as_of,
            Self::Actions(actions) => actions.data_as_of,
            Self::Triggers(triggers) => triggers.data_as_of,
            Self::Trigger(trigger) => trigger.data_as_of,
        }
    }

    /// Whether anything ever ran: an empty database is welcomed, a quiet day is shown.
    #[must_use]
    pub fn has_run(&self) -> bool {
        match self {
            Self::Overview(overview) => overview.summary.has_run,
            Self::Failures(failures) => failures.has_run,
            Self::Failure(failure) => failure.has_run,
            Self::Organizations(organizations) => organizations.has_run,
            Self::Actions(actions) => actions.has_run,
            Self::Triggers(triggers) => triggers.has_run,
            Self::Trigger(_) => true,
        }
    }

    /// Whether there is something by the name that the address holds.
    #[must_use]
    pub fn is_found(&self) -> bool {
        match self {
            Self::Trigger(trigger) => trigger.panels.is_some(),
            _ => true,
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
            Self::Actions(actions) => vec![
                &actions.executions,
                &actions.types,
                &actions.success_rate,
                &actions.durations,
                &actions.duration_classes,
                &actions.peak_hours,
                &actions.growth,
            ],
            Self::Triggers(triggers) => vec![&triggers.list],
            Self::Trigger(trigger) => match &trigger.panels {
                Some(panels) => vec![
                    &panels.profile,
                    &panels.summary,
                    &panels.executions,
                    &panels.retries,
                    &panels.recent,
                    &panels.spread,
                    &panels.failures,
                ],
                None => Vec::new(),
            },
            Self::Failures(failures) => {
                vec![&failures.by_time, &failures.by_type, &failures.errors, &failures.by_trigger, &failures.rows]
            }
            Self::Failure(failure) => vec![&failure.kind, &failure.by_time, &failure.by_trigger, &failure.rows],
            Self::Organizations(organizations) => {
                vec![&organizations.executions, &organizations.top, &organizations.growth, &organizations.usage]
            }
        }
    }
}
