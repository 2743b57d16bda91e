//! Migrations are append-only: numbered without gaps, and never changed once landed.

use super::{Finding, Tree};

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let files: Vec<_> = tree.files.iter().filter(|file| file.path.starts_with("migrations/")).collect();
    for (index, file) in files.iter().enumerate() {
        let name = file.path.trim_start_matches("migrations/");
        let wanted = format!("{:04}_", index + 1);
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_.".contains(letter);
        if !name.starts_with(&wanted) || !name.ends_with(".sql") || !name.chars().all(plain) {
            let message = format!("the name is to be {wanted}what_it_adds.sql: numbers have no gaps");
            findings.push(Finding::new(&file.path, 1, message));
        }
    }
    for (path, landed) in &tree.landed_migrations {
        let now = files.iter().find(|file| file.path == *path);
        if now.is_none_or(|file| file.text.trim() != landed.trim()) {
            findings.push(Finding::new(path, 1, "has landed and is changed: put it back, and add a further migration"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    #[test]
    fn a_gap_and_a_bad_name_are_found() {
        let found = places(
            check,
            &[("migrations/0001_tables.sql", ""), ("migrations/0003_views.sql", ""), ("migrations/0003_More.sql", "")],
        );
        assert_eq!(found, ["migrations/0003_views.sql:1", "migrations/0003_More.sql:1"]);
    }

    #[test]
    fn a_changed_migration_is_found() {
        let mut tree = Tree::sample(&[("migrations/0001_a.sql", "-- new"), ("migrations/0002_b.sql", "-- same\n")]);
        let landed = [("migrations/0001_a.sql", "-- old"), ("migrations/0002_b.sql", "-- same")];
        tree.landed_migrations = landed.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let findings = check(&tree);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].to_string().starts_with("migrations/0001_a.sql:1: has landed"));
    }
}
