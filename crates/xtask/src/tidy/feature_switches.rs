//! `cfg(feature = …)` lives in `crates/app/src/api/` alone: everything else is the same code on both sides.

use super::{Finding, Tree};

const HOME: &str = "crates/app/src/api/";

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.rust.is_some() && !file.path.starts_with(HOME)) {
        for (number, line) in file.lines() {
            let code = line.split("//").next().unwrap_or_default();
            let switches = ["cfg(", "cfg_attr(", "cfg!("].iter().any(|start| code.contains(start));
            if switches && code.replace(' ', "").contains("feature=") && !file.is_test_line(number) {
                findings.push(Finding::new(&file.path, number, format!("a feature switch: only {HOME} has them")));
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
    fn a_feature_switch_outside_its_home_is_found() {
        let text = "// cfg(feature = \"ssr\")\n#[cfg(feature = \"ssr\")]\nfn a() {}\n";
        let found = places(check, &[("crates/app/src/api/a.rs", text), ("crates/app/src/lib.rs", text)]);
        assert_eq!(found, ["crates/app/src/lib.rs:2"]);
    }
}
