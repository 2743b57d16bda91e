//! Places that the unprivileged user of Postgres can reach, when root asked for one that it can't.
//!
//! Root often works under `/root`, which nobody else may enter. Its permissions are not ours to change, so the cluster
//! goes to the state directory then, with a link to it where it was wanted; and programs that can't be reached are
//! copied there.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::binaries::Binaries;
use crate::encode::percent_encode;
use crate::error::{ClusterError, Trying};
use crate::home::set_mode;
use crate::settings::Settings;
use crate::user::Account;

/// The directory to use for `wanted`: itself when `account` can reach it, else one under the state directory, linked to
/// from `wanted`. Throw-away clusters (not durable) stay or fail, as nobody would remove them elsewhere.
pub(crate) fn reachable(wanted: &Path, account: &Account, settings: &Settings) -> Result<PathBuf, ClusterError> {
    let Some(mut blocked_by) = account.blocked_by(wanted) else { return Ok(wanted.to_path_buf()) };
    if blocked_by == wanted && is_ours(wanted)? {
        // Others may pass through, but not look around; the directories inside stay closed.
        set_mode(wanted, 0o711)?;
        match account.blocked_by(wanted) {
            Some(next) => blocked_by = next,
            None => return Ok(wanted.to_path_buf()),
        }
    }
    let data = wanted.join("postgres");
    let has_data_here = data.is_dir() && !data.is_symlink();
    if !settings.durable || has_data_here {
        return Err(ClusterError::Unreachable {
            wanted: wanted.to_path_buf(),
            blocked_by,
            account: account.name.clone(),
        });
    }
    move_out(wanted, &data, &blocked_by, &settings.state_dir)
}

/// Makes the directory to use instead of `wanted`, and the link to its data.
fn move_out(wanted: &Path, data: &Path, blocked_by: &Path, state: &Path) -> Result<PathBuf, ClusterError> {
    let directory = stand_in(state, "data", wanted)?;
    if !data.is_symlink() {
        tracing::warn!(
            wanted = %wanted.display(), used = %directory.display(), blocked_by = %blocked_by.display(),
            "the user that runs Postgres can't reach the data directory, another is used"
        );
        symlink(directory.join("postgres"), data).trying("make the link", data)?;
    }
    Ok(directory)
}

/// The programs where `account` can reach them: as they are, else a copy under the state directory.
pub(crate) fn reachable_binaries(settings: &Settings, account: Option<&Account>) -> Result<Binaries, ClusterError> {
    let binaries = settings.binaries.clone();
    let blocked = account.and_then(|account| Some((account, account.blocked_by(&binaries.directory)?)));
    let Some((account, blocked_by)) = blocked else { return Ok(binaries) };
    // Only npm packages hold all they need, so that a copy works.
    let whole = binaries.directory.parent().filter(|directory| directory.join("pg-symlinks.json").exists());
    let Some(whole) = whole else {
        return Err(ClusterError::Unreachable {
            wanted: binaries.directory,
            blocked_by,
            account: account.name.clone(),
        });
    };
    let directory = stand_in(&settings.state_dir, "binaries", &whole.join(binaries.version.to_string()))?;
    let copy = directory.join("native");
    if !copy.exists() {
        let staging = tempfile::tempdir_in(&directory).trying("make a directory in", &directory)?;
        copy_tree(whole, &staging.path().join("native")).trying("copy the Postgres programs to", &directory)?;
        fs::rename(staging.path().join("native"), &copy).trying("move the Postgres programs to", &copy)?;
    }
    Ok(Binaries { directory: copy.join("bin"), ..binaries })
}

/// A directory under `state` that is used instead of `wanted`, named after it, and which others can pass through.
fn stand_in(state: &Path, kind: &str, wanted: &Path) -> Result<PathBuf, ClusterError> {
    // `/root/a-b` becomes `root-a%2Db`: no two paths share a name.
    let name = percent_encode(wanted.as_os_str()).replace('-', "%2D").replace("%2F", "-");
    let directory = state.join(kind).join(name.trim_start_matches('-'));
    fs::create_dir_all(&directory).trying("make the directory", &directory)?;
    for level in directory.ancestors().take(3) {
        set_mode(level, 0o711)?;
    }
    Ok(directory)
}

/// Whether `directory` holds nothing, or our lock: only then are its permissions ours to change.
fn is_ours(directory: &Path) -> Result<bool, ClusterError> {
    let mut entries = fs::read_dir(directory).trying("list", directory)?;
    Ok(entries.next().is_none() || directory.join("lock").is_file())
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    fs::set_permissions(to, fs::Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else if kind.is_symlink() {
            symlink(fs::read_link(entry.path())?, &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
