//! The triggers that come with an import, from a CSV file: `id,name,organization,enabled`.

use std::collections::HashSet;
use std::io::BufRead;
use std::path::Path;

use anyhow::{Context as _, bail};
use store::import::Trigger;

use super::intake::{BadRow, SHOWN_BAD_ROWS};
use super::progress::Progress;
use super::row::Problem;
use super::source::{FormatChoice, Source};
use super::values;

const COLUMNS: [&str; 4] = ["id", "name", "organization", "enabled"];

/// Reads all triggers of the file, or says what is wrong with each that is bad: action results hang on them, so
/// there is no skipping here.
pub fn read(path: &Path) -> anyhow::Result<Vec<Trigger>> {
    let source = Source::open(path, FormatChoice::Csv, None, &Progress::new(None))?;
    let name = source.name.clone();
    parse(source.input, &name).with_context(|| format!("cannot import the triggers of {name}"))
}

fn parse(input: impl BufRead, file: &str) -> anyhow::Result<Vec<Trigger>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let headers = reader.headers()?.clone();
    let places = COLUMNS.map(|column| headers.iter().position(|header| header.trim() == column));
    if let Some(unknown) = headers.iter().find(|header| !COLUMNS.contains(&header.trim())) {
        bail!("unknown column {}; known are {}", super::quoted(unknown), COLUMNS.join(", "));
    }
    if places[0].is_none() || places[1].is_none() {
        bail!("every triggers file needs the columns id and name");
    }
    let mut triggers = Vec::new();
    let mut bad = Vec::new();
    let mut seen = HashSet::new();
    for record in reader.byte_records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        match trigger(&record, headers.len(), places, &mut seen) {
            Ok(trigger) => triggers.push(trigger),
            Err(problem) => bad.push(BadRow { file: file.to_owned(), line, problems: vec![problem] }.to_string()),
        }
    }
    if bad.is_empty() {
        return Ok(triggers);
    }
    let more = bad.len().saturating_sub(SHOWN_BAD_ROWS);
    bad.truncate(SHOWN_BAD_ROWS);
    let rest = if more > 0 { format!("\n… and {more} more") } else { String::new() };
    bail!("nothing was imported, because of bad rows:\n{}{rest}", bad.join("\n"))
}

fn trigger(
    record: &csv::ByteRecord,
    fields: usize,
    places: [Option<usize>; 4],
    seen: &mut HashSet<String>,
) -> Result<Trigger, Problem> {
    if record.len() != fields {
        return Err(Problem::with_row(format!("has {} fields, the header has {fields}", record.len())));
    }
    let cell = |column: usize| -> Result<Option<String>, Problem> {
        let Some(field) = places[column].and_then(|place| record.get(place)).filter(|field| !field.is_empty()) else {
            return Ok(None);
        };
        let text = std::str::from_utf8(field).map_err(|error| super::csv_file::not_utf8(&error));
        let checked = text.and_then(|text| values::short(text, values::ID_LIMIT_BYTES));
        checked.map(|text| Some(text.to_owned())).map_err(|reason| Problem::in_column(COLUMNS[column], reason))
    };
    let required =
        |column| cell(column)?.ok_or_else(|| Problem::in_column(COLUMNS[column], "is empty; every trigger needs one"));
    let enabled = match cell(3)?.as_deref() {
        None => None,
        Some("true" | "t") => Some(true),
        Some("false" | "f") => Some(false),
        Some(other) => {
            let reason = format!("{} is neither true nor false", super::quoted(other));
            return Err(Problem::in_column("enabled", reason));
        }
    };
    let trigger = Trigger { id: required(0)?, name: required(1)?, organization: cell(2)?, enabled };
    if !seen.insert(trigger.id.clone()) {
        return Err(Problem::in_column("id", format!("{} is there twice", super::quoted(&trigger.id))));
    }
    Ok(trigger)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn triggers_are_read_in_any_column_order() {
        let triggers = parse(&b"name,id,enabled\nOne,1,false\nTwo,2,\n"[..], "t.csv").unwrap();
        let one = Trigger { id: "1".into(), name: "One".into(), organization: None, enabled: Some(false) };
        assert_eq!(triggers[0], one);
        assert_eq!(triggers[1].enabled, None);
    }

    #[test]
    fn each_bad_trigger_is_named() {
        let text = b"id,name,enabled\n1,One,maybe\n,Two,true\n3,\xff,true\n4,Four\n5,Five,\n5,Five,\n";
        let error = format!("{:#}", parse(&text[..], "t.csv").unwrap_err());
        for part in [
            "t.csv:2: column enabled: \"maybe\" is neither true nor false",
            "t.csv:3: column id: is empty",
            "t.csv:4: column name: byte 1 is not UTF-8",
            "t.csv:5: has 2 fields, the header has 3",
            "t.csv:7: column id: \"5\" is there twice",
        ] {
            assert!(error.contains(part), "{part} in {error}");
        }
        assert!(parse(&b"id,title\n"[..], "t.csv").unwrap_err().to_string().contains("unknown column \"title\""));
        assert!(parse(&b"id\n"[..], "t.csv").unwrap_err().to_string().contains("id and name"));
    }
}
