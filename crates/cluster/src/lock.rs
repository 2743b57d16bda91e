//! The lock that says which process owns a data directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::error::{ClusterError, Trying};

/// Held by the owner of a data directory. The kernel lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    /// Takes the lock, or `None` when somebody else has it.
    pub(crate) fn try_take(path: &Path) -> Result<Option<Self>, ClusterError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = options.open(path).trying("open the lock", path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).trying("lock", path),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing alone would leave it locked while a program being started still shares the file.
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "could not let go of the lock on the data directory");
        }
    }
}
