//! The body of a `#[server]` function delegates: 8 lines at most.

use super::{Finding, Tree};

const LIMIT: usize = 8;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for function in file.rust.iter().flat_map(|rust| &rust.functions) {
            if function.is_server_function && function.body_lines > LIMIT {
                let message = format!(
                    "the server function `{}` has {} lines: let it call what does the work, {LIMIT} are allowed",
                    function.name, function.body_lines
                );
                findings.push(Finding::new(&file.path, function.line, message));
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
    fn a_server_function_that_does_the_work_itself_is_found() {
        let text = |lines: usize| format!("#[server]\nasync fn load() {{\n{}}}\n", "    work();\n".repeat(lines));
        let found = places(
            check,
            &[("crates/app/src/api/right.rs", text(8).as_str()), ("crates/app/src/api/wrong.rs", text(9).as_str())],
        );
        assert_eq!(found, ["crates/app/src/api/wrong.rs:2"]);
    }
}
