//! Kinds of error that somebody marked as resolved, and those of them that came back.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::{annotations::one_line, failures::ErrorKind, fingerprint::Fingerprint};

/// Characters of a note, at most.
pub const LONGEST_NOTE: usize = 200;

/// What somebody said of a kind of error: that it is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// When.
    pub resolved_at: DateTime<Utc>,
    /// Who.
    pub resolved_by: String,
    /// What else there is to say, at most [`LONGEST_NOTE`] characters.
    pub note: Option<String>,
}

/// How it stands with a kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ErrorState {
    /// Nobody says that it is resolved.
    #[default]
    Open,
    /// It is resolved, and nothing failed like it since.
    Resolved,
    /// It was resolved, and something failed like it after that.
    CameBack,
}

/// What was said of kinds of error, by their name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resolutions {
    /// What was said of each.
    pub said: HashMap<Fingerprint, Resolution>,
    /// The newest failure of each that came back outside of what the page is about.
    pub came_back: HashMap<Fingerprint, DateTime<Utc>>,
}

impl ErrorState {
    /// How it stands, given the newest failure of the kind that is known.
    #[must_use]
    pub fn of(resolution: Option<&Resolution>, last_seen: Option<DateTime<Utc>>) -> Self {
        match resolution {
            None => Self::Open,
            Some(resolution) if last_seen.is_some_and(|seen| seen > resolution.resolved_at) => Self::CameBack,
            Some(_) => Self::Resolved,
        }
    }

    /// As people read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
            Self::CameBack => "came back",
        }
    }

    /// As the style sheet spells it.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
            Self::CameBack => "came-back",
        }
    }

    /// Its shape, so that nobody has to tell colours apart.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::Open => "○",
            Self::Resolved => "●",
            Self::CameBack => "▲",
        }
    }
}

impl Resolutions {
    /// How it stands with a kind.
    #[must_use]
    pub fn state(&self, kind: &ErrorKind) -> ErrorState {
        let elsewhere = self.came_back.get(&kind.fingerprint).copied();
        ErrorState::of(self.said.get(&kind.fingerprint), Some(kind.last_seen).max(elsewhere))
    }
}

/// Reads a note as it was typed; none is fine.
///
/// # Errors
/// A sentence that says what would be right.
pub fn read_note(typed: &str) -> Result<Option<String>, String> {
    one_line(typed, LONGEST_NOTE).map(|note| (!note.is_empty()).then(|| note.to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn what_fails_after_it_was_resolved_came_back() {
        let resolved_at = moment("2026-11-23T12:00:00Z");
        let resolution = Resolution { resolved_at, resolved_by: "Anna".into(), note: None };
        let state = |seen: Option<&str>| ErrorState::of(Some(&resolution), seen.map(moment));
        assert_eq!(state(None), ErrorState::Resolved);
        assert_eq!(state(Some("2026-11-23T12:00:00Z")), ErrorState::Resolved);
        assert_eq!(state(Some("2026-11-23T12:00:00.000001Z")), ErrorState::CameBack);
        assert_eq!(ErrorState::of(None, Some(resolved_at)), ErrorState::Open);
    }

    #[test]
    fn a_note_is_one_line_of_at_most_200_characters_or_none() {
        assert_eq!(read_note("  "), Ok(None));
        assert_eq!(read_note(" fixed in 2.4 "), Ok(Some("fixed in 2.4".to_owned())));
        assert_eq!(read_note(&"é".repeat(200)), Ok(Some("é".repeat(200))));
        assert_eq!(read_note(&"é".repeat(201)).unwrap_err(), "These are 201 characters; at most 200 fit.");
        assert!(read_note("two\nlines").unwrap_err().contains("one line"));
    }
}
