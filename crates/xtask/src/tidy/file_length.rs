//! No file over 400 lines: a longer one holds more than one thing.

use super::{Finding, Tree};

const LIMIT: usize = 400;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        let lines = file.text.lines().count();
        let is_code = file.has_ending(&["css", "js", "mjs", "rs", "sql", "ts"]);
        if is_code && !file.is_test() && lines > LIMIT {
            findings.push(Finding::new(&file.path, LIMIT + 1, format!("{lines} lines: split it, {LIMIT} are allowed")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    #[test]
    fn a_long_file_is_found_unless_it_is_a_test() {
        let (right, wrong) = ("\n".repeat(400), "\n".repeat(401));
        let found = places(
            check,
            &[
                ("style/a.css", right.as_str()),
                ("style/b.css", wrong.as_str()),
                ("crates/store/tests/c.rs", wrong.as_str()),
            ],
        );
        assert_eq!(found, ["style/b.css:401"]);
    }
}
