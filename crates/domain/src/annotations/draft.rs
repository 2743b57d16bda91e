//! An annotation as somebody writes it: what may stand in its fields, and what to say where it may not.

use chrono::{DateTime, NaiveDateTime, SubsecRound, TimeDelta, Utc};
use serde::Deserialize;

use super::Kind;
use crate::zone::Zone;

/// Characters of a text, at most.
pub const LONGEST_TEXT: usize = 200;

/// The longest that something lasts, in days. The table has the same limit: what touches a time is found by when it began.
pub const LONGEST_DAYS: i64 = 31;

/// How far ahead something can be marked, in days.
const AHEAD_DAYS: i64 = 1;

/// What was typed, whatever it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fields {
    /// One of [`Kind::ALL`].
    pub kind: String,
    /// A moment, or the time on the clock of the page; empty for now.
    pub at: String,
    /// The same for its end; empty for a moment.
    pub until: String,
    /// One line of text.
    pub text: String,
}

/// An annotation that makes sense and is not kept yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is.
    pub kind: Kind,
    /// When it happened, or began.
    pub at: DateTime<Utc>,
    /// When it was over; `None` for a moment.
    pub until: Option<DateTime<Utc>>,
    /// What to say about it.
    pub text: String,
}

/// What is wrong with a field, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The name of the field.
    pub field: &'static str,
    /// A sentence to stand beside it.
    pub message: String,
}

impl Draft {
    /// Reads what was typed at `now` on a page whose clock shows `zone`.
    ///
    /// # Errors
    /// A problem for each field that makes no sense.
    pub fn read(fields: &Fields, zone: Zone, now: DateTime<Utc>) -> Result<Self, Vec<FieldProblem>> {
        let kind = Kind::from_word(&fields.kind).ok_or_else(|| "Choose deploy, incident or note.".to_owned());
        let at = begin(&fields.at, zone, now);
        // An end is judged against its beginning; where that makes no sense, only by itself.
        let until = end(&fields.until, zone, at.as_ref().ok().copied());
        match (kind, at, until, text(&fields.text)) {
            (Ok(kind), Ok(at), Ok(until), Ok(text)) => Ok(Self { kind, at, until, text }),
            (kind, at, until, text) => {
                let messages = [("kind", kind.err()), ("at", at.err()), ("until", until.err()), ("text", text.err())];
                let problem = |(field, message): (_, Option<String>)| Some(FieldProblem { field, message: message? });
                Err(messages.into_iter().filter_map(problem).collect())
            }
        }
    }
}

fn text(typed: &str) -> Result<String, String> {
    match one_line(typed, LONGEST_TEXT)? {
        "" => Err(format!("Say in a few words what happened, at most {LONGEST_TEXT} characters.")),
        text => Ok(text.to_owned()),
    }
}

/// What was typed into a field of one line.
pub(crate) fn one_line(typed: &str, longest: usize) -> Result<&str, String> {
    let text = typed.trim();
    let characters = text.chars().count();
    if characters > longest {
        return Err(format!("These are {characters} characters; at most {longest} fit."));
    }
    if text.chars().any(char::is_control) {
        return Err("Write it in one line, without tabs and control characters.".to_owned());
    }
    Ok(text)
}

fn begin(typed: &str, zone: Zone, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    if typed.trim().is_empty() {
        return Ok(now.trunc_subsecs(0));
    }
    let at = moment(typed, zone)?;
    if at > now + TimeDelta::days(AHEAD_DAYS) {
        return Err("This is more than a day ahead; mark what has happened, or what is about to.".to_owned());
    }
    if at.timestamp() < 0 {
        return Err("This is before 1970; a year of four digits would be right.".to_owned());
    }
    Ok(at)
}

fn end(typed: &str, zone: Zone, at: Option<DateTime<Utc>>) -> Result<Option<DateTime<Utc>>, String> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let until = moment(typed, zone)?;
    let Some(at) = at else { return Ok(Some(until)) };
    if until <= at {
        return Err("The end has to be after the beginning; leave it empty for a moment.".to_owned());
    }
    if until - at > TimeDelta::days(LONGEST_DAYS) {
        return Err(format!("This lasts longer than {LONGEST_DAYS} days; mark its beginning and its end as moments."));
    }
    Ok(Some(until))
}

/// A moment with its offset, or a time on the clock of a zone, as browsers send it.
fn moment(typed: &str, zone: Zone) -> Result<DateTime<Utc>, String> {
    let typed = typed.trim();
    if let Ok(moment) = typed.parse::<DateTime<Utc>>() {
        return Ok(moment.trunc_subsecs(0));
    }
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"];
    let local = formats.into_iter().find_map(|format| NaiveDateTime::parse_from_str(typed, format).ok());
    let local =
        local.ok_or("Write a day and a time, as in 2026-11-24T09:30, or a moment, as in 2026-11-24T09:30:00Z.")?;
    let skipped = || format!("The clocks of {zone} skipped this time; an hour later would be right.");
    zone.moment_of(local).ok_or_else(skipped)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-24T12:00:05.25Z".parse().unwrap()
    }

    fn read(kind: &str, at: &str, until: &str, text: &str) -> Result<Draft, Vec<FieldProblem>> {
        let [kind, at, until, text] = [kind, at, until, text].map(ToOwned::to_owned);
        Draft::read(&Fields { kind, at, until, text }, "Europe/Berlin".parse().unwrap(), now())
    }

    #[test]
    fn times_are_on_the_clock_of_the_page_and_an_empty_one_is_now() {
        let draft = read("incident", "2026-11-24T09:30", "2026-11-24T09:00:00Z", "  queue stuck ").unwrap();
        assert_eq!((draft.at.to_rfc3339().as_str(), draft.text.as_str()), ("2026-11-24T08:30:00+00:00", "queue stuck"));
        assert_eq!(draft.until.unwrap().to_rfc3339(), "2026-11-24T09:00:00+00:00");
        let moment = read("deploy", "", "", "v2.4").unwrap();
        assert_eq!((moment.at.to_rfc3339().as_str(), moment.until), ("2026-11-24T12:00:05+00:00", None));
    }

    #[test]
    fn each_field_says_what_would_be_right() {
        let told = |result: Result<Draft, Vec<FieldProblem>>| {
            let problems = result.unwrap_err();
            problems.into_iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect::<Vec<_>>()
        };
        let all = told(read("party", "yesterday", "soon", " "));
        let fields: Vec<_> = all.iter().map(|problem| problem.split(':').next().unwrap()).collect();
        assert_eq!(fields, ["kind", "at", "until", "text"]);
        assert!(all[0].contains("deploy, incident or note") && all[1].contains("2026-11-24T09:30"), "{all:?}");
        assert_eq!(told(read("note", "", "", &"é".repeat(201))), ["text: These are 201 characters; at most 200 fit."]);
        assert!(told(read("note", "", "", "two\nlines"))[0].contains("one line"));
        assert!(told(read("note", "2026-11-24T09:00", "2026-11-24T09:00", "x"))[0].contains("after the beginning"));
        assert!(told(read("note", "2026-10-01T09:00", "2026-11-24T09:00", "x"))[0].contains("longer than 31 days"));
        assert!(told(read("note", "2026-11-26T09:00", "", "x"))[0].contains("more than a day ahead"));
        assert!(told(read("note", "2026-03-29T02:30", "", "x"))[0].contains("Europe/Berlin skipped this time"));
    }

    proptest! {
        #[test]
        fn nothing_typed_is_too_strange(kind in ".*", at in ".*", until in ".*", text in ".*") {
            if let Ok(draft) = read(&kind, &at, &until, &text) {
                prop_assert!((1..=LONGEST_TEXT).contains(&draft.text.chars().count()));
            }
        }
    }
}
