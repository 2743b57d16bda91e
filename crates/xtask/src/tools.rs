//! The programs the set-up needs: found, or named with the way to install them.

use crate::files::{digest, read};
use crate::root;
use crate::step::{Outcome, answer, command, quiet};
use anyhow::{Context, Result, bail};
use cluster::Binaries;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target of the front end.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The path of a program, or one line saying how to get it.
pub fn require(name: &str) -> Result<PathBuf> {
    find(name).with_context(|| {
        let how = match name {
            "node" | "npm" => "install Node.js 20 or newer: https://nodejs.org",
            "rustup" | "cargo" => "install Rust: https://rustup.rs",
            _ => "install it and see that it is in PATH",
        };
        format!("{name} is missing: {how}")
    })
}

/// The path of a program in PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}

/// Cargo at the root of the project, without the variables that `cargo xtask` itself was started with: build
/// scripts watch some of them, and would run again each time.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| text.starts_with(prefix)) {
            cargo.env_remove(&name);
        }
    }
    cargo.current_dir(root());
    cargo
}

/// Makes sure that rustc can build for the browser.
pub fn wasm_target() -> Result<Outcome> {
    let sysroot = answer(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root()))?;
    if Path::new(&sysroot).join("lib/rustlib").join(WASM).is_dir() {
        return Ok(Outcome::UpToDate);
    }
    command(Command::new(require("rustup")?).args(["target", "add", WASM]).current_dir(root()))?;
    Ok(Outcome::Done)
}

/// Installs the npm packages of a folder when those there are not of its lock file.
pub fn npm_packages(folder: &Path) -> Result<Outcome> {
    require("node")?;
    let wanted = digest([read(&folder.join("package-lock.json"))?.as_slice()]);
    let stamp = folder.join("node_modules/.lock-digest");
    if std::fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(Outcome::UpToDate);
    }
    let mut npm = Command::new(require("npm")?);
    quiet(npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
    std::fs::create_dir_all(folder.join("node_modules"))?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(Outcome::Done)
}

/// A Chromium for the browser tests: of the machine, else installed.
pub fn chromium(end2end: &Path) -> Result<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|path| path.is_file());
    if let Some(path) = named.or_else(|| names.iter().find_map(|name| find(name))) {
        return Ok(path);
    }
    if apt_install("chromium")? {
        return require("chromium");
    }
    let mut playwright = Command::new(end2end.join("node_modules/.bin/playwright"));
    command(playwright.args(["install", "chromium"]).current_dir(end2end))?;
    let script = "process.stdout.write(require('@playwright/test').chromium.executablePath())";
    let path = answer(Command::new(require("node")?).args(["-e", script]).current_dir(end2end))?;
    Ok(PathBuf::from(path))
}

/// Installs what some tests can do without: a real pg_cron for this Postgres, and a library that moves the clock of one
/// program. Says what is not to be had, since the tests of that then test nothing.
pub fn optional_packages(postgres: &Binaries) -> Outcome {
    let share = answer(Command::new(postgres.directory.join("pg_config")).arg("--sharedir")).unwrap_or_default();
    let has_cron = Path::new(&share).join("extension/pg_cron.control").is_file();
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let has_clock = folders.into_iter().any(|folder| folder.path().join("faketime").is_dir());
    let packages =
        [(has_cron, format!("postgresql-{}-cron", postgres.version.major)), (has_clock, "libfaketime".into())];
    let mut outcome = Outcome::UpToDate;
    for (_, package) in packages.iter().filter(|(is_here, _)| !is_here) {
        match apt_install(package) {
            Ok(true) => outcome = Outcome::Done,
            Ok(false) => println!("  {package} is not here and cannot be installed: its tests test nothing"),
            Err(error) => println!("  {package} is not to be had, so its tests test nothing: {error:#}"),
        }
    }
    outcome
}

/// Installs a Debian package when this is Debian and we may. False where apt is not the way.
pub fn apt_install(package: &str) -> Result<bool> {
    let (Some(apt), true) = (find("apt-get"), nix::unistd::geteuid().is_root()) else {
        return Ok(false);
    };
    println!("  installing {package} with apt-get");
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(&apt);
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        quiet(&mut command)
    };
    apt(&["update", "-qq"])?;
    apt(&["install", "-y", "-qq", "--no-install-recommends", package])?;
    Ok(true)
}

/// The tests in the browser, of this binary, with databases of this server.
pub fn playwright(binary: &Path, chromium: &Path, database_url: &str) -> Result<Command> {
    let end2end = root().join("end2end");
    let playwright = end2end.join("node_modules/.bin/playwright");
    quiet(Command::new(&playwright).arg("--version"))?;
    if !end2end.join("playwright.config.ts").is_file() {
        bail!("end2end/playwright.config.ts is missing");
    }
    let mut command = Command::new(playwright);
    command.arg("test").current_dir(&end2end);
    command.env("TIDEMARK_BINARY", binary).env("CHROMIUM", chromium).env("DATABASE_URL", database_url);
    Ok(command)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_missing_tool_is_named_with_the_way_to_get_it() {
        let error = require("no-such-tool").unwrap_err();
        assert_eq!(error.to_string(), "no-such-tool is missing: install it and see that it is in PATH");
    }
}
