//! Rows in the text form of `COPY`.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

/// One action result to be staged. Its values are checked before: what `COPY` refuses ends the whole import.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row<'a> {
    /// Number of its file, from 1.
    pub file_number: u32,
    /// Line in that file, from 1.
    pub line: u64,
    /// `None` when it brings none: then `content_hash` must be there.
    pub id: Option<&'a str>,
    /// Stands for the content of a row without an id.
    pub content_hash: Option<String>,
    /// The job that was executed.
    pub job_id: &'a str,
    /// The trigger that asked for it.
    pub trigger_id: Option<&'a str>,
    /// The event that fired the trigger.
    pub event_id: Option<&'a str>,
    /// How it acts, such as `rest`.
    pub action_type: &'a str,
    /// `success`, `failed` or `retrying`.
    pub status: &'a str,
    /// When it was executed; `None` means at the time of the import.
    pub executed_at: Option<DateTime<Utc>>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i32>,
    /// What went wrong.
    pub error_message: Option<&'a str>,
    /// The answer, as JSON text.
    pub response_data: Option<&'a str>,
    /// How often it had been tried before; `None` means never.
    pub retry_count: Option<i32>,
}

/// Rows on their way to the staging table.
#[derive(Debug, Default)]
pub struct Batch {
    text: String,
}

impl Batch {
    /// Bytes so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether there is no row yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Adds a row; `row_number` counts the rows of the whole import from 1, without a gap.
    pub fn push(&mut self, row_number: u64, row: &Row<'_>) {
        self.number(row_number);
        self.next().number(row.file_number);
        self.next().number(row.line);
        self.next().text(row.id);
        self.next().text(row.content_hash.as_deref());
        self.next().text(Some(row.job_id));
        self.next().text(row.trigger_id);
        self.next().text(row.event_id);
        self.next().text(Some(row.action_type));
        self.next().text(Some(row.status));
        let time = row.executed_at.map(|time| time.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string());
        self.next().text(time.as_deref());
        self.next().maybe_number(row.duration_ms);
        self.next().text(row.error_message);
        self.next().text(row.response_data);
        self.next().maybe_number(row.retry_count);
        self.text.push('\n');
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    fn next(&mut self) -> &mut Self {
        self.text.push('\t');
        self
    }

    fn number(&mut self, number: impl std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{number}");
    }

    fn maybe_number(&mut self, number: Option<i32>) {
        match number {
            Some(number) => self.number(number),
            None => self.text.push_str("\\N"),
        }
    }

    fn text(&mut self, text: Option<&str>) {
        let Some(text) = text else {
            self.text.push_str("\\N");
            return;
        };
        let mut plain_from = 0;
        for (at, byte) in text.bytes().enumerate() {
            let escaped = match byte {
                b'\\' => "\\\\",
                b'\n' => "\\n",
                b'\r' => "\\r",
                b'\t' => "\\t",
                _ => continue,
            };
            self.text.push_str(&text[plain_from..at]);
            self.text.push_str(escaped);
            plain_from = at + 1;
        }
        self.text.push_str(&text[plain_from..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_copy_is_escaped() {
        let mut batch = Batch::default();
        batch.push(7, &Row { job_id: "a\tb\\N\r\nc", action_type: "rest", status: "success", ..Row::default() });
        assert_eq!(
            batch.text,
            "7\t0\t0\t\\N\t\\N\ta\\tb\\\\N\\r\\nc\t\\N\t\\N\trest\tsuccess\t\\N\t\\N\t\\N\t\\N\t\\N\n"
        );
    }
}
