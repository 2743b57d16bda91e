//! The private directory where Postgres listens, and the URL that leads there.

use std::fs::{self, DirBuilder, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::encode::percent_encode;
use crate::error::{ClusterError, Trying};
use crate::home::{Home, set_mode};
use crate::user::{give, uid_of};

/// The superuser and the database that every cluster has.
pub(crate) const NAME: &str = "tidemark";

/// Names the socket in its directory; no network port.
const PORT: u16 = 5432;

/// The longest path of a socket, in bytes: 104 on macOS and 108 on Linux, a closing zero included.
const SOCKET_PATH_LIMIT: usize = 103;

/// The URL of the running cluster, as sqlx reads it. What the environment could change (`PGPORT`, `PGSSLMODE`) is set.
pub(crate) fn url(home: &Home) -> Result<String, ClusterError> {
    let host = percent_encode(current(home)?.as_os_str());
    Ok(format!("postgres://{NAME}@localhost:{PORT}/{NAME}?host={host}&sslmode=disable"))
}

/// The directory in use.
fn current(home: &Home) -> Result<PathBuf, ClusterError> {
    let path = home.socket();
    if path.is_symlink() { fs::read_link(&path).trying("read the link", &path) } else { Ok(path) }
}

/// Makes the directory ready for a Postgres that is about to start; for the owner only, while none is running.
pub(crate) fn prepare(home: &Home) -> Result<PathBuf, ClusterError> {
    let path = home.socket();
    let directory = if fits(&path) {
        if path.is_symlink() {
            fs::remove_file(&path).trying("remove the link", &path)?;
        }
        make_private(&path, home)?;
        path
    } else {
        prepare_elsewhere(&path, home)?
    };
    // What a killed Postgres left could name a process that now is another.
    for entry in fs::read_dir(&directory).trying("list", &directory)?.flatten() {
        fs::remove_file(entry.path()).trying("remove", &entry.path())?;
    }
    Ok(directory)
}

/// The directory that `link` leads to, made anew when it is gone, so that guests find it again; else a new one.
fn prepare_elsewhere(link: &Path, home: &Home) -> Result<PathBuf, ClusterError> {
    if let Ok(target) = fs::read_link(link) {
        if make_private(&target, home).is_ok() {
            return Ok(target);
        }
        fs::remove_file(link).trying("remove the link", link)?;
    }
    // `/tmp` is shorter than what TMPDIR names on some systems.
    let parent = Path::new("/tmp");
    let private = Permissions::from_mode(0o700);
    let mut builder = tempfile::Builder::new();
    let made = builder.prefix("tidemark-").permissions(private).tempdir_in(parent);
    let made = made.trying("make a directory in", parent)?;
    let directory = made.keep();
    give(&directory, home.account.as_ref())?;
    symlink(&directory, link).trying("make the link", link)?;
    Ok(directory)
}

/// Makes a directory that only the user of Postgres (and root) can enter, or sees that it is one.
fn make_private(path: &Path, home: &Home) -> Result<(), ClusterError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => give(path, home.account.as_ref()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let found = fs::symlink_metadata(path).trying("look at", path)?;
            let is_private = found.is_dir() && found.uid() == uid_of(home.account.as_ref());
            if !is_private {
                return Err(ClusterError::NotACluster(path.to_path_buf()));
            }
            set_mode(path, 0o700)
        }
        Err(error) => Err(error).trying("make the directory", path),
    }
}

/// Removes a directory outside the home after a clean stop. The link stays, and with it the path that guests know.
pub(crate) fn tidy_up(home: &Home) {
    if let Ok(target) = fs::read_link(home.socket()) {
        // Not empty or already gone: the next start sees to it.
        let _ = fs::remove_dir(target);
    }
}

/// Whether a socket in this directory has a path that the system and a URL can hold.
fn fits(directory: &Path) -> bool {
    let socket = directory.join(format!(".s.PGSQL.{PORT}"));
    socket.to_str().is_some_and(|path| path.len() <= SOCKET_PATH_LIMIT)
}
