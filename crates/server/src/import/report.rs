//! What an import did, in numbers that add up: read = imported + already there + rejected.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use domain::format;

use super::intake::BadRow;
use super::progress::{counted_rows, pace};

/// What an import did.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    /// Rows in the files.
    pub read: u64,
    /// Rows that are new in the table.
    pub imported: u64,
    /// Rows whose id was in the table, or stood in an earlier row.
    pub already_there: u64,
    /// Rows among those already there that repeat the id of an earlier row of this import.
    pub repeated: u64,
    /// Bad rows, set aside.
    pub rejected: u64,
    /// The first of them.
    pub shown: Vec<BadRow>,
    /// Where all of them are; the reasons are beside them.
    pub rejects: Vec<PathBuf>,
    /// Good rows that did not say when they were executed.
    pub without_time: u64,
    /// Weeks by which every row was moved.
    pub shift_weeks: i32,
    /// Triggers written.
    pub triggers: usize,
    /// How long it took.
    pub elapsed: Duration,
    /// What else there is to know.
    pub notices: Vec<String>,
}

impl ImportReport {
    /// What a person should know beside the numbers, line by line.
    pub fn details(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.shown.iter().map(ToString::to_string).collect();
        let unseen = self.rejected - self.shown.len() as u64;
        if unseen > 0 {
            lines.push(format!("… and {} more with something wrong", counted_rows(unseen)));
        }
        for path in &self.rejects {
            lines.push(format!(
                "bad rows are set aside in {0} (why: {0}.reasons); mend them there and import that file",
                path.display()
            ));
        }
        if self.repeated > 0 {
            lines.push(format!("{} repeat the id of an earlier row; the first was taken", counted_rows(self.repeated)));
        }
        if self.without_time > 0 {
            let rows = counted_rows(self.without_time);
            lines.push(format!("{rows} without executed_at: taken as executed at the time of the import"));
        }
        if self.shift_weeks != 0 {
            let weeks = format::counted(self.shift_weeks.into(), "week", "weeks");
            let again = if self.rejected > 0 {
                format!("; import the mended rows with --shift-weeks {}", self.shift_weeks)
            } else {
                String::new()
            };
            lines.push(format!("all times moved by {weeks}{again}"));
        }
        if self.triggers > 0 {
            let triggers = i64::try_from(self.triggers).unwrap_or(i64::MAX);
            lines.push(format::counted(triggers, "trigger written", "triggers written"));
        }
        lines.extend(self.notices.iter().cloned());
        lines
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} read = {} imported + {} already there + {} rejected ({} rows/s, {})",
            counted_rows(self.read),
            count(self.imported),
            count(self.already_there),
            count(self.rejected),
            count(pace(self.read, self.elapsed)),
            format::duration(self.elapsed)
        )
    }
}

fn count(rows: u64) -> String {
    format::count(rows.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_add_up_and_the_rest_is_said() {
        let report = ImportReport {
            read: 24_936,
            imported: 24_900,
            already_there: 30,
            repeated: 2,
            rejected: 6,
            rejects: vec![PathBuf::from("a.rejects.csv")],
            shift_weeks: 650,
            elapsed: Duration::from_secs(2),
            ..ImportReport::default()
        };
        let text = format!("{report}\n{}", report.details().join("\n"));
        for part in [
            "24,936 rows read = 24,900 imported + 30 already there + 6 rejected",
            "… and 6 rows more",
            "a.rejects.csv.reasons",
            "2 rows repeat the id",
            "--shift-weeks 650",
            "(12,468 rows/s, 2 s)",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }
}
