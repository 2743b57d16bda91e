//! Executions that failed.

use chrono::{DateTime, Utc};

use crate::{
    format,
    panel::Panel,
    query::Query,
    range::Span,
    table::{Column, Table, Value},
};

/// The newest failures of the time that a page is about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewestFailures {
    /// The time.
    pub span: Span,
    /// At most [`SHOWN`] failures, newest first.
    pub rows: Vec<Failure>,
    /// How many there were in all.
    pub total: i64,
    /// What they say.
    pub messages: MessageCounts,
}

/// What the newest failures say: all of them, unless there are very many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessageCounts {
    /// How many failures were compared, the newest.
    pub failures: i64,
    /// Distinct messages among them.
    pub kinds: i64,
    /// The most frequent message among them and how often it came.
    pub most_frequent: Option<(String, i64)>,
}

/// How many failures are listed.
pub const SHOWN: i64 = 8;

/// Characters of an error message that are sent to the overview; the whole one stays in the database.
pub const MESSAGE_CHARACTERS: i32 = 500;

/// One failed execution.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Its id.
    pub id: String,
    /// The trigger that fired; `None` when it was deleted since.
    pub trigger_id: Option<String>,
    /// The trigger's name.
    pub trigger_name: Option<String>,
    /// The kind of action.
    pub action_type: String,
    /// At most [`MESSAGE_CHARACTERS`] of what the action reported.
    pub error_message: Option<String>,
    /// When it ran.
    pub executed_at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i32>,
    /// How often it had been tried again.
    pub retry_count: i32,
}

impl Panel for NewestFailures {
    const NAME: &'static str = "failures";
    const TITLE: &'static str = "Newest failures";

    /// How many there are and what they say.
    fn sentence(&self) -> String {
        if self.total == 0 {
            return format!("Nothing failed {}.", self.span.words());
        }
        let total = format!("{} {}", format::counted(self.total, "failure", "failures"), self.span.words());
        let Some((message, times)) = self.messages.most_frequent.as_ref().filter(|(_, times)| *times > 1) else {
            return format!("{total}.");
        };
        let (message, compared) = (shortened(message), self.messages.failures);
        match (*times == compared, compared < self.total) {
            (true, false) => format!("{total}, all “{message}”."),
            (true, true) => format!("{total}; the newest {}: all “{message}”.", format::count(compared)),
            (false, false) => format!("{total}; most often “{message}”, {} times.", format::count(*times)),
            (false, true) => format!(
                "{total}; of the newest {}, {} say “{message}”.",
                format::count(compared),
                format::count(*times)
            ),
        }
    }

    fn table(&self, _: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("trigger_name", "Trigger"),
            Column::text("action_type", "Type").minor(),
            Column::message("error_message", "Error"),
            Column::number("duration_ms", "Duration").minor(),
            Column::number("retry_count", "Retries").minor(),
            Column::number("executed_at", "When"),
        ]);
        for failure in &self.rows {
            table.push(vec![
                Value::from(failure.trigger()).cell(),
                Value::from(failure.action_type.as_str()).cell(),
                Value::from(failure.error_message.as_deref().unwrap_or("no message")).cell(),
                Value::milliseconds(failure.duration_ms.map(f64::from)).cell(),
                Value::from(i64::from(failure.retry_count)).cell(),
                Value::from(failure.executed_at).cell(),
            ]);
        }
        table
    }
}

impl Failure {
    /// The trigger's name, or what else is known of it.
    #[must_use]
    pub fn trigger(&self) -> &str {
        self.trigger_name.as_deref().or(self.trigger_id.as_deref()).unwrap_or("deleted trigger")
    }
}

impl NewestFailures {
    /// Distinct messages; `None` when not all failures were compared.
    #[must_use]
    pub fn kinds_of_error(&self) -> Option<i64> {
        (self.messages.failures >= self.total).then_some(self.messages.kinds)
    }
}

/// At most 60 characters of a message, on one line.
fn shortened(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(total: i64, compared: i64, most_frequent: Option<(&str, i64)>) -> NewestFailures {
        let most_frequent = most_frequent.map(|(message, times)| (message.to_owned(), times));
        NewestFailures {
            total,
            messages: MessageCounts { failures: compared, kinds: 3, most_frequent },
            ..NewestFailures::default()
        }
    }

    fn failures(total: i64, most_frequent: Option<(&str, i64)>) -> String {
        compared(total, total, most_frequent).sentence()
    }

    #[test]
    fn where_not_all_are_compared_that_is_said() {
        let some = compared(16_700, 1_000, Some(("HTTP 429", 148)));
        assert_eq!(some.sentence(), "16,700 failures in the last 24 hours; of the newest 1,000, 148 say “HTTP 429”.");
        assert_eq!(some.kinds_of_error(), None);
        let all = compared(16_700, 1_000, Some(("HTTP 429", 1_000)));
        assert_eq!(all.sentence(), "16,700 failures in the last 24 hours; the newest 1,000: all “HTTP 429”.");
        assert_eq!(compared(5, 5, None).kinds_of_error(), Some(3));
    }

    #[test]
    fn the_most_frequent_message_is_quoted() {
        assert_eq!(
            failures(462, Some(("HTTP 429", 148))),
            "462 failures in the last 24 hours; most often “HTTP 429”, 148 times."
        );
        assert_eq!(failures(3, Some(("cancelled", 3))), "3 failures in the last 24 hours, all “cancelled”.");
        assert_eq!(failures(1, Some(("x", 1))), "1 failure in the last 24 hours.");
        assert_eq!(failures(0, None), "Nothing failed in the last 24 hours.");
    }

    #[test]
    fn long_and_many_lined_messages_stay_on_one_short_line() {
        let long = "é\n".repeat(100);
        let sentence = failures(2, Some((&long, 2)));
        assert!(sentence.chars().count() < 120 && !sentence.contains('\n'), "{sentence}");
    }
}
