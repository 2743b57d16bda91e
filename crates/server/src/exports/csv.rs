//! The numbers of a panel as comma-separated values: numbers are plain, their unit stands in the header, moments carry
//! their offset, and what is not there is empty.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use domain::{
    annotations::{Annotation, marks},
    table::{Cell, Column, Table, Value},
    zone::Zone,
};

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// A table as it is to be written.
pub struct Sheet<'a> {
    /// The numbers.
    pub table: &'a Table,
    /// In which zone moments are told.
    pub zone: Zone,
    /// What was marked in the time of the page.
    pub annotations: &'a [Annotation],
}

/// The table in lines; the first part of a file begins with the names of the columns. A table of hours or days also says
/// which of them are there only in part, and what was marked in them.
pub fn records(sheet: &Sheet<'_>, with_header: bool) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let is_over_time = !sheet.table.bucket_starts().is_empty();
    if with_header {
        let columns = sheet.table.columns.iter().enumerate().map(|(place, column)| header(column, place, sheet.table));
        let more = ["in_part", "marks"].map(ToOwned::to_owned).into_iter().filter(|_| is_over_time);
        writer.write_record(columns.chain(more))?;
    }
    let notes = notes(sheet);
    for cells in &sheet.table.rows {
        let mut record: Vec<String> = cells.iter().map(|cell| field(&cell.value, sheet.zone)).collect();
        if is_over_time {
            let bucket = bucket(cells);
            record.push(bucket.map_or("", |(_, is_partial)| if is_partial { "yes" } else { "no" }).to_owned());
            record.push(safe(bucket.and_then(|(start, _)| notes.get(&start)).map_or("", String::as_str)));
        }
        writer.write_record(record)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// What was marked, by the hour or day.
fn notes(sheet: &Sheet<'_>) -> BTreeMap<DateTime<Utc>, String> {
    let starts = sheet.table.bucket_starts();
    let words = |all: &[&Annotation]| all.iter().map(|annotation| annotation.words()).collect::<Vec<_>>().join("; ");
    marks(&starts, sheet.annotations).iter().map(|mark| (starts[mark.place], words(&mark.annotations))).collect()
}

/// When the hour or day of a row begins, and whether it is there only in part.
fn bucket(cells: &[Cell]) -> Option<(DateTime<Utc>, bool)> {
    match cells.first()?.value {
        Value::Bucket(start, _, is_partial) => Some((start, is_partial)),
        _ => None,
    }
}

/// The name of a column with the unit of its numbers.
fn header(column: &Column, place: usize, table: &Table) -> String {
    let mut values = table.rows.iter().filter_map(|cells| cells.get(place)).map(|cell| &cell.value);
    let is_share = column.key.ends_with("_rate") || column.key.ends_with("percentage");
    match column.key.strip_suffix("_ms") {
        Some(name) => format!("{name} (ms)"),
        None if is_share || values.clone().any(|value| matches!(value, Value::Percent(_))) => {
            format!("{} (%)", column.key)
        }
        None if values.any(|value| matches!(value, Value::Milliseconds(_))) => format!("{} (ms)", column.key),
        None => column.key.to_owned(),
    }
}

/// A value for programs.
fn field(value: &Value, zone: Zone) -> String {
    match value {
        Value::Text(text) => safe(text),
        Value::Count(count) => count.to_string(),
        Value::Percent(number) | Value::Milliseconds(number) | Value::Ratio(number) => rounded(*number),
        Value::Moment(moment) => told(*moment, zone, SecondsFormat::AutoSi),
        Value::Bucket(start, ..) => told(*start, zone, SecondsFormat::Secs),
        Value::Missing => String::new(),
        // Whatever else there is has a word.
        other => safe(&other.spelled(zone)),
    }
}

/// A moment on the zone's clock, with its offset.
fn told(moment: DateTime<Utc>, zone: Zone, format: SecondsFormat) -> String {
    zone.at(moment).to_rfc3339_opts(format, false)
}

/// A number to six decimals, without zeros at its end.
fn rounded(number: f64) -> String {
    let rounded = (number * 1e6).round() / 1e6;
    if rounded.is_finite() { format!("{rounded}") } else { format!("{number}") }
}

/// A text that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
    if text.starts_with(FORMULA) && !is_number { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use domain::{annotations::Kind, range::Range, window::Window};
    use proptest::prelude::*;

    use super::*;

    fn sheet(table: &Table) -> Sheet<'_> {
        Sheet { table, zone: "Europe/Berlin".parse().unwrap(), annotations: &[] }
    }

    fn text(sheet: &Sheet<'_>) -> String {
        String::from_utf8(records(sheet, true).unwrap()).unwrap()
    }

    #[test]
    fn numbers_are_plain_and_units_are_in_the_header() {
        let moment: DateTime<Utc> = "2026-11-24T12:00:05.25Z".parse().unwrap();
        let mut table = Table::new(vec![
            Column::text("name", "Name"),
            Column::number("executions", "Runs"),
            Column::number("success_rate", "Succeeded"),
            Column::number("p95_duration_ms", "p95"),
            Column::number("last_execution_at", "Last run"),
        ]);
        table.push(vec![
            Value::from("a, \"b\"\nc").cell(),
            Value::from(12_482).cell(),
            Value::percent(Some(98.25)).cell(),
            Value::milliseconds(Some(812.0)).cell(),
            Value::from(moment).cell(),
        ]);
        table.push(vec![
            Value::from("none").cell(),
            Value::from(0).cell(),
            Value::Missing.cell(),
            Value::Missing.cell(),
            Value::Missing.cell(),
        ]);
        assert_eq!(
            text(&sheet(&table)),
            "name,executions,success_rate (%),p95_duration (ms),last_execution_at\r\n\
             \"a, \"\"b\"\"\nc\",12482,98.25,812,2026-11-24T13:00:05.250+01:00\r\nnone,0,,,\r\n"
        );
    }

    #[test]
    fn hours_say_whether_they_are_whole_and_what_was_marked() {
        let range: Range = "2026-10-25T00:00:00Z..2026-10-25T03:00:00Z".parse().unwrap();
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let window = Window::of(range, berlin, "2026-10-25T01:30:00Z".parse().unwrap());
        let buckets = window.buckets();
        let mut table = Table::new(vec![Column::text("time", "Hour")]);
        for bucket in buckets.iter().rev() {
            table.push(vec![Value::Bucket(bucket.starts, window.whole_label(bucket), bucket.partial).cell()]);
        }
        let at = "2026-10-25T00:59:00Z".parse().unwrap();
        let deploy = Annotation {
            id: 1,
            at,
            until: None,
            kind: Kind::Deploy,
            text: "=v2".to_owned(),
            created_by: None,
            created_at: at,
        };
        let sheet = Sheet { table: &table, zone: berlin, annotations: &[deploy] };
        assert_eq!(
            text(&sheet),
            "time,in_part,marks\r\n2026-10-25T02:00:00+01:00,yes,\r\n2026-10-25T02:00:00+02:00,no,Deploy: =v2\r\n",
            "the hour that the clock shows twice"
        );
    }

    #[test]
    fn no_text_is_a_formula() {
        for text in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@sum(a1)", "\t=1", "\r=1", "-inf", "+nan"] {
            assert_eq!(safe(text), format!("'{text}"));
        }
        for text in ["-5", "+49.5", "-1e3", "a=b", "", " =1", "'=1"] {
            assert_eq!(safe(text), text);
        }
    }

    proptest! {
        #[test]
        fn reading_it_gives_the_cells_again(cells in prop::collection::vec((any::<String>(), any::<i64>()), 1..20)) {
            let mut table = Table::new(vec![Column::text("text", "Text"), Column::number("number", "Number")]);
            for (text, number) in &cells {
                table.push(vec![Value::from(text.as_str()).cell(), Value::from(*number).cell()]);
            }
            let written = records(&sheet(&table), true).unwrap();
            let read = csv::Reader::from_reader(written.as_slice()).into_records().collect::<Result<Vec<_>, _>>().unwrap();
            prop_assert_eq!(read.len(), cells.len());
            for (record, (text, number)) in read.iter().zip(&cells) {
                prop_assert_eq!(&record[0], safe(text));
                prop_assert_eq!(&record[1], number.to_string());
                prop_assert!(!record[0].starts_with(FORMULA) || record[0].parse::<f64>().is_ok());
            }
        }
    }
}
