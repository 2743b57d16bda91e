//! `domain` and `charts` do no I/O: they are the same on the server, in the browser and in a test.

use super::{Finding, Tree};

const PURE: [&str; 2] = ["domain", "charts"];
const MODULES: [&str; 4] = ["std::fs", "std::net", "std::process", "std::env"];
const CRATES: [&str; 9] = ["axum", "futures", "hyper", "leptos", "nix", "reqwest", "rquickjs", "sqlx", "tokio"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        let Some(name) = file.crate_name().filter(|name| PURE.contains(name) && file.rust.is_some()) else { continue };
        for (number, line) in file.lines() {
            let code = line.split("//").next().unwrap_or_default();
            for module in MODULES.iter().filter(|module| code.contains(**module)) {
                if !file.is_test_line(number) {
                    findings.push(Finding::new(&file.path, number, format!("{module} in {name}: it does no I/O")));
                }
            }
        }
    }
    for package in tree.crates.iter().filter(|package| PURE.contains(&package.name.as_str())) {
        for dependency in package.dependencies.iter().filter(|dependency| !dependency.dev) {
            if CRATES.contains(&dependency.name.as_str()) {
                let (path, line) = tree.manifest_place(&package.name, &dependency.name);
                let message = format!("{} depends on {}: it does no I/O", package.name, dependency.name);
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
    use crate::tidy::places;

    #[test]
    fn reading_a_file_in_a_pure_crate_is_found() {
        let text = "fn a() {\n    std::fs::read(\"a\");\n}\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        let found = places(check, &[("crates/domain/src/a.rs", text), ("crates/server/src/a.rs", text)]);
        assert_eq!(found, ["crates/domain/src/a.rs:2"]);
    }

    #[test]
    fn a_dependency_that_does_io_is_found() {
        let mut tree = Tree::sample(&[("crates/charts/Cargo.toml", "[dependencies]\ntokio = 1\n")]);
        let dependencies = vec![Dependency { name: "tokio".to_owned(), dev: false }];
        tree.crates.push(Crate { name: "charts".to_owned(), dependencies });
        assert_eq!(
            check(&tree),
            [Finding::new("crates/charts/Cargo.toml", 2, "charts depends on tokio: it does no I/O")]
        );
    }
}
