//! Only `store` and `migrations` speak SQL. `xtask` itself depends on sqlx to apply the migrations to a throw-away
//! database (`cargo xtask prepare` must work before `store` compiles), yet writes no SQL either. `cluster` creates the
//! database of a new cluster, which there is nothing to connect to before.

use super::{Finding, Tree};

const HOME: &str = "store";
/// May use sqlx, for the reason above.
const APPLIES_MIGRATIONS: &str = "xtask";

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in tree.crates.iter().filter(|package| ![HOME, APPLIES_MIGRATIONS].contains(&package.name.as_str())) {
        if package.dependencies.iter().any(|dependency| dependency.name == "sqlx" && !dependency.dev) {
            let (path, line) = tree.manifest_place(&package.name, "sqlx");
            findings.push(Finding::new(&path, line, "sqlx outside of store: add a function to store and call it"));
        }
    }
    for file in tree.files.iter().filter(|file| file.crate_name() != Some(HOME)) {
        for (line, text) in file.rust.iter().flat_map(|rust| &rust.texts) {
            let makes_its_database = file.crate_name() == Some("cluster") && text.starts_with("create database ");
            if is_sql(text) && !makes_its_database && !file.is_test_line(*line) {
                let message = "SQL outside of store: put it in crates/store/sql/ with a function in store";
                findings.push(Finding::new(&file.path, *line, message));
            }
        }
    }
    findings
}

/// Whether a text is a statement. Its first word is not enough: "Update failed" is a sentence.
fn is_sql(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let rest: Vec<&str> = words.collect();
    let objects =
        ["database", "extension", "function", "index", "materialized", "or", "role", "schema", "table", "view"];
    match first {
        "select" => {
            rest.contains(&"from") || second.contains('(') || second.starts_with(|it: char| it.is_ascii_digit())
        }
        "insert" => second == "into",
        "update" => rest.contains(&"set"),
        "delete" => second == "from",
        "create" | "drop" | "alter" => objects.contains(&second) && !rest.is_empty(),
        "with" => rest.contains(&"select"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Crate, Dependency};
    use super::*;
    use crate::tidy::places;

    #[test]
    fn a_statement_outside_of_store_is_found() {
        let text = "fn a() {\n    b(\"select a from b\");\n    b(\"Select a range\");\n    b(\"Update failed\");\n    b(\"select f(1)\");\n}\n";
        let found = places(
            check,
            &[
                ("crates/server/src/a.rs", text),
                ("crates/store/src/a.rs", text),
                ("crates/server/tests/a.rs", text),
                (
                    "crates/cluster/src/a.rs",
                    "fn a() {\n    b(\"create database c\");\n    b(\"drop database c\");\n}\n",
                ),
            ],
        );
        assert_eq!(found, ["crates/server/src/a.rs:2", "crates/server/src/a.rs:5", "crates/cluster/src/a.rs:3"]);
    }

    #[test]
    fn sqlx_outside_of_store_is_found() {
        let mut tree = Tree::sample(&[]);
        for (name, dev) in [("server", false), ("cluster", true), ("store", false)] {
            let dependencies = vec![Dependency { name: "sqlx".to_owned(), dev }];
            tree.crates.push(Crate { name: name.to_owned(), dependencies });
        }
        let found: Vec<String> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(found, ["crates/server/Cargo.toml"]);
    }
}
