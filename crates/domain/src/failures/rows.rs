//! The failures themselves, newest first, page by page.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use percent_encoding::utf8_percent_encode;

use crate::{
    cursor::Cursor,
    failures::Scope,
    format,
    page::{ESCAPED, Page},
    panel::Panel,
    query::Query,
    table::{Column, Table, Value},
};

/// Rows of a page.
pub const OF_A_PAGE: i64 = 50;

/// Characters of a message or a response that a page shows; the whole one is behind a link.
pub const SHOWN_CHARACTERS: i32 = 10_000;

/// Characters of each message in which a text is looked for.
pub const SEARCHED_CHARACTERS: i32 = 10_000;

/// Bytes of a response, as it is stored, over which no text is looked for in it, nor is it unfolded.
pub const LARGEST_RESPONSE: i32 = 65_536;

/// One page of executions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// What it is about, and up to where this page looked.
    pub scope: Scope,
    /// At most [`OF_A_PAGE`] executions, newest first.
    pub rows: Vec<Run>,
    /// How many there are on all pages, where that is known.
    pub total: Option<i64>,
    /// Whether it is the first page.
    pub is_first: bool,
    /// Where the next page begins, if there may be more.
    pub next: Option<Cursor>,
}

/// One execution.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// Of which job.
    pub job_id: String,
    /// The event that set it off.
    pub event_id: Option<String>,
    /// The trigger that fired; `None` when it was deleted since.
    pub trigger_id: Option<String>,
    /// The trigger's name.
    pub trigger_name: Option<String>,
    /// The kind of action.
    pub action_type: String,
    /// How it ended, as the source spells it.
    pub status: String,
    /// When it ran.
    pub executed_at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i32>,
    /// How often it had been tried again.
    pub retry_count: i32,
    /// What the action reported.
    pub message: Option<Excerpt>,
    /// What it was answered, as JSON on several lines.
    pub response: Option<Excerpt>,
}

/// The beginning of a long text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// At most [`SHOWN_CHARACTERS`] characters.
    pub text: String,
    /// Whether that is all of it.
    pub is_whole: bool,
    /// Size of the whole text in bytes, as far as the database tells without reading it.
    pub bytes: i64,
}

impl Run {
    /// The trigger's name, or what else is known of it.
    #[must_use]
    pub fn trigger(&self) -> &str {
        self.trigger_name.as_deref().or(self.trigger_id.as_deref()).unwrap_or("deleted trigger")
    }

    /// Its id on the page, which knows no spaces.
    #[must_use]
    pub fn anchor(&self) -> String {
        format!("run-{}", utf8_percent_encode(&self.id, &ESCAPED))
    }

    /// The place of this row in the list.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        cursor(self.executed_at, &self.id)
    }
}

/// The place of a row in the list.
#[must_use]
pub fn cursor(executed_at: DateTime<Utc>, id: &str) -> Cursor {
    Cursor { place: executed_at.timestamp_micros().to_string(), id: id.to_owned() }
}

/// When the row ran that a cursor names; `None` of a cursor of another list.
#[must_use]
pub fn place(cursor: &Cursor) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(cursor.place.parse().ok()?)
}

/// The address of a whole text, its `message` or its `response`.
#[must_use]
pub fn whole(id: &str, part: &str) -> String {
    format!("/executions/{}/{part}", utf8_percent_encode(id, &ESCAPED))
}

impl Panel for Rows {
    const NAME: &'static str = "rows";
    const TITLE: &'static str = "One by one";

    fn title(&self) -> Cow<'static, str> {
        format!("{} one by one", self.scope.title()).into()
    }

    fn sentence(&self) -> String {
        let shown = i64::try_from(self.rows.len()).unwrap_or(i64::MAX);
        let (Some(first), Some(last)) = (self.rows.first(), self.rows.last()) else {
            return if self.is_first { self.scope.none() } else { "Nothing older.".to_owned() };
        };
        if !self.is_first {
            let (from, to) = (self.scope.spelled(first.executed_at), self.scope.spelled(last.executed_at));
            return format!("{}, from {from} back to {to}.", self.scope.counted(shown));
        }
        match self.total {
            Some(total) if total > shown => {
                format!("The newest {} of {}.", format::count(shown), self.scope.counted(total))
            }
            _ if self.next.is_some() => format!("The newest {}.", self.scope.counted(shown)),
            _ => format!("{}, newest first.", self.scope.counted(shown)),
        }
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::number("executed_at", "When"),
            Column::text("trigger_name", "Trigger"),
            Column::text("action_type", "Type"),
            Column::text("status", "Status"),
            Column::message("error_message", "Error"),
            Column::number("duration_ms", "Duration"),
            Column::number("retry_count", "Retries"),
            Column::text("id", "Id"),
        ]);
        for run in &self.rows {
            let mut trigger = Value::from(run.trigger()).cell();
            if let Some(id) = &run.trigger_id {
                trigger = trigger.linked(query.with_trigger(None).href(&Page::Trigger(id.clone())));
            }
            table.push(vec![
                Value::from(run.executed_at).cell(),
                trigger,
                Value::from(run.action_type.as_str()).cell(),
                Value::from(run.status.as_str()).cell(),
                Value::from(run.message.as_ref().map(|message| message.text.as_str())).cell(),
                Value::milliseconds(run.duration_ms.map(f64::from)).cell(),
                Value::from(i64::from(run.retry_count)).cell(),
                Value::from(run.id.as_str()).cell(),
            ]);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rows(number: usize) -> Rows {
        let executed_at = "2026-11-23T12:00:05.000001Z".parse().unwrap();
        let run = |place: usize| Run {
            id: format!("run-{place}"),
            job_id: "job".into(),
            event_id: None,
            trigger_id: Some("a/b".into()),
            trigger_name: None,
            action_type: "rest".into(),
            status: "failed".into(),
            executed_at,
            duration_ms: None,
            retry_count: 0,
            message: None,
            response: None,
        };
        Rows { rows: (0..number).map(run).collect(), is_first: true, ..Rows::default() }
    }

    #[test]
    fn it_says_which_of_how_many() {
        assert_eq!(rows(2).sentence(), "2 failures, newest first.");
        assert_eq!(Rows { total: Some(462), ..rows(2) }.sentence(), "The newest 2 of 462 failures.");
        assert_eq!(rows(0).sentence(), "No failure in the last 24 hours.");
        let second = Rows { is_first: false, ..rows(2) };
        assert_eq!(second.sentence(), "2 failures, from 23 Nov 12:00:05 UTC back to 23 Nov 12:00:05 UTC.");
        let more = Rows { next: second.rows.last().map(Run::cursor), ..rows(2) };
        assert_eq!(more.sentence(), "The newest 2 failures.");
    }

    #[test]
    fn a_cursor_names_the_row_to_the_microsecond() {
        let (rows, other) = (rows(1), Cursor { place: "x".into(), id: String::new() });
        assert_eq!(place(&rows.rows[0].cursor()), Some(rows.rows[0].executed_at));
        assert_eq!(place(&other), None);
        assert_eq!(rows.table(&Query::default()).rows[0][1].link.as_deref(), Some("/triggers/a%2Fb"));
    }
}
