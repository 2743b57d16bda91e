//! The log of Postgres: bounded in size, and quoted when a start fails.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::error::{ClusterError, Trying};

/// Beyond this many bytes the log is put aside, so that both files together stay below about twice as much.
const SIZE_LIMIT: u64 = 16 * 1024 * 1024;

/// How many lines of the log, and how many bytes at most, go into an error.
const QUOTED_LINES: usize = 5;
const QUOTED_BYTES: u64 = 4096;

/// Opens the log for appending. A link is not followed: it would lead root to write elsewhere.
pub(crate) fn open(path: &Path) -> Result<File, ClusterError> {
    let mut options = OpenOptions::new();
    options.append(true).create(true).mode(0o600).custom_flags(nix::fcntl::OFlag::O_NOFOLLOW.bits());
    options.open(path).trying("open the log", path)
}

/// Copies an overlong log to `postgres.log.1` and empties it. Postgres goes on writing, as it only ever appends.
pub(crate) fn keep_short(path: &Path) {
    let too_long = fs::metadata(path).is_ok_and(|found| found.len() > SIZE_LIMIT);
    if !too_long {
        return;
    }
    let put_aside = || -> io::Result<()> {
        fs::copy(path, path.with_extension("log.1"))?;
        OpenOptions::new().write(true).open(path)?.set_len(0)
    };
    if let Err(error) = put_aside() {
        tracing::warn!(log = %path.display(), %error, "could not shorten the log of Postgres");
    }
}

/// Where the log ends now; what a start writes comes after it.
pub(crate) fn end(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

/// The last lines of the log after `position`, on one line.
pub(crate) fn quote(path: &Path, position: u64) -> String {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(position.max(length.saturating_sub(QUOTED_BYTES))))?;
        let mut bytes = Vec::new();
        file.take(QUOTED_BYTES).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) => last_lines(&String::from_utf8_lossy(&bytes)),
        Err(error) => format!("(unreadable: {error})"),
    }
}

/// The last lines of what a program said, on one line.
pub(crate) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return "(nothing)".to_owned();
    }
    lines[lines.len().saturating_sub(QUOTED_LINES)..].join(" | ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn an_overlong_log_is_put_aside_and_written_on() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("postgres.log");
        let mut writer = open(&path).unwrap();
        writer.set_len(SIZE_LIMIT + 1).unwrap();
        keep_short(&path);
        writer.write_all(b"next\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"next\n");
        assert_eq!(end(&directory.path().join("postgres.log.1")), SIZE_LIMIT + 1);
    }

    #[test]
    fn only_the_end_of_what_one_start_wrote_is_quoted() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("postgres.log");
        let mut writer = open(&path).unwrap();
        writer.write_all(b"old\n").unwrap();
        let position = end(&path);
        assert_eq!(quote(&path, position), "(nothing)");
        for line in 1..=7 {
            writeln!(writer, "line {line}").unwrap();
        }
        assert_eq!(quote(&path, position), "line 3 | line 4 | line 5 | line 6 | line 7");
    }
}
