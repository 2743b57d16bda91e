//! What mends something, and who can do that.

use std::fmt;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

/// What mends something. Its text is what people read, and what a button says that it will run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Fix {
    /// Statements for the database, to be run as they are, one after the other.
    Statements(Vec<String>),
    /// A command of Tidemark.
    Command(Command),
    /// What only people can do.
    Advice(String),
}

/// A command of Tidemark that mends something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// `tidemark migrate`.
    Migrate,
    /// `tidemark rebuild`: whole UTC days.
    Rebuild {
        /// The first of them.
        from: NaiveDate,
        /// The day after the last.
        until: NaiveDate,
    },
}

impl Fix {
    /// Whether a button can run it.
    #[must_use]
    pub fn can_be_run(&self) -> bool {
        !matches!(self, Self::Advice(_))
    }
}

impl fmt::Display for Fix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Statements(statements) => formatter.write_str(&statements.join("; ")),
            Self::Command(command) => command.fmt(formatter),
            Self::Advice(words) => formatter.write_str(words),
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Migrate => formatter.write_str("tidemark migrate"),
            Self::Rebuild { from, until } => write!(formatter, "tidemark rebuild --from {from} --until {until}"),
        }
    }
}

impl Serialize for Command {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_and_programs_read_what_will_run() {
        let statements = Fix::Statements(vec!["drop a".to_owned(), "create a".to_owned()]);
        assert_eq!(statements.to_string(), "drop a; create a");
        assert_eq!(json!(statements), json!({ "kind": "statements", "text": ["drop a", "create a"] }));
        let (from, until) = (NaiveDate::MIN, NaiveDate::MIN);
        let rebuild = Fix::Command(Command::Rebuild { from, until });
        assert_eq!(json!(rebuild), json!({ "kind": "command", "text": rebuild.to_string() }));
        assert_eq!(json!(Fix::Command(Command::Migrate))["text"], "tidemark migrate");
        let advice = Fix::Advice("a larger disk".to_owned());
        assert!(statements.can_be_run() && rebuild.can_be_run() && !advice.can_be_run());
    }
}
