//! Statements that the database runs, and how long they take.

use serde::Serialize;

use crate::format;

/// Lines of a plan that are told, at most.
const PLAN_LINES: usize = 300;

/// Days over which they are told.
pub const DAYS: i64 = 7;

/// How many are told.
pub const LISTED: i64 = 10;

/// A statement is slow from this many milliseconds in the mean on.
pub const SLOW_MS: f64 = 1_000.0;

/// Everything the page of statements shows.
#[derive(Debug, Clone, Default)]
pub struct Statements {
    /// Tidemark's own, those that took longest in the mean first.
    pub own: Vec<Statement>,
    /// How many different ones there are.
    pub kinds: i64,
    /// How often any of them ran.
    pub calls: i64,
    /// How long all of that took, in milliseconds.
    pub total_ms: f64,
    /// Those of the whole database, those that took longest in all first.
    pub of_database: OfDatabase,
}

/// What the extension `pg_stat_statements` knows.
#[derive(Debug, Clone, Default)]
pub enum OfDatabase {
    /// It is not there.
    #[default]
    Absent,
    /// It is there, and cannot be asked: what the database said.
    Unreadable(String),
    /// Statements of anybody, since its counters were reset.
    Known(Vec<Statement>),
}

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Its text; never with the values it ran with.
    pub text: String,
    /// How often it ran.
    pub calls: i64,
    /// How long that took in all, in milliseconds.
    pub total_ms: f64,
    /// The longest, in milliseconds.
    pub longest_ms: f64,
    /// How the database would run it with any values.
    pub plan: Plan,
}

/// How the database would run a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Plan {
    /// As `explain` tells it.
    Known(String),
    /// Why it does not tell.
    Unknown(String),
}

impl Plan {
    /// As `explain` tells it, line by line, but for what is too long to be read.
    #[must_use]
    pub fn of_lines(mut lines: Vec<String>) -> Self {
        let further = lines.len().saturating_sub(PLAN_LINES);
        lines.truncate(PLAN_LINES);
        if further > 0 {
            lines.push(format!("… and {further} further lines"));
        }
        Self::Known(lines.join("\n"))
    }
}

impl Statement {
    /// How long it takes in the mean, in milliseconds.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn mean_ms(&self) -> f64 {
        self.total_ms / self.calls.max(1) as f64
    }

    /// What it asks; see [`title`].
    #[must_use]
    pub fn title(&self) -> String {
        title(&self.text)
    }
}

/// What a statement asks, as its first comment says; without one the beginning of its text.
#[must_use]
pub fn title(text: &str) -> String {
    let lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    let comment: Vec<&str> = lines.map_while(|line| line.strip_prefix("--")).map(str::trim).collect();
    if comment.is_empty() {
        return format::shortened(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let comment = comment.join(" ");
    match comment.split_once("? ") {
        Some((question, _)) => format!("{question}?"),
        None => comment,
    }
}

impl Statements {
    /// One true sentence.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn sentence(&self) -> String {
        let Some(slowest) = self.own.first() else {
            return "No statement has been measured yet: they are added up once a minute.".to_owned();
        };
        let mean = format::milliseconds(Some(self.total_ms / self.calls.max(1) as f64));
        let all = format::counted(self.calls, "call", "calls");
        let kinds = format::counted(self.kinds, "statement", "statements");
        let slowest = format::milliseconds(Some(slowest.mean_ms()));
        format!("{all} of {kinds} in {DAYS} days took {mean} in the mean; the slowest takes {slowest}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(text: &str, calls: i64, total_ms: f64) -> Statement {
        let plan = Plan::Unknown("not asked".to_owned());
        Statement { text: text.to_owned(), calls, total_ms, longest_ms: total_ms, plan }
    }

    #[test]
    fn a_statement_is_called_what_it_asks() {
        let title = |text| statement(text, 1, 1.0).title();
        assert_eq!(title("-- Who is there? Of all\n-- the people.\nselect 1"), "Who is there?");
        assert_eq!(title("\n-- Forgets what\n-- is old.\ndelete from a"), "Forgets what is old.");
        assert_eq!(title("select a\n  from b where c = '? '"), "select a from b where c = '? '");
    }

    #[test]
    fn a_plan_that_is_too_long_is_cut() {
        let lines = |count: usize| Plan::of_lines(vec!["Seq Scan".to_owned(); count]);
        let of = |plan| if let Plan::Known(text) = plan { text.lines().count() } else { 0 };
        assert_eq!((of(lines(2)), of(lines(PLAN_LINES)), of(lines(1_000))), (2, PLAN_LINES, PLAN_LINES + 1));
    }

    #[test]
    fn the_sentence_follows_the_measures() {
        let own = vec![statement("-- A?\nselect 1", 4, 800.0), statement("-- B?\nselect 2", 16, 200.0)];
        let statements = Statements { own, kinds: 2, calls: 20, total_ms: 1000.0, ..Statements::default() };
        assert_eq!(
            statements.sentence(),
            format!(
                "20 calls of 2 statements in 7 days took {} in the mean; the slowest takes {}.",
                format::milliseconds(Some(50.0)),
                format::milliseconds(Some(200.0))
            )
        );
        assert!(Statements::default().sentence().starts_with("No statement has been measured yet"));
    }
}
