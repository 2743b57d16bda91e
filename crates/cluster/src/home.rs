//! What lies where. Under the data directory, or where [`relocate`](crate::relocate) puts it:
//!
//! ```text
//! lock             locked by the owner
//! postgres/        the data directory of Postgres
//! postgres.log     its log, and postgres.log.1 before that
//! socket/          where it listens; a link to a shorter path when this one is too long for a socket
//! ```

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::error::{ClusterError, Trying};
use crate::relocate;
use crate::settings::Settings;
use crate::user::Account;

/// The place of one cluster, and the user that runs it.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    directory: PathBuf,
    /// Who runs Postgres, when it isn't the user of this process.
    pub(crate) account: Option<Account>,
}

impl Home {
    /// Makes the directory and sees that the user of Postgres can reach it.
    pub(crate) fn prepare(settings: &Settings) -> Result<Self, ClusterError> {
        let wanted = &settings.data_dir;
        fs::create_dir_all(wanted).trying("make the data directory", wanted)?;
        let wanted = fs::canonicalize(wanted).trying("find the data directory", wanted)?;
        let account = Account::for_data(&wanted.join("postgres"))?;
        let directory = match &account {
            Some(account) => relocate::reachable(&wanted, account, settings)?,
            None => wanted,
        };
        Ok(Self { directory, account })
    }

    /// The directory that holds everything.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The lock that the owner holds.
    pub(crate) fn lock(&self) -> PathBuf {
        self.directory.join("lock")
    }

    /// What Postgres calls its data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.directory.join("postgres")
    }

    /// Where the data are made before they are complete.
    pub(crate) fn unfinished_data(&self) -> PathBuf {
        self.directory.join("postgres.new")
    }

    /// The log of Postgres.
    pub(crate) fn log(&self) -> PathBuf {
        self.directory.join("postgres.log")
    }

    /// The directory of the socket, or a link to it.
    pub(crate) fn socket(&self) -> PathBuf {
        self.directory.join("socket")
    }
}

/// The major version of Postgres that wrote the data under `data_dir`; `None` when there are none yet.
/// Programs of this version are needed to start it.
///
/// # Errors
/// [`ClusterError::NotACluster`] when something else is in its place, [`ClusterError::Io`] when it can't be read.
pub fn data_version(data_dir: &Path) -> Result<Option<u32>, ClusterError> {
    version_of_data(&data_dir.join("postgres"))
}

/// As [`data_version`], given what Postgres calls its data directory.
pub(crate) fn version_of_data(data: &Path) -> Result<Option<u32>, ClusterError> {
    let file = data.join("PG_VERSION");
    match fs::read_to_string(&file) {
        Ok(text) => {
            let major = text.trim().parse().map_err(|_| ClusterError::NotACluster(data.to_path_buf()))?;
            Ok(Some(major))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let is_empty = fs::read_dir(data).map_or(true, |mut entries| entries.next().is_none());
            if is_empty { Ok(None) } else { Err(ClusterError::NotACluster(data.to_path_buf())) }
        }
        Err(error) if error.kind() == ErrorKind::NotADirectory => Err(ClusterError::NotACluster(data.to_path_buf())),
        Err(error) => Err(error).trying("read", &file),
    }
}

/// Sets the permissions of a file or directory of ours.
pub(crate) fn set_mode(path: &Path, mode: u32) -> Result<(), ClusterError> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).trying("set the permissions of", path)
}
