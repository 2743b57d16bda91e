//! What the browser has to fetch: compressed once, told, and held to a budget.

use crate::files::{read, walk};
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Bytes of WebAssembly and glue after brotli, at most.
const FRONT_END_LIMIT: u64 = 220_000;
/// Bytes of everything the first view fetches besides its HTML, after brotli, at most.
const FIRST_VIEW_LIMIT: u64 = 450_000;
/// Files that compression makes smaller; the others are compressed already.
const COMPRESSIBLE: [&str; 9] = ["css", "html", "ico", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// The size of one file of the first view, in bytes.
pub struct Size {
    name: String,
    raw: u64,
    brotli: u64,
}

/// Gives each compressible file a `.br` sibling.
pub fn compress(site: &Path) -> Result<()> {
    for path in walk(site)? {
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        if COMPRESSIBLE.contains(&extension.as_ref()) {
            let raw = read(&path)?;
            let mut packed = Vec::new();
            let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 24);
            writer.write_all(&raw).with_context(|| format!("cannot compress {}", path.display()))?;
            drop(writer);
            if packed.len() < raw.len() {
                fs::write(sibling(&path), packed)?;
            }
        }
    }
    Ok(())
}

fn sibling(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".br");
    PathBuf::from(name)
}

/// The sizes of what the first view fetches: `pkg/` and the fonts.
pub fn of_site(site: &Path) -> Result<Vec<Size>> {
    let mut sizes = Vec::new();
    for path in walk(site)? {
        let name = path.strip_prefix(site)?.to_string_lossy().into_owned();
        let fetched = (name.starts_with("pkg/") && !name.ends_with(".br")) || name.ends_with(".woff2");
        if fetched {
            let raw = fs::metadata(&path)?.len();
            let brotli = fs::metadata(sibling(&path)).map_or(raw, |packed| packed.len());
            sizes.push(Size { name, raw, brotli });
        }
    }
    Ok(sizes)
}

/// Prints the table of the sizes and their sums.
pub fn print(sizes: &[Size]) {
    let row = |name: &str, raw: u64, brotli: u64, limit: &str| {
        let kilobytes = |bytes: u64| format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100);
        println!("    {name:<28} {:>12} {:>12} {limit:>12}", kilobytes(raw), kilobytes(brotli));
    };
    println!("\n    {:<28} {:>12} {:>12} {:>12}", "sent to the browser", "raw", "brotli", "limit");
    for size in sizes {
        row(&size.name, size.raw, size.brotli, "");
    }
    let sum = |wanted: fn(&Size) -> bool| {
        let of = sizes.iter().filter(|size| wanted(size));
        of.fold((0, 0), |(raw, brotli), size| (raw + size.raw, brotli + size.brotli))
    };
    let (raw, brotli) = sum(is_front_end);
    row("WebAssembly and glue", raw, brotli, "220 kB");
    let (raw, brotli) = sum(|_| true);
    row("first view, without its HTML", raw, brotli, "450 kB");
    println!();
}

/// An error when the site is too big.
pub fn hold_to_budget(sizes: &[Size]) -> Result<()> {
    let front_end: u64 = sizes.iter().filter(|size| is_front_end(size)).map(|size| size.brotli).sum();
    if front_end > FRONT_END_LIMIT {
        bail!("WebAssembly and glue are {front_end} bytes after brotli: at most {FRONT_END_LIMIT} are allowed");
    }
    let first_view: u64 = sizes.iter().map(|size| size.brotli).sum();
    if first_view > FIRST_VIEW_LIMIT {
        bail!("the first view takes {first_view} bytes after brotli: at most {FIRST_VIEW_LIMIT} are allowed");
    }
    Ok(())
}

fn is_front_end(size: &Size) -> bool {
    size.name.starts_with("pkg/tidemark")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn size(name: &str, brotli: u64) -> Size {
        Size { name: name.to_owned(), raw: brotli * 3, brotli }
    }

    #[test]
    fn too_much_front_end_is_an_error() {
        let sizes = [size("pkg/tidemark_bg.wasm", 210_000), size("pkg/tidemark.js", 10_001)];
        let error = hold_to_budget(&sizes).unwrap_err().to_string();
        assert!(error.starts_with("WebAssembly and glue are 220001 bytes"), "{error}");
        assert!(hold_to_budget(&sizes[..1]).is_ok());
    }

    #[test]
    fn too_much_first_view_is_an_error() {
        let error = hold_to_budget(&[size("pkg/echarts.js", 450_001)]).unwrap_err().to_string();
        assert!(error.starts_with("the first view takes 450001 bytes"), "{error}");
    }

    #[test]
    fn only_what_shrinks_gets_a_compressed_sibling() {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir(site.path().join("pkg")).unwrap();
        fs::write(site.path().join("pkg/frame.css"), "a { color: red } ".repeat(100)).unwrap();
        fs::write(site.path().join("pkg/empty.js"), "").unwrap();
        compress(site.path()).unwrap();
        let sizes = of_site(site.path()).unwrap();
        assert_eq!(sizes.len(), 2);
        assert!(sizes[1].brotli < sizes[1].raw && sizes[0].brotli == 0);
    }
}
