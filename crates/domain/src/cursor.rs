//! Where a page of a long list begins: after a row that was shown before. Rows that come meanwhile move nothing.

use data_encoding::BASE64URL_NOPAD;

/// The last row of the page before. Who looks sees one word without meaning; only links make it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// What the list is sorted by, of that row: no spaces.
    pub place: String,
    /// Its id, which tells rows at the same place apart.
    pub id: String,
}

impl Cursor {
    /// The cursor of a word, if one made it.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let text = String::from_utf8(BASE64URL_NOPAD.decode(word.as_bytes()).ok()?).ok()?;
        let (place, id) = text.split_once(' ')?;
        // Postgres knows no text with a zero in it.
        (!text.contains('\0')).then(|| Self { place: place.to_owned(), id: id.to_owned() })
    }

    /// As addresses spell it.
    #[must_use]
    pub fn word(&self) -> String {
        BASE64URL_NOPAD.encode(format!("{} {}", self.place, self.id).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_no_link_made_is_refused() {
        for word in ["", "banana!", "YQ", "AA", "_w", "ACAA"] {
            assert_eq!(Cursor::parse(word), None, "{word}");
        }
    }

    proptest! {
        #[test]
        fn a_cursor_finds_its_way_back(place in "[^ \0]{0,30}", id in "[^\0]{0,30}") {
            let cursor = Cursor { place, id };
            prop_assert_eq!(Cursor::parse(&cursor.word()), Some(cursor));
        }
    }
}
