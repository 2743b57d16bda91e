//! No function over 40 lines between its braces; one that draws with `view!` may have 60.

use super::{Finding, Tree};

const LIMIT: usize = 40;
const VIEW_LIMIT: usize = 60;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for function in file.rust.iter().flat_map(|rust| &rust.functions) {
            let limit = if function.has_view { VIEW_LIMIT } else { LIMIT };
            if function.body_lines > limit && !file.is_test_line(function.line) {
                let message =
                    format!("`{}` has {} lines: split it, {limit} are allowed", function.name, function.body_lines);
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
    fn a_long_function_is_found() {
        let function = |lines: usize, last: &str| format!("fn a() {{\n{}{last}\n}}\n", "    b();\n".repeat(lines - 1));
        let found = places(
            check,
            &[
                ("crates/app/src/right.rs", function(40, "b();").as_str()),
                ("crates/app/src/wrong.rs", function(41, "b();").as_str()),
                ("crates/app/src/drawing.rs", function(60, "view! { <p/> }").as_str()),
                ("crates/app/src/painting.rs", function(61, "view! { <p/> }").as_str()),
                ("crates/app/tests/wrong.rs", function(41, "b();").as_str()),
            ],
        );
        assert_eq!(found, ["crates/app/src/wrong.rs:1", "crates/app/src/painting.rs:1"]);
    }
}
