//! Text of others made safe to look at: what cannot be seen, or turns around what stands beside it, is spelled out.

use std::borrow::Cow;

/// The text with every character that hides or misleads in its place as `⟨U+202E⟩`. Lines and tabs stay.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(hides) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if hides(character) {
            shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(character)));
        } else {
            shown.push(character);
        }
    }
    shown.into()
}

/// Control characters, what sets the direction of text, and what has no width at all. What joins emoji is left alone.
fn hides(character: char) -> bool {
    let is_line = matches!(character, '\n' | '\t');
    let is_format = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}'..='\u{e007f}'
    );
    (character.is_control() && !is_line) || is_format
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_misleads_is_spelled_out() {
        let cases = [
            ("invoice\u{202e}gpj.exe", "invoice⟨U+202E⟩gpj.exe"),
            ("a\u{0}\u{1b}[31mb\r\n\tc\u{9b}", "a⟨U+0000⟩⟨U+001B⟩[31mb⟨U+000D⟩\n\tc⟨U+009B⟩"),
            ("pass\u{200b}word\u{feff}", "pass⟨U+200B⟩word⟨U+FEFF⟩"),
            ("<b>\\u0000 Grüße 👩\u{200d}💻 שלום", "<b>\\u0000 Grüße 👩\u{200d}💻 שלום"),
        ];
        for (text, expected) in cases {
            assert_eq!(visible(text), expected);
        }
    }
}
