//! The colours of the style sheet as plain values: a drawing outside of a page has no style sheet.

use app::snapshot::Theme;

/// The only place where colours are written.
const TOKENS: &str = include_str!("../../../../style/tokens.css");

/// What stands for a colour that the style sheet does not have: that of the text.
const NO_COLOUR: &str = "currentColor";

/// A drawing whose `var(--ink)` are the colours of a theme.
pub fn resolve(drawing: &str, theme: Theme) -> String {
    let mut parts = drawing.split("var(--");
    let mut resolved = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(')').unwrap_or((part, ""));
        resolved.push_str(colour(name, theme).unwrap_or(NO_COLOUR));
        resolved.push_str(rest);
    }
    resolved
}

/// A colour of the style sheet: `--ink: light-dark(light, dark);`.
fn colour(name: &str, theme: Theme) -> Option<&'static str> {
    let mut values = TOKENS.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": "));
    let (_, value) = values.find(|(token, _)| *token == name)?;
    let (light, dark) = value.strip_prefix("light-dark(")?.split_once(')')?.0.split_once(", ")?;
    Some(match theme {
        Theme::Light => light,
        Theme::Dark => dark,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_of_the_charts_is_known_in_both_themes() {
        let names = ["success", "retrying", "failed", "p50", "p95", "p99", "ink", "ink-2", "ink-3", "line", "card"];
        for name in names.into_iter().chain(["deploy", "incident", "note", "tide", "paper"]) {
            let of_theme = |theme| resolve(&format!("<a fill=\"var(--{name})\"/>"), theme);
            let (light, dark) = (of_theme(Theme::Light), of_theme(Theme::Dark));
            assert!(light.starts_with("<a fill=\"#") && dark.ends_with("\"/>") && light != dark, "{light} {dark}");
        }
    }

    #[test]
    fn a_colour_that_is_not_there_takes_that_of_the_text() {
        assert_eq!(resolve("a var(--nothing) b var(--x", Theme::Dark), "a currentColor b currentColor");
    }
}
