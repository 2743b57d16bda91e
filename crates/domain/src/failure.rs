//! The failures of one kind: what its page shows.

use chrono::{DateTime, Utc};

use crate::{
    failures::{ByTime, ByTrigger, ErrorKind, Rows, Scope},
    fingerprint::{Fingerprint, VERSION},
    format,
    panel::Panel,
    query::Query,
    resolutions::{ErrorState, Resolution},
    table::{Column, Table, Value},
};

/// Everything the page of one kind of failure shows, read in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Every execution committed before this moment is counted.
    pub data_as_of: DateTime<Utc>,
    /// Whether anything ever ran.
    pub has_run: bool,
    /// What the kind is.
    pub kind: Kind,
    /// How many by hour or day.
    pub by_time: ByTime,
    /// How many by trigger.
    pub by_trigger: ByTrigger,
    /// The failures themselves.
    pub rows: Rows,
}

/// A kind of failure in numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kind {
    /// What it is about.
    pub scope: Scope,
    /// As the address names it.
    pub name: String,
    /// What was seen of it; `None` where nothing was.
    pub seen: Option<ErrorKind>,
    /// What somebody said of it.
    pub resolution: Option<Resolution>,
    /// The newest failure like it that came back outside of what the page is about.
    pub came_back: Option<DateTime<Utc>>,
}

impl Kind {
    /// Whether the name is one that this version gives.
    #[must_use]
    pub fn is_known(&self) -> bool {
        Fingerprint::parse(&self.name).is_some()
    }

    /// How it stands with it now, whatever time the page is about.
    #[must_use]
    pub fn state(&self) -> ErrorState {
        let seen = self.seen.as_ref().map(|seen| seen.last_seen);
        ErrorState::of(self.resolution.as_ref(), seen.max(self.came_back))
    }

    /// Who resolved it and when, to be read after the word of [`Kind::state`]; `None` where nobody did.
    #[must_use]
    pub fn resolved(&self) -> Option<String> {
        let Resolution { resolved_at, resolved_by, .. } = self.resolution.as_ref()?;
        let when = self.scope.spelled(*resolved_at);
        Some(match self.state() {
            ErrorState::CameBack => {
                let again = self.came_back.map(|again| format!(" The newest is of {}.", self.scope.spelled(again)));
                format!("after {resolved_by} resolved it on {when}.{}", again.unwrap_or_default())
            }
            _ => format!("by {resolved_by} on {when}."),
        })
    }
}

impl Panel for Kind {
    const NAME: &'static str = "kind";
    const TITLE: &'static str = "This kind of error";

    fn sentence(&self) -> String {
        let Some(seen) = &self.seen else {
            if self.is_known() {
                return format!("Nothing failed like this {}.", self.scope.span.words());
            }
            let example = Fingerprint::of_normalized("");
            return format!("This is no name of a kind of error, as in {example} (version {VERSION} of the rules).");
        };
        let all = self.scope.counted(seen.count);
        let triggers = match seen.triggers {
            0 => "of deleted triggers".to_owned(),
            triggers => format!("of {}", format::counted(triggers, "trigger", "triggers")),
        };
        let (first, last) = (self.scope.spelled(seen.first_seen), self.scope.spelled(seen.last_seen));
        if seen.count == 1 {
            return format!("{all} {triggers}, on {last}.");
        }
        format!("{all} {triggers}, the first on {first}, the last on {last}.")
    }

    fn table(&self, _: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("fingerprint", "Name"),
            Column::message("message", "Error"),
            Column::number("count", self.scope.title()),
            Column::number("triggers", "Triggers"),
            Column::number("first_seen", "First"),
            Column::number("last_seen", "Last"),
            Column::text("state", "State"),
            Column::number("resolved_at", "Resolved"),
            Column::text("resolved_by", "Resolved by"),
            Column::text("note", "Note"),
        ]);
        let resolution = self.resolution.as_ref();
        if let Some(seen) = &self.seen {
            table.push(vec![
                Value::from(self.name.as_str()).cell(),
                Value::from(seen.title()).cell(),
                Value::from(seen.count).cell(),
                Value::from(seen.triggers).cell(),
                Value::from(seen.first_seen).cell(),
                Value::from(seen.last_seen).cell(),
                Value::State(self.state()).cell(),
                Value::from(resolution.map(|resolution| resolution.resolved_at)).cell(),
                Value::from(resolution.map(|resolution| resolution.resolved_by.as_str())).cell(),
                Value::from(resolution.and_then(|resolution| resolution.note.as_deref())).cell(),
            ]);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn kind(count: i64, triggers: i64) -> Kind {
        let fingerprint = Fingerprint::of("refused");
        let seen = ErrorKind {
            fingerprint,
            message: "refused".into(),
            samples: vec![],
            count,
            triggers,
            first_seen: "2026-11-23T09:00:00Z".parse().unwrap(),
            last_seen: "2026-11-23T12:00:05Z".parse().unwrap(),
            trend: vec![],
        };
        Kind {
            scope: Scope::default(),
            name: fingerprint.to_string(),
            seen: Some(seen),
            resolution: None,
            came_back: None,
        }
    }

    #[test]
    fn it_says_how_many_of_whom_and_when() {
        let sentence = "7 failures of 2 triggers, the first on 23 Nov 09:00:00 UTC, the last on 23 Nov 12:00:05 UTC.";
        assert_eq!(kind(7, 2).sentence(), sentence);
        assert_eq!(kind(1, 0).sentence(), "1 failure of deleted triggers, on 23 Nov 12:00:05 UTC.");
        assert_eq!(kind(7, 2).table(&Query::default()).rows.len(), 1);
    }

    #[test]
    fn it_says_who_resolved_it_and_whether_that_held() {
        let resolved = |at: &str| {
            let resolution = Resolution { resolved_at: at.parse().unwrap(), resolved_by: "Anna".into(), note: None };
            Kind { resolution: Some(resolution), ..kind(7, 2) }.resolved().unwrap()
        };
        assert_eq!(resolved("2026-11-23T12:30:00Z"), "by Anna on 23 Nov 12:30:00 UTC.");
        assert_eq!(resolved("2026-11-23T11:30:00Z"), "after Anna resolved it on 23 Nov 11:30:00 UTC.");
        assert_eq!(kind(7, 2).resolved(), None);
        let resolved_at = "2026-11-23T12:30:00Z".parse().unwrap();
        let resolution = Some(Resolution { resolved_at, resolved_by: "Anna".into(), note: None });
        let came_back = Some("2026-11-25T08:00:00Z".parse().unwrap());
        let elsewhere = Kind { resolution, came_back, ..kind(7, 2) };
        assert_eq!(elsewhere.state(), ErrorState::CameBack);
        let words = "after Anna resolved it on 23 Nov 12:30:00 UTC. The newest is of 25 Nov 08:00:00 UTC.";
        assert_eq!(elsewhere.resolved().as_deref(), Some(words));
    }

    #[test]
    fn what_was_not_seen_and_what_is_no_name_are_told_apart() {
        let gone = Kind { seen: None, ..kind(1, 1) };
        assert_eq!(gone.sentence(), "Nothing failed like this in the last 24 hours.");
        let banana = Kind { name: "banana".into(), ..gone };
        let sentence = "This is no name of a kind of error, as in 1-cbf29ce484222325 (version 1 of the rules).";
        assert_eq!(banana.sentence(), sentence);
    }
}
