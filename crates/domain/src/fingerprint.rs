//! What failures have in common: their message without what differs each time.

use std::{fmt, sync::LazyLock};

use regex::{Captures, Regex};

/// Which rules made a fingerprint. Other rules have another version, so that no old link shows other failures.
pub const VERSION: u32 = 1;

/// Characters of a message that count, from its beginning.
pub const CHARACTERS: usize = 500;

/// The name of everything that failed alike: `1-3f2ac0de5b1e77aa`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

/// What differs from one failure to the next, in the order in which it is looked for. A status of HTTP says what went
/// wrong, so it stays.
static VARYING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        (?P<kept> \b(?i:HTTP(?:/[0-9.]+)? | status(?:\ code)?)[\ :=]+[0-9]{3}\b )
        | (?P<url> \b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s"'<>`“”]+ )
        | (?P<email> [\w.+-]+@[\w-]+(?:\.[\w-]+)+ )
        | (?P<text> "(?:[^"\\]|\\.)*" | `[^`]*` | “[^”]*” | «[^»]*» | \B'[^']*'\B )
        | (?P<number> \b(?:[0-9]+(?:[.:,/T+-][0-9]+)*(?:Z|ms|us|µs|ns|s|min|m|h|d|[kMGT]?i?B)?)+\b )
        | (?P<word> \b(?:\w+-)*\w*[0-9]\w*(?:-\w+)*\b )
        "#,
    )
    .ok()
});

impl Fingerprint {
    /// The fingerprint of a message.
    #[must_use]
    pub fn of(message: &str) -> Self {
        Self::of_normalized(&normalized(message))
    }

    /// The fingerprint of what [`normalized`] made: FNV-1a, which is the same everywhere and for ever.
    #[must_use]
    pub fn of_normalized(normalized: &str) -> Self {
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        Self(normalized.as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, step))
    }

    /// The fingerprint that an address names; `None` of what is none of this version.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (version, hash) = text.split_once('-')?;
        let is_ours = version == VERSION.to_string() && hash.len() == 16;
        let is_lower = hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        (is_ours && is_lower).then(|| u64::from_str_radix(hash, 16).ok().map(Self))?
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{VERSION}-{:016x}", self.0)
    }
}

/// The beginning of a message without what differs each time: numbers, ids, addresses, what is quoted.
#[must_use]
pub fn normalized(message: &str) -> String {
    let end = message.char_indices().nth(CHARACTERS).map_or(message.len(), |(end, _)| end);
    let line = message[..end].split_whitespace().collect::<Vec<_>>().join(" ");
    match &*VARYING {
        Some(varying) => varying.replace_all(&line, |found: &Captures<'_>| stand_in(found)).into_owned(),
        None => line,
    }
}

/// What stands in for something that differs.
fn stand_in(found: &Captures<'_>) -> String {
    let is = |name| found.name(name).is_some();
    let whole = &found[0];
    match () {
        () if is("kept") => whole.to_owned(),
        () if is("url") => "<url>".to_owned(),
        () if is("email") => "<email>".to_owned(),
        () if is("text") => "<text>".to_owned(),
        () if is("number") => "<n>".to_owned(),
        () if is_id(whole) => "<id>".to_owned(),
        () => without_digits(whole),
    }
}

/// Whether a word with digits in it looks made by a machine: it is long, and its digits come in several places.
fn is_id(word: &str) -> bool {
    let runs = word.split(|character: char| !character.is_ascii_digit()).filter(|run| !run.is_empty()).count();
    word.len() >= 8 && runs >= 2
}

/// A word with one stand-in for each row of digits: `user_<n>`.
fn without_digits(word: &str) -> String {
    let mut shown = String::with_capacity(word.len() + 3);
    let mut in_digits = false;
    for character in word.chars() {
        if character.is_ascii_digit() {
            if !in_digits {
                shown.push_str("<n>");
            }
            in_digits = true;
        } else {
            shown.push(character);
            in_digits = false;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_differs_each_time_is_left_out() {
        let cases = [
            ("timeout after 300 ms", "timeout after <n> ms"),
            ("timeout after 1.5s", "timeout after <n>"),
            ("took 2m30s,  then\n12,345.67 bytes", "took <n>, then <n> bytes"),
            ("no route to 10.0.0.1:8080", "no route to <n>"),
            ("failed at 2026-11-24T12:30:05.123Z", "failed at <n>"),
            ("row 550e8400-e29b-41d4-a716-446655440000 is gone", "row <id> is gone"),
            ("commit 8f3a2b1c9d not found", "commit <id> not found"),
            ("request req-8fK3d9zz failed", "request <id> failed"),
            ("user_12345 is blocked", "user_<n> is blocked"),
            ("no column \"price\" in `orders`", "no column <text> in <text>"),
            ("can't find 'the key' here", "can't find <text> here"),
            ("GET https://api.example.com/v1/users/7?q=1 refused", "GET <url> refused"),
            ("no mailbox for ann.b@example.org", "no mailbox for <email>"),
            ("permission denied", "permission denied"),
            ("", ""),
        ];
        for (message, expected) in cases {
            assert_eq!(normalized(message), expected, "{message}");
        }
    }

    #[test]
    fn a_status_of_http_says_what_went_wrong() {
        assert_eq!(normalized("HTTP 429: try again in 30 s"), "HTTP 429: try again in <n> s");
        assert_eq!(normalized("status code: 503 of node 17"), "status code: 503 of node <n>");
        assert_ne!(Fingerprint::of("HTTP 429"), Fingerprint::of("HTTP 500"));
    }

    #[test]
    fn a_fingerprint_carries_its_version_and_stays_what_it_is() {
        let fingerprint = Fingerprint::of("timeout after 300 ms");
        assert_eq!(fingerprint, Fingerprint::of("timeout  after\n7 ms"));
        assert_eq!(fingerprint.to_string(), "1-44c207965cff02fe");
        assert_eq!(Fingerprint::of_normalized("").to_string(), "1-cbf29ce484222325");
        for senseless in ["", "1-", "2-cbf29ce484222325", "1-CBF29CE484222325", "1-+bf29ce484222325", "1-cbf2", "x"] {
            assert_eq!(Fingerprint::parse(senseless), None, "{senseless}");
        }
    }

    #[test]
    fn only_the_beginning_of_a_message_counts() {
        let long = format!("{}{}", "é ".repeat(CHARACTERS), "x".repeat(2_000_000));
        assert_eq!(Fingerprint::of(&long), Fingerprint::of(&"é ".repeat(CHARACTERS)));
    }

    proptest! {
        #[test]
        fn it_finds_its_way_back_from_an_address(message in ".*") {
            let fingerprint = Fingerprint::of(&message);
            prop_assert_eq!(Fingerprint::parse(&fingerprint.to_string()), Some(fingerprint));
        }

        #[test]
        fn other_numbers_are_the_same_failure(first in any::<u64>(), second in any::<u64>()) {
            let message = |number: u64| format!("order {number} was refused after {number} ms by {number}@shop");
            prop_assert_eq!(Fingerprint::of(&message(first)), Fingerprint::of(&message(second)));
        }
    }
}
