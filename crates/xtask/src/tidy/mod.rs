//! The tidy rules: what DESIGN promises about the shape of the code, held by a machine. One file per rule.

mod colours;
mod crate_directions;
mod feature_switches;
mod file_length;
mod function_length;
mod migrations;
mod pure_crates;
mod rust;
mod server_functions;
mod sql_files;
mod sql_home;
mod tree;
mod unfinished;

use anyhow::Result;
use std::fmt;
pub use tree::Tree;

/// A breach of a rule: where, and what would be right.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    path: String,
    line: usize,
    message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.message)
    }
}

type Rule = fn(&Tree) -> Vec<Finding>;

/// Every rule. A new one is a file beside this one and a line here.
const RULES: [Rule; 11] = [
    colours::check,
    crate_directions::check,
    feature_switches::check,
    file_length::check,
    function_length::check,
    migrations::check,
    pure_crates::check,
    server_functions::check,
    sql_files::check,
    sql_home::check,
    unfinished::check,
];

/// All breaches of all rules in the project.
pub fn check() -> Result<Vec<Finding>> {
    let tree = Tree::load(crate::root())?;
    Ok(RULES.iter().flat_map(|rule| rule(&tree)).collect())
}

/// For the tests of the rules: the findings in a made-up tree, as `path:line`.
#[cfg(test)]
fn places(rule: Rule, files: &[(&str, &str)]) -> Vec<String> {
    let findings = rule(&Tree::sample(files));
    findings.iter().map(|finding| format!("{}:{}", finding.path, finding.line)).collect()
}
