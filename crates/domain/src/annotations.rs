//! Annotations: what people mark on the time axis of every chart, such as a deploy or an incident.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::{format, zone::Zone};

mod draft;
mod marks;

pub(crate) use draft::one_line;
pub use draft::{Draft, FieldProblem, Fields, LONGEST_DAYS, LONGEST_TEXT};
pub use marks::{Mark, marks};

/// How many annotations a page shows, at most: the newest of its time.
pub const SHOWN: i64 = 200;

/// Something that happened at a moment, or from one moment to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Annotation {
    /// Its number.
    pub id: i64,
    /// When it happened, or began.
    pub at: DateTime<Utc>,
    /// When it was over; `None` for a moment.
    pub until: Option<DateTime<Utc>>,
    /// What it is.
    pub kind: Kind,
    /// What people say about it, at most [`LONGEST_TEXT`] characters.
    pub text: String,
    /// Who said so; `None` while nobody has to log in.
    pub created_by: Option<String>,
    /// When it was said.
    pub created_at: DateTime<Utc>,
}

/// What an annotation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Another version went live.
    #[default]
    Deploy,
    /// Something was broken.
    Incident,
    /// Anything else worth knowing.
    Note,
}

/// The annotations of the time that a page is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Annotations {
    /// Oldest first, at most [`SHOWN`].
    pub list: Vec<Annotation>,
    /// Whether there are older ones that are left out.
    pub has_more: bool,
}

impl Kind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Deploy, Self::Incident, Self::Note];

    /// As addresses, the database and the style sheet spell it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Incident => "incident",
            Self::Note => "note",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// As people read it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Deploy => "Deploy",
            Self::Incident => "Incident",
            Self::Note => "Note",
        }
    }

    /// Its shape, so that nobody has to tell colours apart.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Deploy => "▼",
            Self::Incident => "■",
            Self::Note => "●",
        }
    }
}

impl Annotation {
    /// What it is and says: `Deploy: version 2.4`.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{}: {}", self.kind.title(), self.text)
    }

    /// When it was, on a zone's clock: `23 Nov 09:14 CET`, `23 Nov 09:14 to 10:02 CET`.
    #[must_use]
    pub fn when(&self, zone: Zone) -> String {
        let at = zone.at(self.at);
        let Some(until) = self.until.map(|until| zone.at(until)) else {
            return at.format("%-d %b %H:%M %Z").to_string();
        };
        let is_same_day =
            at.date_naive() == until.date_naive() && at.format("%Z").to_string() == until.format("%Z").to_string();
        let end = if is_same_day { "%H:%M %Z" } else { "%-d %b %H:%M %Z" };
        format!("{} to {}", at.format("%-d %b %H:%M"), until.format(end))
    }

    /// How long it lasted; `None` for a moment.
    #[must_use]
    pub fn length(&self) -> Option<TimeDelta> {
        self.until.map(|until| until - self.at)
    }
}

impl Annotations {
    /// How many there are, in words: `2 marks`, `No marks`.
    #[must_use]
    pub fn counted(&self) -> String {
        match self.list.len() {
            0 => "No marks".to_owned(),
            many if self.has_more => format!("The newest {many} marks"),
            many => format::counted(i64::try_from(many).unwrap_or(i64::MAX), "mark", "marks"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn incident(until: Option<&str>) -> Annotation {
        Annotation {
            id: 1,
            at: "2026-11-23T08:14:00Z".parse().unwrap(),
            until: until.map(|until| until.parse().unwrap()),
            kind: Kind::Incident,
            text: "queue stuck".to_owned(),
            created_by: None,
            created_at: "2026-11-23T08:20:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn it_tells_what_it_is_and_when_on_the_clock_of_the_page() {
        let berlin = "Europe/Berlin".parse().unwrap();
        assert_eq!(incident(None).words(), "Incident: queue stuck");
        assert_eq!(incident(None).when(berlin), "23 Nov 09:14 CET");
        assert_eq!(incident(Some("2026-11-23T09:02:00Z")).when(berlin), "23 Nov 09:14 to 10:02 CET");
        assert_eq!(incident(Some("2026-11-24T00:30:00Z")).when(Zone::UTC), "23 Nov 08:14 to 24 Nov 00:30 UTC");
    }

    #[test]
    fn how_many_there_are_is_said() {
        let some = |many, has_more| Annotations { list: vec![incident(None); many], has_more }.counted();
        assert_eq!(
            [some(0, false), some(1, false), some(2, false), some(200, true)],
            ["No marks", "1 mark", "2 marks", "The newest 200 marks"]
        );
        assert!(Kind::ALL.into_iter().all(|kind| Kind::from_word(kind.word()) == Some(kind)));
    }
}
