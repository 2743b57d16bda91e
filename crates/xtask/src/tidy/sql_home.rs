//! Only `store` and `migrations` speak SQL. `xtask` itself depends on sqlx to apply the migrations to a throw-away
//! database (`cargo xtask prepare` must work before `store` compiles), yet writes no SQL either. `cluster` creates the
//! database of a new cluster, which there is nothing to connect to before. `fresh_database` makes and drops databases
//! and roles for tests.

use super::{Finding, Tree};

const HOME: &str = "store";
/// May use sqlx, for the reasons above.
const USE_SQLX: [&str; 3] = [HOME, "xtask", "fresh_database"];
/// Statements that other crates may make, for the reasons above: how these begin.
const ALLOWED: [(&str, &[&str]); 2] = [
    ("cluster", &["create database "]),
    ("fresh_database", &["create database ", "drop database ", "create role ", "drop role "]),
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in tree.crates.iter().filter(|package| !USE_SQLX.contains(&package.name.as_str())) {
        if package.dependencies.iter().any(|dependency| dependency.name == "sqlx" && !dependency.dev) {
            let (path, line) = tree.manifest_place(&package.name, "sqlx");
            findings.push(Finding::new(&path, line, "sqlx outside of store: add a function to store and call it"));
        }
    }
    for file in tree.files.iter().filter(|file| file.crate_name() != Some(HOME)) {
        let allowed =
            ALLOWED.iter().find(|(name, _)| file.crate_name() == Some(name)).map_or(&[][..], |(_, begin)| begin);
        for (line, text) in file.rust.iter().flat_map(|rust| &rust.texts) {
            let is_allowed = allowed.iter().any(|begin| text.starts_with(begin));
            if is_sql(text) && !is_allowed && !file.is_test_line(*line) {
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
                (
                    "crates/fresh_database/src/a.rs",
                    "fn a() {\n    b(\"create database c\");\n    b(\"drop database c\");\n    b(\"drop table c\");\n}\n",
                ),
            ],
        );
        let expected = [
            "crates/server/src/a.rs:2",
            "crates/server/src/a.rs:5",
            "crates/cluster/src/a.rs:3",
            "crates/fresh_database/src/a.rs:4",
        ];
        assert_eq!(found, expected);
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
