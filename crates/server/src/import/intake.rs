//! Reads all files on a thread of its own: good rows go to the database in batches, bad ones are noted or set aside.

use std::collections::HashSet;
use std::fmt;

use anyhow::{Context as _, anyhow};
use store::import::{Batch, Row};
use tokio::sync::mpsc::Sender;

use super::progress::Progress;
use super::rejects::Rejects;
use super::row::{Cells, Problem, understand};
use super::source::{Format, Source};
use super::{csv_file, json_lines};

/// Bytes sent to the database at once.
const BATCH_BYTES: usize = 128 * 1024;
/// Bad rows that are shown; all are counted, and `skip` writes all of them down.
pub const SHOWN_BAD_ROWS: usize = 20;

/// A row as it stands in its file.
pub struct RawRow<'a> {
    /// Its first line, from 1.
    pub line: u64,
    /// Its bytes, with the line end.
    pub bytes: &'a [u8],
    /// Its cells, where they can be told apart.
    pub cells: Result<Cells<'a>, Vec<Problem>>,
}

/// Where the readers of both formats put what they find.
pub trait RowSink {
    /// The bytes of the header, where the format has one.
    fn header(&mut self, bytes: &[u8]);
    /// One row; an error ends the reading.
    fn row(&mut self, row: RawRow<'_>) -> anyhow::Result<()>;
}

/// A row that cannot be imported as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The file as it was named.
    pub file: String,
    /// Its first line, from 1.
    pub line: u64,
    /// All that is wrong with it.
    pub problems: Vec<Problem>,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n" };
            write!(f, "{gap}{}:{}: {problem}", self.file, self.line)?;
        }
        Ok(())
    }
}

/// What the files held.
#[derive(Debug, Default)]
pub struct Tally {
    /// Rows, good and bad.
    pub read: u64,
    /// Bad rows.
    pub bad: u64,
    /// The first of the bad rows, at most [`SHOWN_BAD_ROWS`].
    pub shown: Vec<BadRow>,
    /// What was set aside, one per file with bad rows.
    pub rejects: Vec<Rejects>,
}

/// How files are read.
pub struct Intake {
    /// Triggers a row may name; `None` when any.
    pub known_triggers: Option<HashSet<String>>,
    /// Columns to leave out.
    pub ignored: Vec<String>,
    /// Whether bad rows are set aside; otherwise the first of them ends the sending, not the reading.
    pub skip_bad_rows: bool,
    /// Where the good rows go.
    pub sender: Sender<Batch>,
    /// Who shows how far it is.
    pub progress: Progress,
}

impl Intake {
    /// Reads every source to its end.
    pub fn read(self, sources: Vec<Source>) -> anyhow::Result<Tally> {
        let mut tally = Tally::default();
        for (index, source) in sources.into_iter().enumerate() {
            let name = source.name.clone();
            self.read_source(index, source, &mut tally).with_context(|| format!("cannot import {name}"))?;
        }
        Ok(tally)
    }

    fn read_source(&self, index: usize, source: Source, tally: &mut Tally) -> anyhow::Result<()> {
        let rejects = Rejects::new(source.rejects.clone());
        let (name, file_number) = (source.name.clone(), u32::try_from(index + 1)?);
        let mut file = FileIntake { intake: self, tally, rejects, name, file_number, batch: Batch::default() };
        match source.format {
            Format::Csv => csv_file::read(source.input, &self.ignored, &mut file)?,
            Format::Jsonl => json_lines::read(source.input, &self.ignored, &mut file)?,
        }
        file.send()?;
        let FileIntake { rejects, .. } = file;
        if !rejects.is_empty() {
            tally.rejects.push(rejects);
        }
        Ok(())
    }
}

/// One file being read.
struct FileIntake<'a> {
    intake: &'a Intake,
    tally: &'a mut Tally,
    rejects: Rejects,
    name: String,
    file_number: u32,
    batch: Batch,
}

impl RowSink for FileIntake<'_> {
    fn header(&mut self, bytes: &[u8]) {
        self.rejects.header(bytes);
    }

    fn row(&mut self, row: RawRow<'_>) -> anyhow::Result<()> {
        self.tally.read += 1;
        let understood = match &row.cells {
            Ok(cells) => understand(cells, self.intake.known_triggers.as_ref()),
            Err(problems) => Err(problems.clone()),
        };
        match understood {
            Ok(good) => self.take(good, row.line),
            Err(problems) => self.set_aside(row.line, row.bytes, problems),
        }
    }
}

impl FileIntake<'_> {
    fn take(&mut self, row: Row<'_>, line: u64) -> anyhow::Result<()> {
        let row_number = self.tally.read - self.tally.bad;
        self.batch.push(row_number, &Row { file_number: self.file_number, line, ..row });
        if self.batch.len() >= BATCH_BYTES { self.send() } else { Ok(()) }
    }

    fn set_aside(&mut self, line: u64, bytes: &[u8], problems: Vec<Problem>) -> anyhow::Result<()> {
        self.tally.bad += 1;
        let bad = BadRow { file: self.name.clone(), line, problems };
        if self.intake.skip_bad_rows {
            self.rejects.row(bytes, &bad)?;
        }
        if self.tally.shown.len() < SHOWN_BAD_ROWS {
            self.tally.shown.push(bad);
        }
        Ok(())
    }

    fn send(&mut self) -> anyhow::Result<()> {
        self.intake.progress.read(self.tally.read);
        let batch = std::mem::take(&mut self.batch);
        if batch.is_empty() || (self.tally.bad > 0 && !self.intake.skip_bad_rows) {
            return Ok(());
        }
        self.intake.sender.blocking_send(batch).map_err(|_| anyhow!("the database takes no more rows"))
    }
}

#[cfg(test)]
pub mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::import::row::COLUMNS;

    type OwnedCells = [Option<String>; COLUMNS.len()];

    /// Rows as a reader found them.
    #[derive(Default)]
    pub struct Collected {
        pub header: Vec<u8>,
        pub rows: Vec<(u64, Result<OwnedCells, Vec<Problem>>)>,
        pub bytes: Vec<Vec<u8>>,
    }

    impl RowSink for Collected {
        fn header(&mut self, bytes: &[u8]) {
            self.header = bytes.to_vec();
        }

        fn row(&mut self, row: RawRow<'_>) -> anyhow::Result<()> {
            self.rows.push((row.line, row.cells.map(|cells| cells.map(|cell| cell.map(Cow::into_owned)))));
            self.bytes.push(row.bytes.to_vec());
            Ok(())
        }
    }

    #[test]
    fn a_bad_row_names_file_line_and_column() {
        let problems = vec![Problem::in_column("status", "unknown"), Problem::with_row("too short")];
        let bad = BadRow { file: "a.csv".to_owned(), line: 7, problems };
        assert_eq!(bad.to_string(), "a.csv:7: column status: unknown\na.csv:7: too short");
    }
}
