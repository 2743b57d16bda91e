//! Files: read with a clear error, digested, and written only when their content changed, so that cargo does not
//! build again what stands on them.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of ours.
const FOREIGN: [&str; 5] = ["node_modules", "target", ".git", "test-results", "screenshots"];

/// The bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The files under a folder (or the file itself), sorted; none when it is not there.
pub fn walk(top: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if top.is_file() {
        found.push(top.to_owned());
    }
    if top.is_dir() {
        for entry in fs::read_dir(top).with_context(|| format!("cannot list {}", top.display()))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !FOREIGN.contains(&name.as_str()) {
                found.extend(walk(&path)?);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A digest of some contents, in hex.
pub fn digest<'a>(contents: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for content in contents {
        hasher.update((content.len() as u64).to_le_bytes());
        hasher.update(content);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A digest of the names and contents of everything under some paths.
pub fn digest_of(tops: &[PathBuf]) -> Result<String> {
    let mut contents = Vec::new();
    for top in tops {
        for path in walk(top)? {
            contents.push(path.to_string_lossy().into_owned().into_bytes());
            contents.push(read(&path)?);
        }
    }
    Ok(digest(contents.iter().map(Vec::as_slice)))
}

/// Writes a file unless it already holds just that.
pub fn write_if_changed(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// Puts folder `new` in the place of `old`. Files with unchanged content keep their time.
pub fn replace_folder(new: &Path, old: &Path) -> Result<()> {
    for path in walk(new)? {
        let before = old.join(path.strip_prefix(new)?);
        if fs::read(&before).is_ok_and(|there| fs::read(&path).is_ok_and(|here| here == there)) {
            let time = fs::metadata(&before)?.modified()?;
            fs::File::options().append(true).open(&path)?.set_modified(time)?;
        }
    }
    let aside = old.with_extension("old");
    remove(&aside)?;
    if old.exists() {
        fs::rename(old, &aside)?;
    }
    fs::rename(new, old).with_context(|| format!("cannot put {} in place", old.display()))?;
    remove(&aside)
}

/// Removes a folder with all that is in it, if it is there.
pub fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Waits until no other `cargo xtask` makes the site; the lock ends with the file, or with the process.
pub fn lock() -> Result<fs::File> {
    let path = crate::root().join("target/xtask/lock");
    fs::create_dir_all(path.parent().unwrap_or(&path))?;
    let file = fs::File::create(&path).with_context(|| format!("cannot open {}", path.display()))?;
    file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}

/// Remembers, beside the build, what an outcome was made from.
pub struct Stamp {
    path: PathBuf,
    wanted: String,
}

impl Stamp {
    /// The stamp called `name` for what `digest` stands for.
    pub fn new(name: &str, digest: String) -> Self {
        let path = crate::root().join("target/xtask").join(format!("{name}.stamp"));
        Self { path, wanted: digest }
    }

    /// Whether the outcome was made from just this.
    pub fn is_current(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|there| there == self.wanted)
    }

    /// Remembers that the outcome is made.
    pub fn set(&self) -> Result<()> {
        write_if_changed(&self.path, self.wanted.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn replacing_a_folder_keeps_the_time_of_what_did_not_change() {
        let place = tempfile::tempdir().unwrap();
        let (old, new) = (place.path().join("site"), place.path().join("site.tmp"));
        fs::create_dir_all(&old).unwrap();
        fs::create_dir_all(&new).unwrap();
        for (name, before, after) in [("same", "1", "1"), ("changed", "1", "2")] {
            fs::write(old.join(name), before).unwrap();
            let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
            fs::File::options().append(true).open(old.join(name)).unwrap().set_modified(long_ago).unwrap();
            fs::write(new.join(name), after).unwrap();
        }
        fs::write(old.join("gone"), "1").unwrap();
        let time = |name: &str| fs::metadata(old.join(name)).unwrap().modified().unwrap();
        let before = time("same");
        replace_folder(&new, &old).unwrap();
        assert_eq!(time("same"), before);
        assert_ne!(time("changed"), before);
        assert!(!old.join("gone").exists() && !new.exists());
    }

    #[test]
    fn a_digest_tells_where_one_content_ends() {
        assert_ne!(digest([b"ab".as_slice(), b"c"]), digest([b"a".as_slice(), b"bc"]));
    }
}
