//! Every file in `crates/store/sql` opens with the question it answers, and is lowercase.

use super::{Finding, Tree};

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let of_store = |path: &str| path.starts_with("crates/store/sql/") && path.ends_with(".sql");
    for file in tree.files.iter().filter(|file| of_store(&file.path)) {
        if !file.text.starts_with("--") {
            findings.push(Finding::new(&file.path, 1, "start with a comment: the question this query answers"));
        }
        for (line, code) in code_lines(&file.text) {
            if code.chars().any(char::is_uppercase) {
                findings.push(Finding::new(&file.path, line, "SQL is lowercase, outside of strings and comments"));
            }
        }
    }
    findings
}

/// The lines with strings, quoted names and comments blanked out.
fn code_lines(text: &str) -> Vec<(usize, String)> {
    let mut quote = None;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut code = String::new();
        let mut letters = line.chars().peekable();
        while let Some(letter) = letters.next() {
            match quote {
                Some(end) if letter == end => quote = None,
                Some(_) => {}
                None if letter == '-' && letters.peek() == Some(&'-') => break,
                None if letter == '\'' || letter == '"' => quote = Some(letter),
                None => code.push(letter),
            }
        }
        lines.push((index + 1, code));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    #[test]
    fn shouting_and_a_missing_question_are_found() {
        let right = "-- How many?\nselect 'A it''s B' as \"Count!\" -- All of them\nfrom b;\n";
        let found = places(
            check,
            &[
                ("crates/store/sql/a/right.sql", right),
                ("crates/store/sql/a/mute.sql", "select 1;\n"),
                ("crates/store/sql/a/loud.sql", "-- How many?\nselect a\nFROM b;\n"),
            ],
        );
        assert_eq!(found, ["crates/store/sql/a/mute.sql:1", "crates/store/sql/a/loud.sql:3"]);
    }
}
