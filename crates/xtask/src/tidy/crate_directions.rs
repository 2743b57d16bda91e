//! Which crate may stand on which. Nothing stands on `server` or `xtask`.

use super::{Finding, Tree};

/// A crate, and the crates of ours it may depend on.
const ALLOWED: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("charts", &["domain"]),
    ("store", &["domain"]),
    ("cluster", &[]),
    ("refresh", &["domain", "store"]),
    ("render", &["charts", "domain"]),
    ("app", &["charts", "domain", "store"]),
    ("frontend", &["app"]),
    ("server", &["app", "charts", "cluster", "domain", "refresh", "render", "store"]),
    ("xtask", &["cluster"]),
    // For tests: nothing but a dev-dependency may name it.
    ("fresh_database", &["cluster", "store"]),
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.crates {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == package.name) else {
            let (path, line) = tree.manifest_place(&package.name, "name");
            let message = "a crate whose place is not stated: add it to crates/xtask/src/tidy/crate_directions.rs";
            findings.push(Finding::new(&path, line, message));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|dependency| !dependency.dev) {
            let ours = ALLOWED.iter().any(|(name, _)| *name == dependency.name);
            if ours && !allowed.contains(&dependency.name.as_str()) {
                let (path, line) = tree.manifest_place(&package.name, &dependency.name);
                let message = format!("{} may not depend on {}: only on {allowed:?}", package.name, dependency.name);
                findings.push(Finding::new(&path, line, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Crate, Dependency};
    use super::*;

    #[test]
    fn a_wrong_direction_is_found() {
        let dependency = |name: &str, dev| Dependency { name: name.to_owned(), dev };
        let dependencies = vec![dependency("domain", false), dependency("store", false), dependency("server", true)];
        let mut tree = Tree::sample(&[("crates/charts/Cargo.toml", "[dependencies]\nserde = 1\nstore = 1\n")]);
        tree.crates.push(Crate { name: "charts".to_owned(), dependencies });
        tree.crates.push(Crate { name: "stranger".to_owned(), dependencies: Vec::new() });
        let found: Vec<String> =
            check(&tree).iter().map(|finding| format!("{}:{}", finding.path, finding.line)).collect();
        assert_eq!(found, ["crates/charts/Cargo.toml:3", "crates/stranger/Cargo.toml:1"]);
    }
}
