//! From the cells of one row, still text, to an action result, or to everything that is wrong with them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use sha2::{Digest as _, Sha256};
use store::import::Row;

use super::{timestamp, values};

/// The columns a file may have, in the order of the table.
pub const COLUMNS: [&str; 11] = [
    "id",
    "job_id",
    "trigger_id",
    "event_id",
    "action_type",
    "status",
    "executed_at",
    "duration_ms",
    "error_message",
    "response_data",
    "retry_count",
];

/// The columns a file must have.
pub const REQUIRED: [&str; 3] = ["job_id", "action_type", "status"];

/// One row as text, by column; `None` where there is nothing.
pub type Cells<'a> = [Option<Cow<'a, str>>; COLUMNS.len()];

/// Something wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where in the row; `None` when it is the row as a whole.
    pub column: Option<String>,
    /// What is wrong, and what would be right.
    pub reason: String,
}

impl Problem {
    /// Wrong with the whole row.
    pub fn with_row(reason: impl Into<String>) -> Self {
        Self { column: None, reason: reason.into() }
    }

    /// Wrong with one cell.
    pub fn in_column(column: &str, reason: impl Into<String>) -> Self {
        Self { column: Some(column.to_owned()), reason: reason.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "column {column}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

/// The position of a column in [`COLUMNS`].
pub fn position(column: &str) -> Option<usize> {
    COLUMNS.iter().position(|known| *known == column)
}

/// Makes an action result of the cells; `known_triggers` is `None` where any trigger may be named.
pub fn understand<'a>(cells: &'a Cells<'_>, known_triggers: Option<&HashSet<String>>) -> Result<Row<'a>, Vec<Problem>> {
    let mut problems = Problems(Vec::new());
    let [id, job, trigger, event, action_type, status, time, duration, error, response, retries] =
        std::array::from_fn(|column| cells[column].as_deref());
    let id_text = |text| values::short(text, values::ID_LIMIT_BYTES);
    let trigger_text = |text| known_trigger(id_text(text)?, known_triggers);
    let row = Row {
        id: problems.optional("id", id.filter(|id| !id.is_empty()), id_text),
        job_id: problems.required("job_id", job, id_text),
        trigger_id: problems.optional("trigger_id", trigger.filter(|id| !id.is_empty()), trigger_text),
        event_id: problems.optional("event_id", event, id_text),
        action_type: problems
            .required("action_type", action_type, |text| values::short(text, values::ACTION_TYPE_LIMIT_BYTES)),
        status: problems.required("status", status, values::status),
        executed_at: problems.optional("executed_at", time, timestamp::parse),
        duration_ms: problems.optional("duration_ms", duration, values::whole_number),
        error_message: problems.optional("error_message", error, values::text),
        response_data: problems.optional("response_data", response, values::json),
        retry_count: problems.optional("retry_count", retries, values::whole_number),
        ..Row::default()
    };
    if !problems.0.is_empty() {
        return Err(problems.0);
    }
    let content_hash = row.id.is_none().then(|| content_hash(cells));
    Ok(Row { content_hash, ..row })
}

struct Problems(Vec<Problem>);

impl Problems {
    fn optional<'a, T>(
        &mut self,
        column: &str,
        cell: Option<&'a str>,
        parse: impl FnOnce(&'a str) -> Result<T, String>,
    ) -> Option<T> {
        parse(cell?).map_err(|reason| self.0.push(Problem::in_column(column, reason))).ok()
    }

    fn required<'a>(
        &mut self,
        column: &str,
        cell: Option<&'a str>,
        parse: impl FnOnce(&'a str) -> Result<&'a str, String>,
    ) -> &'a str {
        let cell = cell.filter(|cell| !cell.is_empty());
        if cell.is_none() {
            self.0.push(Problem::in_column(column, "is empty; every row needs one"));
        }
        self.optional(column, cell, parse).unwrap_or_default()
    }
}

fn known_trigger<'a>(id: &'a str, known: Option<&HashSet<String>>) -> Result<&'a str, String> {
    if known.is_none_or(|known| known.contains(id)) {
        return Ok(id);
    }
    Err(format!("there is no trigger {}; bring it with --triggers FILE, or leave the cell empty", super::quoted(id)))
}

/// Half a SHA-256 of what stands in a row without an id, so that importing it again finds it there.
fn content_hash(cells: &Cells<'_>) -> String {
    let mut hasher = Sha256::new();
    for cell in cells {
        // Lengths keep `ab|c` and `a|bc` apart.
        let length = cell.as_ref().map_or(u64::MAX, |cell| cell.len() as u64);
        hasher.update(length.to_le_bytes());
        hasher.update(cell.as_deref().unwrap_or_default().as_bytes());
    }
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn cells(pairs: &[(&str, &'static str)]) -> Cells<'static> {
        let mut cells = Cells::default();
        for (column, text) in [("job_id", "j"), ("action_type", "rest"), ("status", "success")].iter().chain(pairs) {
            cells[position(column).unwrap()] = Some(Cow::Borrowed(*text));
        }
        cells
    }

    #[test]
    fn every_wrong_cell_of_a_row_is_named() {
        let wrong = cells(&[("status", "done"), ("action_type", ""), ("duration_ms", "1.5"), ("trigger_id", "x")]);
        let problems = understand(&wrong, Some(&HashSet::new())).unwrap_err();
        let columns: Vec<_> = problems.iter().map(|problem| problem.column.as_deref().unwrap()).collect();
        assert_eq!(columns, ["trigger_id", "action_type", "status", "duration_ms"]);
        assert!(problems[0].reason.contains("--triggers FILE"));
    }

    #[test]
    fn a_row_without_an_id_is_known_by_its_content() {
        let hash = |pairs: &[(&str, &'static str)]| understand(&cells(pairs), None).unwrap().content_hash;
        assert_eq!(hash(&[]), hash(&[]));
        assert_eq!(hash(&[("id", "")]).unwrap().len(), 32);
        assert_ne!(hash(&[("event_id", "a")]), hash(&[("error_message", "a")]));
        assert_eq!(hash(&[("id", "x")]), None);
    }
}
