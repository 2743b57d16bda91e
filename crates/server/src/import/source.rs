//! Files, and what comes through a pipe: unpacked, and their format known.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use flate2::bufread::MultiGzDecoder;

use super::progress::Progress;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a header.
    Csv,
    /// One JSON object per line.
    Jsonl,
}

/// How rows are said to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FormatChoice {
    /// By the name of the file, or else by how it begins.
    #[default]
    Auto,
    /// Comma-separated values with a header, also gzipped.
    Csv,
    /// JSON Lines, also gzipped.
    Jsonl,
}

/// One file, open.
pub struct Source {
    /// As it was named.
    pub name: String,
    /// How its rows are written.
    pub format: Format,
    /// Its text.
    pub input: Box<dyn BufRead + Send>,
    /// Where its bad rows go.
    pub rejects: PathBuf,
}

impl Source {
    /// Opens a file, or standard input for `-`.
    pub fn open(
        path: &Path,
        choice: FormatChoice,
        rejects: Option<&Path>,
        progress: &Progress,
    ) -> anyhow::Result<Self> {
        let is_pipe = path.as_os_str() == "-";
        let name = if is_pipe { "stdin".to_owned() } else { path.display().to_string() };
        let packed: Box<dyn Read + Send> = if is_pipe { Box::new(io::stdin()) } else { Box::new(open_file(path)?) };
        let mut input = unpack(progress.count_bytes(packed)).with_context(|| format!("cannot read {name}"))?;
        let format = match choice {
            FormatChoice::Csv => Format::Csv,
            FormatChoice::Jsonl => Format::Jsonl,
            FormatChoice::Auto => match format_of_name(&name) {
                Some(format) => format,
                None => format_of_text(&mut input).with_context(|| format!("cannot read {name}"))?,
            },
        };
        let ending = if format == Format::Csv { "csv" } else { "jsonl" };
        let rejects = rejects.map_or_else(|| PathBuf::from(format!("{name}.rejects.{ending}")), Path::to_owned);
        Ok(Self { name, format, input, rejects })
    }
}

fn open_file(path: &Path) -> anyhow::Result<File> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        bail!("{} is a folder; name the files in it", path.display());
    }
    Ok(file)
}

/// Unpacks what begins like gzip; the name does not matter.
fn unpack(mut packed: impl Read + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    let mut magic = Vec::new();
    packed.by_ref().take(GZIP_MAGIC.len() as u64).read_to_end(&mut magic)?;
    let is_gzip = magic == GZIP_MAGIC;
    let whole = BufReader::with_capacity(64 * 1024, Cursor::new(magic).chain(packed));
    if is_gzip {
        Ok(Box::new(BufReader::with_capacity(64 * 1024, MultiGzDecoder::new(whole))))
    } else {
        Ok(Box::new(whole))
    }
}

fn format_of_name(name: &str) -> Option<Format> {
    let name = name.to_lowercase();
    match Path::new(name.strip_suffix(".gz").unwrap_or(&name)).extension()?.to_str()? {
        "csv" => Some(Format::Csv),
        "jsonl" | "ndjson" => Some(Format::Jsonl),
        _ => None,
    }
}

fn format_of_text(input: &mut impl BufRead) -> io::Result<Format> {
    let start = input.fill_buf()?.trim_ascii_start();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    Ok(if start.starts_with(b"{") { Format::Jsonl } else { Format::Csv })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_format_is_known_by_name_or_by_text() {
        assert_eq!(format_of_name("a/B.CSV.gz"), Some(Format::Csv));
        assert_eq!(format_of_name("a.ndjson"), Some(Format::Jsonl));
        assert_eq!(format_of_name("stdin"), None);
        assert_eq!(format_of_text(&mut &b" {\"id\""[..]).unwrap(), Format::Jsonl);
        assert_eq!(format_of_text(&mut &b"id,job_id"[..]).unwrap(), Format::Csv);
        assert_eq!(format_of_text(&mut &b""[..]).unwrap(), Format::Csv);
    }

    #[test]
    fn a_folder_and_a_missing_file_are_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(open_file(folder.path()).unwrap_err().to_string().contains("is a folder"));
        assert!(open_file(&folder.path().join("none")).unwrap_err().to_string().contains("cannot open"));
    }
}
