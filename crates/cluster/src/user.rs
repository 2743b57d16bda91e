//! The unprivileged user that runs Postgres when Tidemark is run by root.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};

use nix::unistd::{Uid, User};
use tokio::process::Command;

use crate::error::{ClusterError, Trying};

/// Who runs Postgres when root may not, best first.
const NAMES: [&str; 2] = ["postgres", "nobody"];

/// An unprivileged user. Without its supplementary groups: Postgres needs none of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// The name, for messages.
    pub(crate) name: String,
    uid: u32,
    gid: u32,
}

impl Account {
    /// Who is to run Postgres on `data`: the user that owns it, else the first of [`NAMES`] there is.
    /// `None`: the user of this very process, which isn't root.
    pub(crate) fn for_data(data: &Path) -> Result<Option<Self>, ClusterError> {
        let owner = fs::metadata(data).ok().map(|found| found.uid());
        if Uid::effective().is_root() {
            return match owner.filter(|uid| *uid != 0) {
                Some(uid) => Self::of_uid(uid).map(Some),
                None => Self::of_names().map(Some),
            };
        }
        match owner {
            Some(uid) if uid != Uid::effective().as_raw() => {
                let owner = Self::of_uid(uid).map_or_else(|_| uid.to_string(), |account| account.name);
                Err(ClusterError::ForeignData { directory: data.to_path_buf(), owner })
            }
            _ => Ok(None),
        }
    }

    fn of_uid(uid: u32) -> Result<Self, ClusterError> {
        // A user deleted since still owns its files: its number is enough to run Postgres as it.
        let user = User::from_uid(Uid::from_raw(uid)).ok().flatten();
        Ok(user.map_or_else(|| Self { name: uid.to_string(), uid, gid: uid }, Self::from))
    }

    fn of_names() -> Result<Self, ClusterError> {
        let user = NAMES.iter().find_map(|name| User::from_name(name).ok().flatten());
        user.map(Self::from).ok_or(ClusterError::NoAccount)
    }

    /// The number of the user.
    pub(crate) fn uid(&self) -> u32 {
        self.uid
    }

    /// The first directory, from the root, that this user cannot enter on the way to `path` (itself included, when it
    /// is a directory). Access control lists are not looked at.
    pub(crate) fn blocked_by(&self, path: &Path) -> Option<PathBuf> {
        let mut directories: Vec<&Path> = path.ancestors().collect();
        directories.reverse();
        let blocks = |directory: &&&Path| {
            fs::metadata(directory).is_ok_and(|found| {
                let bit = if found.uid() == self.uid {
                    0o100
                } else if found.gid() == self.gid {
                    0o010
                } else {
                    0o001
                };
                found.is_dir() && found.mode() & bit == 0
            })
        };
        directories.iter().find(blocks).map(|directory| directory.to_path_buf())
    }
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() }
    }
}

/// Makes `command` run as `account`, if there is one. Dropping root this way drops the supplementary groups too.
pub(crate) fn run_as(command: &mut Command, account: Option<&Account>) {
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
}

/// Gives `path` to `account`, if there is one.
pub(crate) fn give(path: &Path, account: Option<&Account>) -> Result<(), ClusterError> {
    match account {
        Some(account) => chown(path, Some(account.uid), Some(account.gid)).trying("change the owner of", path),
        None => Ok(()),
    }
}

/// The user that Postgres runs as: `account`, else the one of this process.
pub(crate) fn uid_of(account: Option<&Account>) -> u32 {
    account.map_or_else(|| Uid::effective().as_raw(), Account::uid)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_directory_that_blocks_is_named() {
        let top = tempfile::tempdir().unwrap();
        let inner = top.path().join("open/inner");
        fs::create_dir_all(&inner).unwrap();
        fs::set_permissions(top.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let stranger = Account { name: "stranger".to_owned(), uid: 64_123, gid: 64_123 };
        assert_eq!(stranger.blocked_by(&inner), Some(top.path().to_path_buf()));
        fs::set_permissions(top.path(), fs::Permissions::from_mode(0o711)).unwrap();
        assert_eq!(stranger.blocked_by(&inner), None);
    }
}
