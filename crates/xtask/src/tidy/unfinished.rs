//! Nothing is left for later, and no test is skipped: a note to oneself is work to do, or an issue.

use super::{Finding, Tree};

const SELF: &str = "crates/xtask/src/tidy/unfinished.rs";

/// What must not be there, in which files, and what would be right.
const MARKS: [(&str, &[&str], &str); 10] = [
    ("TODO", &["css", "js", "mjs", "rs", "sql", "ts", "run"], "do it, or file an issue"),
    ("FIXME", &["css", "js", "mjs", "rs", "sql", "ts", "run"], "do it, or file an issue"),
    ("todo!(", &["rs"], "write it"),
    ("unimplemented!(", &["rs"], "write it"),
    ("#[ignore", &["rs"], "a test that is there runs: mend it, or remove it"),
    ("test.skip", &["ts"], "a test that is there runs: mend it, or remove it"),
    ("test.fixme", &["ts"], "a test that is there runs: mend it, or remove it"),
    ("describe.skip", &["ts"], "a test that is there runs: mend it, or remove it"),
    ("test.only", &["ts"], "run one test with `playwright test -g NAME`"),
    ("describe.only", &["ts"], "run one test with `playwright test -g NAME`"),
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path != SELF) {
        for (number, line) in file.lines() {
            for (mark, endings, right) in MARKS {
                if file.has_ending(endings) && line.contains(mark) {
                    findings.push(Finding::new(&file.path, number, format!("`{mark}`: {right}")));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    #[test]
    fn what_is_left_for_later_is_found() {
        let found = places(
            check,
            &[
                ("crates/app/src/a.rs", "// all is well\n// TODO: the rest\nfn a() { todo!() }\n"),
                ("crates/app/tests/a.rs", "#[test]\n#[ignore = \"slow\"]\nfn a() {}\n"),
                ("end2end/tests/a.spec.ts", "test('a');\ntest.only('b');\ntest.skip('c');\n"),
            ],
        );
        let expected = [
            "crates/app/src/a.rs:2",
            "crates/app/src/a.rs:3",
            "crates/app/tests/a.rs:2",
            "end2end/tests/a.spec.ts:2",
            "end2end/tests/a.spec.ts:3",
        ];
        assert_eq!(found, expected);
    }
}
