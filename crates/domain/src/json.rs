//! JSON to be unfolded, made from the lines that Postgres' `jsonb_pretty` writes. Nothing is read but where its brackets
//! are, so every number stays as it was written, however long.

/// Brackets inside of each other that can be folded; what is deeper is lines.
const DEEPEST: usize = 24;

/// A part of a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// A line: `"code": 504,`.
    Line(String),
    /// What stands in brackets.
    Block {
        /// Up to the bracket that opens: `"headers": {`.
        head: String,
        /// What is between.
        inner: Vec<Json>,
        /// The bracket that closes, `…` where the text ends before it.
        tail: String,
    },
}

/// The parts of a text that `jsonb_pretty` wrote, or of its beginning.
#[must_use]
pub fn tree(pretty: &str) -> Vec<Json> {
    let mut open: Vec<(String, Vec<Json>)> = Vec::new();
    let mut level = Vec::new();
    let mut too_deep = 0_usize;
    for line in pretty.lines() {
        let text = line.trim_start_matches(' ');
        let (opens, closes) = (text.ends_with(['{', '[']), text.starts_with(['}', ']']));
        if opens && open.len() < DEEPEST {
            open.push((text.to_owned(), std::mem::take(&mut level)));
        } else if closes && too_deep == 0 {
            close(&mut open, &mut level, text);
        } else {
            too_deep = if opens { too_deep + 1 } else { too_deep - usize::from(closes) };
            level.push(Json::Line(text.to_owned()));
        }
    }
    while !open.is_empty() {
        close(&mut open, &mut level, "…");
    }
    level
}

fn close(open: &mut Vec<(String, Vec<Json>)>, level: &mut Vec<Json>, tail: &str) {
    match open.pop() {
        Some((head, above)) => {
            let inner = std::mem::replace(level, above);
            level.push(Json::Block { head, inner, tail: tail.to_owned() });
        }
        None => level.push(Json::Line(tail.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Json {
        Json::Line(text.to_owned())
    }

    fn block(head: &str, inner: Vec<Json>, tail: &str) -> Json {
        Json::Block { head: head.to_owned(), inner, tail: tail.to_owned() }
    }

    #[test]
    fn brackets_become_blocks_and_numbers_stay_what_they_are() {
        let pretty = "{\n    \"id\": 9007199254740993,\n    \"list\": [\n        1.10,\n        \"}{[\"\n    ],\n    \"none\": {\n    }\n}";
        let list = block("\"list\": [", vec![line("1.10,"), line("\"}{[\"")], "],");
        let none = block("\"none\": {", vec![], "}");
        let whole = block("{", vec![line("\"id\": 9007199254740993,"), list, none], "}");
        assert_eq!(tree(pretty), [whole]);
        assert_eq!(tree("\"text\""), [line("\"text\"")]);
    }

    #[test]
    fn a_beginning_is_closed_with_dots() {
        let list = block("\"list\": [", vec![line("1,")], "…");
        assert_eq!(tree("{\n    \"list\": [\n        1,"), [block("{", vec![list], "…")]);
    }

    #[test]
    fn what_is_very_deep_is_lines() {
        let (opening, closing) = ("[\n".repeat(5_000), "]\n".repeat(5_000));
        let mut level = tree(&format!("{opening}7\n{closing}"));
        for _ in 0..DEEPEST {
            let Some(Json::Block { inner, tail, .. }) = level.pop() else { panic!("not so deep") };
            assert_eq!((tail.as_str(), level.len()), ("]", 0));
            level = inner;
        }
        assert_eq!(level.len(), 2 * (5_000 - DEEPEST) + 1);
    }
}
