//! CSV, with the bytes and the true line of every row.
//!
//! The reader of the `csv` crate counts an empty line, or the second byte of a Windows line end, to the row that
//! follows. So the bytes are recorded as it reads them, and lines are counted here.

use std::borrow::Cow;
use std::io::{self, Read};

use anyhow::{Context as _, bail};
use csv::ByteRecord;

use super::intake::{RawRow, RowSink};
use super::row::{COLUMNS, Cells, Problem, REQUIRED, position};

/// Bytes of one row. Beyond that a quote was opened and never closed, most likely.
pub const ROW_LIMIT_BYTES: usize = 16 * 1024 * 1024;

/// Hands every row of `input` to `sink`; columns named in `ignored` are left out.
pub fn read(input: impl Read, ignored: &[String], sink: &mut impl RowSink) -> anyhow::Result<()> {
    let mut rows = Rows::new(input);
    let Some((_, header_bytes)) = rows.next()? else {
        bail!("the file is empty; its first line must name the columns, such as {}", COLUMNS.join(","));
    };
    sink.header(&header_bytes);
    let header = Header::new(&rows.record, ignored)?;
    while let Some((line, bytes)) = rows.next()? {
        let cells = header.cells(&rows.record, &bytes, rows.at_end());
        sink.row(RawRow { line, bytes: &bytes, cells })?;
    }
    Ok(())
}

/// Which column each field of a row belongs to; `None` for an ignored one.
struct Header(Vec<Option<usize>>);

impl Header {
    fn new(record: &ByteRecord, ignored: &[String]) -> anyhow::Result<Self> {
        let mut columns = Vec::with_capacity(record.len());
        let mut unknown = Vec::new();
        for field in record {
            let name = String::from_utf8_lossy(field).trim().to_owned();
            let column = position(&name);
            if column.is_some() && columns.contains(&column) {
                bail!("line 1: column {name} is there twice; each may be there once");
            }
            if column.is_none() && !ignored.contains(&name) {
                unknown.push(super::quoted(&name));
            }
            columns.push(column);
        }
        if !unknown.is_empty() {
            bail!(
                "line 1: unknown column {}; known are {}. To leave columns out knowingly: --ignore-columns NAME,…",
                unknown.join(", "),
                COLUMNS.join(", ")
            );
        }
        let missing: Vec<&str> = REQUIRED.into_iter().filter(|name| !columns.contains(&position(name))).collect();
        if !missing.is_empty() {
            bail!("line 1: no column {}; every file needs {}", missing.join(", "), REQUIRED.join(", "));
        }
        Ok(Self(columns))
    }

    fn cells<'a>(&self, record: &'a ByteRecord, bytes: &[u8], at_end: bool) -> Result<Cells<'a>, Vec<Problem>> {
        if at_end && bytes.iter().filter(|byte| **byte == b'"').count() % 2 == 1 {
            return Err(vec![Problem::with_row("a quote opened in this row is never closed; close or double it")]);
        }
        if record.len() != self.0.len() {
            return Err(vec![Problem::with_row(format!(
                "has {} fields, the header has {}; a comma within a value needs quotes around the value",
                record.len(),
                self.0.len()
            ))]);
        }
        let mut cells = Cells::default();
        let mut problems = Vec::new();
        for (field, column) in record.iter().zip(&self.0) {
            let (Some(column), false) = (*column, field.is_empty()) else { continue };
            match std::str::from_utf8(field) {
                Ok(text) => cells[column] = Some(Cow::Borrowed(text)),
                Err(error) => problems.push(Problem::in_column(COLUMNS[column], not_utf8(&error))),
            }
        }
        if problems.is_empty() { Ok(cells) } else { Err(problems) }
    }
}

/// What is wrong with bytes that are not UTF-8.
pub fn not_utf8(error: &std::str::Utf8Error) -> String {
    format!("byte {} is not UTF-8; save the file in that encoding", error.valid_up_to() + 1)
}

/// The rows of a CSV file, one after the other.
struct Rows<R> {
    reader: csv::Reader<Recorder<R>>,
    record: ByteRecord,
    lines: LineCounter,
}

impl<R: Read> Rows<R> {
    fn new(input: R) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(64 * 1024)
            .from_reader(Recorder::new(input));
        Self { reader, record: ByteRecord::new(), lines: LineCounter::default() }
    }

    /// Reads the next row: its first line and its bytes, line end included where it came with it.
    fn next(&mut self) -> anyhow::Result<Option<(u64, Vec<u8>)>> {
        let line = self.lines.current();
        let more = self
            .reader
            .read_byte_record(&mut self.record)
            .with_context(|| format!("cannot read on after line {}", line.saturating_sub(1)))?;
        let end = self.reader.position().byte();
        let bytes = self.reader.get_mut().take_until(end);
        if !more {
            return Ok(None);
        }
        let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.lines.count(&bytes[..blank]);
        let line = self.lines.current();
        self.lines.count(&bytes[blank..]);
        Ok(Some((line, bytes[blank..].to_vec())))
    }

    fn at_end(&self) -> bool {
        self.reader.get_ref().at_end()
    }
}

/// Counts lines that end with `\n`, `\r\n` or `\r`.
#[derive(Default)]
struct LineCounter {
    ended: u64,
    after_return: bool,
}

impl LineCounter {
    fn current(&self) -> u64 {
        self.ended + 1
    }

    fn count(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let ends = *byte == b'\r' || (*byte == b'\n' && !self.after_return);
            self.ended += u64::from(ends);
            self.after_return = *byte == b'\r';
        }
    }
}

/// Keeps what was read until it is taken.
struct Recorder<R> {
    inner: R,
    recorded: Vec<u8>,
    /// Bytes of `recorded` that were taken already.
    taken: usize,
    /// Where `recorded` begins in the file.
    start: u64,
    ended: bool,
}

impl<R> Recorder<R> {
    fn new(inner: R) -> Self {
        Self { inner, recorded: Vec::new(), taken: 0, start: 0, ended: false }
    }

    /// What was recorded and not taken yet, up to a place in the file.
    fn take_until(&mut self, place: u64) -> &[u8] {
        let end = usize::try_from(place - self.start).unwrap_or(usize::MAX).min(self.recorded.len());
        let from = std::mem::replace(&mut self.taken, end);
        &self.recorded[from..end]
    }

    fn at_end(&self) -> bool {
        self.ended && self.recorded[self.taken..].iter().all(|byte| matches!(byte, b'\r' | b'\n'))
    }
}

impl<R: Read> Read for Recorder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.recorded.drain(..self.taken);
        self.start += std::mem::take(&mut self.taken) as u64;
        if self.recorded.len() > ROW_LIMIT_BYTES {
            let limit = ROW_LIMIT_BYTES / 1024 / 1024;
            return Err(io::Error::other(format!(
                "the next row has more than {limit} MiB; most likely a quote opened there is never closed"
            )));
        }
        let count = self.inner.read(buffer)?;
        self.recorded.extend_from_slice(&buffer[..count]);
        self.ended = count == 0;
        Ok(count)
    }
}

#[cfg(test)]
#[path = "csv_file_tests.rs"]
mod tests;
