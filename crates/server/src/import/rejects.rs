//! Bad rows, set aside as they stand, so that they can be mended and imported again.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use tempfile::NamedTempFile;

use super::intake::BadRow;

/// The bad rows of one file. Nothing is written until there is one, and nothing gets its name before [`Rejects::keep`].
#[derive(Debug)]
pub struct Rejects {
    target: PathBuf,
    header: Vec<u8>,
    files: Option<Files>,
}

#[derive(Debug)]
struct Files {
    rows: BufWriter<NamedTempFile>,
    reasons: BufWriter<NamedTempFile>,
}

impl Rejects {
    /// To be kept at `target`, with the reasons beside it.
    pub fn new(target: PathBuf) -> Self {
        Self { target, header: Vec::new(), files: None }
    }

    /// Whether there is no bad row.
    pub fn is_empty(&self) -> bool {
        self.files.is_none()
    }

    /// What stands above the rows.
    pub fn header(&mut self, bytes: &[u8]) {
        self.header = with_line_end(bytes);
    }

    /// Sets one row aside.
    pub fn row(&mut self, bytes: &[u8], bad: &BadRow) -> anyhow::Result<()> {
        let context =
            || format!("cannot set bad rows aside beside {}; name another place with --rejects", self.target.display());
        if self.files.is_none() {
            self.files = Some(Files::new(&self.target, &self.header).with_context(context)?);
        }
        if let Some(files) = &mut self.files {
            files.rows.write_all(&with_line_end(bytes)).with_context(context)?;
            writeln!(files.reasons, "{bad}").with_context(context)?;
        }
        Ok(())
    }

    /// Gives the rows their name, and returns it. A file that is there already and holds something else may have been
    /// mended meanwhile: it stays, and the rows go to one with a number.
    pub fn keep(self) -> anyhow::Result<PathBuf> {
        let Some(files) = self.files else { return Ok(self.target) };
        let rows = files.rows.into_inner().map_err(io::IntoInnerError::into_error)?;
        let reasons = files.reasons.into_inner().map_err(io::IntoInnerError::into_error)?;
        for number in 1..1_000 {
            let path = numbered(&self.target, number);
            if !same_content(rows.path(), &path)? {
                continue;
            }
            let mut reasons_path = path.clone().into_os_string();
            reasons_path.push(".reasons");
            reasons
                .persist(&reasons_path)
                .with_context(|| format!("cannot write {}", Path::new(&reasons_path).display()))?;
            rows.persist(&path).with_context(|| format!("cannot write {}", path.display()))?;
            return Ok(path);
        }
        Err(anyhow!("there are too many files like {} already; move them away", self.target.display()))
    }
}

impl Files {
    fn new(target: &Path, header: &[u8]) -> io::Result<Self> {
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let new = || NamedTempFile::with_prefix_in(".rejects-", folder).map(BufWriter::new);
        let (mut rows, reasons) = (new()?, new()?);
        rows.write_all(header)?;
        Ok(Self { rows, reasons })
    }
}

fn with_line_end(bytes: &[u8]) -> Vec<u8> {
    let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    [line, b"\n"].concat()
}

/// `a.rejects.csv`, `a.rejects-2.csv`, …
fn numbered(path: &Path, number: u32) -> PathBuf {
    if number == 1 {
        return path.to_owned();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    path.with_file_name(format!("{stem}-{number}{ending}"))
}

/// Whether the second file holds what the first does, or is not there.
fn same_content(new: &Path, present: &Path) -> io::Result<bool> {
    let present = match File::open(present) {
        Ok(present) => present,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    if present.metadata()?.len() != fs::metadata(new)?.len() {
        return Ok(false);
    }
    let (mut old_bytes, mut new_bytes) = (BufReader::new(present).bytes(), BufReader::new(File::open(new)?).bytes());
    while let (Some(old), Some(new)) = (old_bytes.next(), new_bytes.next()) {
        if old? != new? {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::import::row::Problem;

    fn keep(target: &Path, rows: &[&[u8]]) -> PathBuf {
        let mut rejects = Rejects::new(target.to_owned());
        rejects.header(b"job_id,status\r\n");
        for row in rows {
            let problems = vec![Problem::in_column("status", "unknown")];
            rejects.row(row, &BadRow { file: "a.csv".to_owned(), line: 3, problems }).unwrap();
        }
        rejects.keep().unwrap()
    }

    #[test]
    fn rows_keep_their_bytes_and_older_rejects_stay() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.csv.rejects.csv");
        let first = keep(&target, &[b"a,\xff\r\n", b"b,\"x\ny\" "]);
        assert_eq!(first, target);
        assert_eq!(fs::read(&first).unwrap(), b"job_id,status\na,\xff\nb,\"x\ny\" \n");
        let reasons = fs::read_to_string(folder.path().join("a.csv.rejects.csv.reasons")).unwrap();
        assert_eq!(reasons, "a.csv:3: column status: unknown\n".repeat(2));

        assert_eq!(keep(&target, &[b"a,\xff\r\n", b"b,\"x\ny\" "]), target);
        assert_eq!(keep(&target, &[b"c,d\n"]), folder.path().join("a.csv.rejects-2.csv"));
        assert_eq!(fs::read(&target).unwrap(), fs::read(&first).unwrap());
    }
}
