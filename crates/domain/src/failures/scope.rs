//! What the panels of a page of failures are about, in words.

use chrono::{DateTime, Utc};

use crate::{format, range::Span, status::Status};

/// How many executions are looked at, at most: the newest of the time.
pub const LOOKED_AT: i64 = 10_000;

/// What a panel is about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scope {
    /// The time.
    pub span: Span,
    /// How those ended that count; failures unless another status is asked for.
    pub status: Option<Status>,
    /// What they hold.
    pub text: Option<String>,
    /// Up to where they were looked at, where that was not all of the time.
    pub limit: Option<Limit>,
}

/// Not everything was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Among what.
    pub among: Among,
    /// What is older was not looked at.
    pub back_to: DateTime<Utc>,
}

/// What was looked at, so many as [`LOOKED_AT`] of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// Failures, by their own index.
    Failures,
    /// Executions of any status.
    Runs,
    /// Executions of one trigger.
    RunsOfTrigger,
}

impl Scope {
    /// How those ended that count.
    #[must_use]
    pub fn outcome(&self) -> Status {
        self.status.unwrap_or(Status::Failed)
    }

    /// One of them, and many.
    #[must_use]
    pub fn noun(&self) -> (&'static str, &'static str) {
        match self.outcome() {
            Status::Failed => ("failure", "failures"),
            Status::Success => ("successful run", "successful runs"),
            Status::Retrying => ("retrying run", "retrying runs"),
        }
    }

    /// The title of a column or an axis: `Failures`.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self.outcome() {
            Status::Failed => "Failures",
            Status::Success => "Successful runs",
            Status::Retrying => "Retrying runs",
        }
    }

    /// So many of them: `3 failures with “timeout”`.
    #[must_use]
    pub fn counted(&self, number: i64) -> String {
        let (one, many) = self.noun();
        format!("{}{}", format::counted(number, one, many), self.with_text())
    }

    /// There are none of them in the time.
    #[must_use]
    pub fn none(&self) -> String {
        format!("No {}{} {}{}.", self.noun().0, self.with_text(), self.span.words(), self.as_far_as_seen())
    }

    /// What was looked at, where that was not all: `Of the newest 10,000 failures, back to 22 Nov 13:05:00 UTC.`
    #[must_use]
    pub fn note(&self) -> Option<String> {
        let limit = self.limit?;
        let (back_to, among) = (self.spelled(limit.back_to), limit.among.words());
        Some(format!("Only the newest {} {among} were looked at, back to {back_to}.", format::count(LOOKED_AT)))
    }

    /// A moment in the zone of the page.
    #[must_use]
    pub fn spelled(&self, moment: DateTime<Utc>) -> String {
        format::moment(&self.span.zone.at(moment))
    }

    fn with_text(&self) -> String {
        self.text.as_ref().map(|text| format!(" with “{}”", format::shortened(text))).unwrap_or_default()
    }

    fn as_far_as_seen(&self) -> String {
        let among = |limit: Limit| format!(" among the newest {} {}", format::count(LOOKED_AT), limit.among.words());
        self.limit.map(among).unwrap_or_default()
    }
}

impl Among {
    /// `failures`, `runs`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Failures => "failures",
            Self::Runs => "runs",
            Self::RunsOfTrigger => "runs of this trigger",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn it_says_what_it_is_about_and_how_far_it_goes() {
        let scope = Scope { text: Some("timeout".into()), ..Scope::default() };
        assert_eq!((scope.counted(3), scope.note()), ("3 failures with “timeout”".into(), None));
        assert_eq!(scope.none(), "No failure with “timeout” in the last 24 hours.");
        let limit = Limit { among: Among::Runs, back_to: "2026-11-22T13:05:00Z".parse().unwrap() };
        let scope = Scope { status: Some(Status::Retrying), limit: Some(limit), ..scope };
        let note = "Only the newest 10,000 runs were looked at, back to 22 Nov 13:05:00 UTC.";
        assert_eq!(scope.note().as_deref(), Some(note));
        let none = "No retrying run with “timeout” in the last 24 hours among the newest 10,000 runs.";
        assert_eq!(scope.none(), none);
    }
}
