//! What the rules look at: the files of the project, its crates, and what has landed before.

use super::rust::Parsed;
use crate::files::walk;
use crate::step::answer;
use crate::tools;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The folders and files with code of ours.
const TOPS: [&str; 6] = [".ci", "crates", "end2end", "migrations", "public", "style"];

/// Endings of files that hold code.
const CODE: [&str; 9] = ["css", "html", "js", "mjs", "rs", "sql", "toml", "ts", "run"];

/// One file with code.
pub struct File {
    /// From the root of the project, as "crates/store/src/lib.rs".
    pub path: String,
    /// What is in it.
    pub text: String,
    /// The Rust in it, where it is Rust.
    pub rust: Option<Parsed>,
}

impl File {
    fn new(path: String, text: String) -> Self {
        let rust = path.ends_with(".rs").then(|| Parsed::new(&text));
        Self { path, text, rust }
    }

    /// The lines, numbered from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Whether the file's name ends so.
    pub fn has_ending(&self, endings: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
    }

    /// Whether the whole file is a test.
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.contains("/tests/")
            || self.path.starts_with("end2end/")
            || name == "tests.rs"
            || name.contains("_tests.")
    }

    /// Whether a line belongs to a test.
    pub fn is_test_line(&self, line: usize) -> bool {
        self.is_test() || self.rust.as_ref().is_some_and(|rust| rust.is_test_line(line))
    }

    /// The crate the file belongs to.
    pub fn crate_name(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }
}

/// A dependency as a crate's Cargo.toml names it.
pub struct Dependency {
    pub name: String,
    /// For tests and examples only.
    pub dev: bool,
}

/// A crate of the workspace.
pub struct Crate {
    pub name: String,
    pub dependencies: Vec<Dependency>,
}

/// The whole project.
#[derive(Default)]
pub struct Tree {
    pub files: Vec<File>,
    pub crates: Vec<Crate>,
    /// The migrations that have landed, with their content then: (path, text).
    pub landed_migrations: Vec<(String, String)>,
}

impl Tree {
    /// Reads the project at `root`.
    pub fn load(root: &Path) -> Result<Self> {
        let mut tree = Self { crates: load_crates()?, landed_migrations: load_landed(root)?, ..Self::default() };
        for top in TOPS {
            for path in walk(&root.join(top))? {
                let relative = path.strip_prefix(root)?.to_string_lossy().into_owned();
                let ending = path.extension().or(path.file_name()).unwrap_or_default();
                if CODE.contains(&ending.to_string_lossy().as_ref()) {
                    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {relative}"))?;
                    tree.files.push(File::new(relative, text));
                }
            }
        }
        Ok(tree)
    }

    /// The line of a crate's Cargo.toml that names a dependency.
    pub fn manifest_place(&self, crate_name: &str, dependency: &str) -> (String, usize) {
        let path = format!("crates/{crate_name}/Cargo.toml");
        let file = self.files.iter().find(|file| file.path == path);
        let line = file.and_then(|file| file.lines().find(|(_, line)| line.starts_with(dependency)));
        (path, line.map_or(1, |(number, _)| number))
    }

    #[cfg(test)]
    pub fn sample(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| File::new((*path).to_owned(), (*text).to_owned()));
        Self { files: files.collect(), ..Self::default() }
    }
}

fn load_crates() -> Result<Vec<Crate>> {
    let told = answer(tools::cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let told: Value = serde_json::from_str(&told)?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let dependency = |value: &Value| Dependency { name: text(&value["name"]), dev: value["kind"] == "dev" };
    let crates = list(&told["packages"]).into_iter().map(|package| Crate {
        name: text(&package["name"]),
        dependencies: list(&package["dependencies"]).iter().map(dependency).collect(),
    });
    Ok(crates.collect())
}

/// The migrations at the point where this work left the main line. None when nothing has landed yet.
fn load_landed(root: &Path) -> Result<Vec<(String, String)>> {
    let git = |arguments: &[&str]| answer(Command::new("git").args(arguments).current_dir(root));
    let Ok(base) = git(&["merge-base", "HEAD", "origin/HEAD"]).or_else(|_| git(&["merge-base", "HEAD", "origin/main"]))
    else {
        return Ok(Vec::new());
    };
    let names = git(&["ls-tree", "--name-only", &base, "migrations/"])?;
    let landed = names.lines().map(|name| Ok((name.to_owned(), git(&["show", &format!("{base}:{name}")])?)));
    landed.collect()
}
