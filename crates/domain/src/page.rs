//! The pages there are, and the address of each.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What of an address may stay as it is.
pub(crate) const ESCAPED: AsciiSet =
    NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b':').remove(b'@').remove(b',');

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Page {
    /// What runs, what fails, how long it takes.
    Overview,
    /// Executions by time, type and status.
    Actions,
    /// All triggers.
    Triggers,
    /// The trigger with this id.
    Trigger(String),
    /// What failed.
    Failures,
    /// The failures with this fingerprint.
    Failure(String),
    /// Who uses how much.
    Organizations,
}

impl Page {
    /// The pages of the navigation, in its order. A page is in it once it is built.
    pub const NAVIGATION: &[Self] =
        &[Self::Overview, Self::Actions, Self::Triggers, Self::Failures, Self::Organizations];

    /// The page at a path, if there is one.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        let decoded = |part: &str| percent_decode_str(part).decode_utf8().ok().map(|part| part.replace('\0', ""));
        let mut parts = path.strip_prefix('/')?.splitn(2, '/');
        match (parts.next()?, parts.next().filter(|rest| !rest.is_empty())) {
            ("", None) => Some(Self::Overview),
            ("actions", None) => Some(Self::Actions),
            ("triggers", None) => Some(Self::Triggers),
            ("triggers", Some(id)) => decoded(id).map(Self::Trigger),
            ("failures", None) => Some(Self::Failures),
            ("failures", Some(fingerprint)) => decoded(fingerprint).map(Self::Failure),
            ("organizations", None) => Some(Self::Organizations),
            _ => None,
        }
    }

    /// Its path, percent-encoded.
    #[must_use]
    pub fn path(&self) -> String {
        let of_one = |folder: &str, id: &str| format!("/{folder}/{}", utf8_percent_encode(id, &ESCAPED));
        match self {
            Self::Overview => "/".to_owned(),
            Self::Actions => "/actions".to_owned(),
            Self::Triggers => "/triggers".to_owned(),
            Self::Trigger(id) => of_one("triggers", id),
            Self::Failures => "/failures".to_owned(),
            Self::Failure(fingerprint) => of_one("failures", fingerprint),
            Self::Organizations => "/organizations".to_owned(),
        }
    }

    /// Its name in the navigation and in the title of the window.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Actions => "Actions",
            Self::Triggers => "Triggers",
            Self::Trigger(_) => "Trigger",
            Self::Failures => "Failures",
            Self::Failure(_) => "Failure",
            Self::Organizations => "Organizations",
        }
    }

    /// Whether it is there already.
    #[must_use]
    pub fn is_built(&self) -> bool {
        Self::NAVIGATION.contains(&self.section())
    }

    /// What a text that is asked for is looked for in; `None` where it changes nothing.
    #[must_use]
    pub fn searched(&self) -> Option<&'static str> {
        match self {
            Self::Failures | Self::Failure(_) => Some("any text"),
            Self::Organizations => Some("name or id"),
            _ => None,
        }
    }

    /// The page of the navigation that this one belongs to.
    #[must_use]
    pub fn section(&self) -> Self {
        match self {
            Self::Trigger(_) => Self::Triggers,
            Self::Failure(_) => Self::Failures,
            other => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_page_has_its_path() {
        let pages = [Page::Overview, Page::Actions, Page::Triggers, Page::Failures, Page::Organizations];
        for page in pages {
            assert_eq!(Page::from_path(&page.path()), Some(page));
        }
        assert_eq!(Page::from_path("/nowhere"), None);
        assert_eq!(Page::from_path("/actions/"), Some(Page::Actions));
        assert_eq!(Page::from_path("/actions/x"), None);
        assert_eq!(Page::Trigger("a/b ?#é".into()).path(), "/triggers/a%2Fb%20%3F%23%C3%A9");
    }

    proptest! {
        #[test]
        fn any_id_finds_its_way_back(id in "[^\0]{1,40}") {
            for page in [Page::Trigger(id.clone()), Page::Failure(id)] {
                prop_assert_eq!(Page::from_path(&page.path()), Some(page));
            }
        }

        #[test]
        fn no_path_is_too_strange(path in ".*") {
            let _ = Page::from_path(&path);
        }
    }
}
