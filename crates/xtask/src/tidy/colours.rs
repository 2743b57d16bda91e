//! Colours have one home, `style/tokens.css`: everything else names a token, so that light and dark stay one design.

use super::{Finding, Tree};

const HOME: &str = "style/tokens.css";
const FUNCTIONS: [&str; 7] = ["rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "oklch(", "lab("];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path != HOME) {
        let lines: Vec<(usize, &str)> = match (&file.rust, file.crate_name()) {
            (Some(rust), Some("app" | "charts")) => {
                rust.texts.iter().map(|(line, text)| (*line, text.as_str())).collect()
            }
            (None, Some("charts")) if file.has_ending(&["js", "mjs"]) => file.lines().collect(),
            (None, None) if file.path.starts_with("style/") => declarations(file.lines()).collect(),
            _ => continue,
        };
        for (line, text) in lines {
            if !file.is_test_line(line) && has_colour(text) {
                findings.push(Finding::new(
                    &file.path,
                    line,
                    format!("a colour by value: name one of {HOME} with var(--…)"),
                ));
            }
        }
    }
    findings
}

/// What stands behind the colon: a selector may look like a colour (`#add`).
fn declarations<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> impl Iterator<Item = (usize, &'a str)> {
    lines.filter_map(|(number, line)| {
        let (before, value) = line.split_once(':')?;
        (!before.trim_start().starts_with(['/', '*']) && !line.trim_end().ends_with('{')).then_some((number, value))
    })
}

fn has_colour(text: &str) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let by_function =
        FUNCTIONS.iter().any(|name| text.match_indices(name).any(|(at, _)| !text[..at].ends_with(is_word)));
    let by_digits = text.split('#').skip(1).any(|after| {
        let word = after.split(|letter| !is_word(letter)).next().unwrap_or_default();
        matches!(word.len(), 3 | 4 | 6 | 8) && word.chars().all(|digit| digit.is_ascii_hexdigit())
    });
    by_function || by_digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    #[test]
    fn a_colour_by_value_is_found() {
        let found = places(
            check,
            &[
                ("style/tokens.css", ":root { --ink: #123456; }"),
                ("style/page.css", "#add {\n  color: var(--ink);\n  background: #fff;\n  border-color: rgb(1 2 3);\n}"),
                ("crates/app/src/a.rs", "const A: &str = \"#1a2b3c\";\nconst B: &str = \"#main\";"),
                ("crates/store/src/a.rs", "const A: &str = \"#1a2b3c\";"),
            ],
        );
        assert_eq!(found, ["style/page.css:3", "style/page.css:4", "crates/app/src/a.rs:1"]);
    }
}
