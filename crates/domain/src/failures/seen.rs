//! The executions that were looked at one by one, as far as it takes to group them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::{
    failures::Limit,
    fingerprint::{self, Fingerprint},
};

/// What was seen of the executions of a window.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// Those that fit what was asked for, newest first.
    pub runs: Vec<SeenRun>,
    /// Up to where was looked, where that was not all of the window.
    pub limit: Option<Limit>,
}

/// One execution.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenRun {
    /// Its id.
    pub id: String,
    /// The trigger that fired.
    pub trigger_id: Option<String>,
    /// The kind of action.
    pub action_type: String,
    /// What the action reported: at most [`fingerprint::CHARACTERS`] characters.
    pub message: Option<String>,
    /// When it ran.
    pub executed_at: DateTime<Utc>,
}

impl Seen {
    /// How many fit.
    #[must_use]
    pub fn count(&self) -> i64 {
        i64::try_from(self.runs.len()).unwrap_or(i64::MAX)
    }

    /// Only those that failed alike.
    #[must_use]
    pub fn of_kind(&self, fingerprint: Fingerprint) -> Self {
        let kinds = self.fingerprints();
        let alike = self.runs.iter().zip(&kinds).filter(|(_, kind)| **kind == fingerprint);
        Self { runs: alike.map(|(run, _)| run.clone()).collect(), limit: self.limit }
    }

    /// The fingerprint of each, in their order. The same message is looked into once.
    #[must_use]
    pub fn fingerprints(&self) -> Vec<Fingerprint> {
        let mut known: HashMap<&str, Fingerprint> = HashMap::new();
        let kind = |run: &'_ SeenRun| -> Fingerprint { Fingerprint::of(run.message()) };
        let mut kinds = Vec::with_capacity(self.runs.len());
        for run in &self.runs {
            kinds.push(*known.entry(run.message()).or_insert_with(|| kind(run)));
        }
        kinds
    }
}

impl SeenRun {
    /// What it reported; nothing is an empty message.
    #[must_use]
    pub fn message(&self) -> &str {
        self.message.as_deref().unwrap_or_default()
    }

    /// Its message without what differs each time.
    #[must_use]
    pub fn normalized(&self) -> String {
        fingerprint::normalized(self.message())
    }
}

#[cfg(test)]
pub(super) mod testing {
    use chrono::TimeDelta;

    use super::*;

    /// A failure every ten minutes before noon on 23 Nov 2026, each of another trigger, of two action types.
    pub fn seen(messages: &[&str]) -> Seen {
        let noon = DateTime::from_timestamp(1_795_435_200, 0).unwrap_or_default();
        let run = |(place, message): (usize, &&str)| SeenRun {
            id: format!("run-{place}"),
            trigger_id: Some(format!("trigger-{place}")),
            action_type: if place % 2 == 0 { "rest" } else { "mail" }.to_owned(),
            message: (!message.is_empty()).then(|| (*message).to_owned()),
            executed_at: noon - TimeDelta::minutes(10 * i64::try_from(place).unwrap_or_default()),
        };
        Seen { runs: messages.iter().enumerate().map(run).collect(), limit: None }
    }
}
