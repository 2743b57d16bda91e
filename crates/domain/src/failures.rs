//! Executions that failed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::format;

/// The newest failures of the last 24 hours.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Failures {
    /// At most [`SHOWN`] failures, newest first.
    pub rows: Vec<Failure>,
    /// How many there were in the last 24 hours.
    pub total: i64,
    /// What they say.
    pub messages: MessageCounts,
}

/// What the newest failures say: all of them, unless there are very many.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

impl Failures {
    /// How many there are and what they say, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        if self.total == 0 {
            return "Nothing failed in the last 24 hours.".to_owned();
        }
        let total = format::counted(self.total, "failure", "failures");
        let Some((message, times)) = self.messages.most_frequent.as_ref().filter(|(_, times)| *times > 1) else {
            return format!("{total} in 24 hours.");
        };
        let (message, compared) = (shortened(message), self.messages.failures);
        match (*times == compared, compared < self.total) {
            (true, false) => format!("{total} in 24 hours, all “{message}”."),
            (true, true) => format!("{total} in 24 hours; the newest {}: all “{message}”.", format::count(compared)),
            (false, false) => {
                format!("{total} in 24 hours; most often “{message}”, {} times.", format::count(*times))
            }
            (false, true) => format!(
                "{total} in 24 hours; of the newest {}, {} say “{message}”.",
                format::count(compared),
                format::count(*times)
            ),
        }
    }

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

    fn compared(total: i64, compared: i64, most_frequent: Option<(&str, i64)>) -> Failures {
        let most_frequent = most_frequent.map(|(message, times)| (message.to_owned(), times));
        Failures { rows: vec![], total, messages: MessageCounts { failures: compared, kinds: 3, most_frequent } }
    }

    fn failures(total: i64, most_frequent: Option<(&str, i64)>) -> String {
        compared(total, total, most_frequent).sentence()
    }

    #[test]
    fn where_not_all_are_compared_that_is_said() {
        let some = compared(16_700, 1_000, Some(("HTTP 429", 148)));
        assert_eq!(some.sentence(), "16,700 failures in 24 hours; of the newest 1,000, 148 say “HTTP 429”.");
        assert_eq!(some.kinds_of_error(), None);
        let all = compared(16_700, 1_000, Some(("HTTP 429", 1_000)));
        assert_eq!(all.sentence(), "16,700 failures in 24 hours; the newest 1,000: all “HTTP 429”.");
        assert_eq!(compared(5, 5, None).kinds_of_error(), Some(3));
    }

    #[test]
    fn the_most_frequent_message_is_quoted() {
        assert_eq!(
            failures(462, Some(("HTTP 429", 148))),
            "462 failures in 24 hours; most often “HTTP 429”, 148 times."
        );
        assert_eq!(failures(3, Some(("cancelled", 3))), "3 failures in 24 hours, all “cancelled”.");
        assert_eq!(failures(1, Some(("x", 1))), "1 failure in 24 hours.");
        assert_eq!(failures(0, None), "Nothing failed in the last 24 hours.");
    }

    #[test]
    fn long_and_many_lined_messages_stay_on_one_short_line() {
        let long = "é\n".repeat(100);
        let sentence = failures(2, Some((&long, 2)));
        assert!(sentence.chars().count() < 120 && !sentence.contains('\n'), "{sentence}");
    }
}
