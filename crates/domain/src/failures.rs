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
    /// The most frequent error message of the last 24 hours and how often it came.
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
        match &self.most_frequent {
            Some((message, times)) if *times > 1 && *times == self.total => {
                format!("{total} in 24 hours, all “{}”.", shortened(message))
            }
            Some((message, times)) if *times > 1 => {
                format!("{total} in 24 hours; most often “{}”, {} times.", shortened(message), format::count(*times))
            }
            _ => format!("{total} in 24 hours."),
        }
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

    fn failures(total: i64, most_frequent: Option<(&str, i64)>) -> String {
        let most_frequent = most_frequent.map(|(message, times)| (message.to_owned(), times));
        Failures { rows: vec![], total, most_frequent }.sentence()
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
