//! JSON Lines: one object per line, its keys named like the columns.

use std::borrow::Cow;
use std::fmt;
use std::io::{BufRead, Read as _};

use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use super::csv_file::{ROW_LIMIT_BYTES, not_utf8};
use super::intake::{RawRow, RowSink};
use super::row::{COLUMNS, Cells, Problem, position};

/// Hands every row of `input` to `sink`; keys named in `ignored` are left out. Empty lines are none.
pub fn read(mut input: impl BufRead, ignored: &[String], sink: &mut impl RowSink) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        let limit = ROW_LIMIT_BYTES as u64 + 1;
        let count = input
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut bytes)
            .with_context(|| format!("cannot read line {line}"))?;
        if count == 0 {
            break;
        }
        if count as u64 == limit {
            bail!(
                "line {line} has more than {} MiB; each row must be a line of its own",
                ROW_LIMIT_BYTES / 1024 / 1024
            );
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").filter(|_| line == 1).unwrap_or(&bytes);
        if !text.trim_ascii().is_empty() {
            sink.row(RawRow { line, bytes: &bytes, cells: cells(text.trim_ascii(), ignored) })?;
        }
    }
    Ok(())
}

fn cells<'a>(line: &'a [u8], ignored: &[String]) -> Result<Cells<'a>, Vec<Problem>> {
    let text = std::str::from_utf8(line).map_err(|error| vec![Problem::with_row(not_utf8(&error))])?;
    let pairs: Pairs<'_> =
        serde_json::from_str(text).map_err(|error| vec![Problem::with_row(not_an_object(&error))])?;
    let mut cells = Cells::default();
    let mut seen = [false; COLUMNS.len()];
    let mut problems = Vec::new();
    for (key, value) in pairs.0 {
        let Some(column) = position(&key) else {
            if !ignored.contains(&key) {
                problems.push(Problem::in_column(&key, format!("unknown key; known are {}", COLUMNS.join(", "))));
            }
            continue;
        };
        if std::mem::replace(&mut seen[column], true) {
            problems.push(Problem::in_column(&key, "is there twice; each key may be there once"));
        }
        match cell(COLUMNS[column], value.get()) {
            Ok(cell) => cells[column] = cell,
            Err(reason) => problems.push(Problem::in_column(&key, reason)),
        }
    }
    if problems.is_empty() { Ok(cells) } else { Err(problems) }
}

/// The text of one value: JSON as it stands for `response_data`, for the others what a text or number says.
fn cell<'a>(column: &str, json: &'a str) -> Result<Option<Cow<'a, str>>, String> {
    match json.as_bytes().first() {
        Some(b'n') => Ok(None),
        _ if column == "response_data" => Ok(Some(Cow::Borrowed(json))),
        Some(b'"') => {
            let text: Cow<'a, str> = match serde_json::from_str::<&'a str>(json) {
                Ok(plain) => Cow::Borrowed(plain),
                Err(_) => Cow::Owned(serde_json::from_str(json).map_err(|error| format!("is not a text ({error})"))?),
            };
            Ok(Some(text))
        }
        Some(b'-' | b'0'..=b'9') => Ok(Some(Cow::Borrowed(json))),
        _ => Err(format!("{} is neither a text nor a number nor null", super::quoted(json))),
    }
}

fn not_an_object(error: &serde_json::Error) -> String {
    let reason = error.to_string().replace(&format!(" at line {} column {}", error.line(), error.column()), "");
    format!("is not a JSON object ({reason} at byte {}); write one object per line", error.column())
}

/// The keys and values of an object, in their order and with those that are there twice.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor;

        impl<'de> Visitor<'de> for PairsVisitor {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::with_capacity(COLUMNS.len());
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(PairsVisitor)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::intake::tests::Collected;
    use super::*;

    fn rows(text: &[u8]) -> Collected {
        let mut collected = Collected::default();
        read(text, &[], &mut collected).unwrap();
        collected
    }

    #[test]
    fn values_are_read_as_they_stand() {
        let collected = rows(
            b"\xef\xbb\xbf{\"job_id\": \"a\\n\\u00e9\", \"duration_ms\": 12, \"response_data\": {\"n\": 1.50}, \"id\": null}\r\n\r\n{}",
        );
        let (line, cells) = &collected.rows[0];
        assert_eq!(*line, 1);
        let cells = cells.as_ref().unwrap();
        assert_eq!(cells[1].as_deref(), Some("a\né"));
        assert_eq!(cells[7].as_deref(), Some("12"));
        assert_eq!(cells[9].as_deref(), Some("{\"n\": 1.50}"));
        assert_eq!(cells[0], None);
        assert_eq!(collected.rows[1].0, 3);
    }

    #[test]
    fn each_wrong_line_says_why() {
        for (line, column, reason) in [
            (&b"oops"[..], None, "is not a JSON object"),
            (b"[1]", None, "is not a JSON object"),
            (b"{\"job_id\": \"a\"", None, "is not a JSON object"),
            (b"{\"job_id\": \"\xff\"}", None, "is not UTF-8"),
            (b"{\"job\": 1}", Some("job"), "unknown key"),
            (b"{\"job_id\": 1, \"job_id\": 2}", Some("job_id"), "is there twice"),
            (b"{\"job_id\": [1]}", Some("job_id"), "neither a text nor a number"),
            (b"{\"job_id\": \"\\ud800\"}", Some("job_id"), "is not a text"),
        ] {
            let collected = rows(line);
            let problem = &collected.rows[0].1.as_ref().unwrap_err()[0];
            assert_eq!(problem.column.as_deref(), column);
            assert!(problem.reason.contains(reason), "{problem}");
        }
    }
}
