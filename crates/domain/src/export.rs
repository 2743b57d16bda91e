//! A panel as a file: its numbers, or its drawing.

use std::{fmt, fmt::Write as _};

use chrono::{DateTime, Utc};

use crate::{page::Page, query::Query};

/// Where exports are: `/export/actions/executions.csv?range=7d` is the panel `executions` of `/actions?range=7d`.
pub const FOLDER: &str = "/export";

/// Rows of a file, at most; only lists of which a page shows a part come near.
pub const ROWS: usize = 100_000;

/// Characters of a file's name that tell what is in it, at most.
const NAME_CHARACTERS: usize = 80;

/// A panel of a page as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The page.
    pub page: Page,
    /// The name of the panel.
    pub panel: String,
    /// What kind of file.
    pub format: Format,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The numbers: comma-separated values.
    Csv,
    /// The chart as a drawing.
    Svg,
    /// The chart as a picture.
    Png,
}

/// Why there is no file at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoExport {
    /// There is no page of which it could be a panel.
    Page,
    /// The name does not end in one of [`Format::ALL`].
    Format,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Svg, Self::Png];

    /// How the names of its files end.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }

    /// As people spell it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Svg => "SVG",
            Self::Png => "PNG",
        }
    }

    /// What browsers are told it is.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
        }
    }
}

impl fmt::Display for NoExport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page => write!(
                formatter,
                "There is no page here to export from; an address is {FOLDER}, the path of the page, and the panel with its format, as in {FOLDER}/actions/executions.csv."
            ),
            Self::Format => write!(
                formatter,
                "There is no such format: a panel ends in .csv, .svg or .png, as in {FOLDER}/executions.csv."
            ),
        }
    }
}

impl Export {
    /// The export at a path.
    ///
    /// # Errors
    /// When there is none.
    pub fn from_path(path: &str) -> Result<Self, NoExport> {
        let (folder, file) = path.strip_prefix(FOLDER).and_then(|rest| rest.rsplit_once('/')).ok_or(NoExport::Page)?;
        let page = Page::from_path(if folder.is_empty() { "/" } else { folder }).ok_or(NoExport::Page)?;
        let (panel, ending) = file.rsplit_once('.').ok_or(NoExport::Format)?;
        let format = Format::ALL.into_iter().find(|format| format.ending() == ending).ok_or(NoExport::Format)?;
        Ok(Self { page, panel: panel.to_owned(), format })
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> String {
        let page = self.page.path();
        format!("{FOLDER}{}/{}.{}", page.trim_end_matches('/'), self.panel, self.format.ending())
    }

    /// Its address, for a page that is asked this.
    #[must_use]
    pub fn href(&self, query: &Query) -> String {
        query.address(&self.page, &self.path())
    }

    /// The name of the file: what is in it, under the title of the panel, and as of when.
    #[must_use]
    pub fn file_name(&self, title: &str, as_of: DateTime<Utc>) -> String {
        let which = match &self.page {
            Page::Trigger(id) | Page::Failure(id) => id.as_str(),
            _ => "",
        };
        let mut name = "tidemark".to_owned();
        for words in [self.page.title(), which, title] {
            let words = plain(words);
            if !words.is_empty() {
                // Writing to a string does not fail.
                let _ = write!(name, "-{words}");
            }
        }
        name.truncate(NAME_CHARACTERS);
        format!("{}-{}.{}", name.trim_end_matches('-'), as_of.format("%Y-%m-%dT%H%MZ"), self.format.ending())
    }
}

/// Lower-case letters and digits, and hyphens in place of everything else: what any file system and any header can hold.
fn plain(words: &str) -> String {
    let letters =
        words.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' });
    letters.collect::<String>().split_whitespace().collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn csv(page: Page, panel: &str) -> Export {
        Export { page, panel: panel.to_owned(), format: Format::Csv }
    }

    #[test]
    fn an_address_names_page_panel_and_format() {
        assert_eq!(csv(Page::Overview, "executions").path(), "/export/executions.csv");
        let query = Query::default().with_action_type(Some("a&b"));
        assert_eq!(csv(Page::Actions, "executions").href(&query), "/export/actions/executions.csv?type=a%26b");
        assert_eq!(Export::from_path("/export/nowhere/executions.csv"), Err(NoExport::Page));
        assert_eq!(Export::from_path("/export"), Err(NoExport::Page));
        assert_eq!(Export::from_path("/export/executions.xlsx"), Err(NoExport::Format));
        assert_eq!(Export::from_path("/export/executions"), Err(NoExport::Format));
    }

    #[test]
    fn a_file_says_what_and_when() {
        let as_of = "2026-11-24T12:00:59Z".parse().unwrap();
        let name = csv(Page::Actions, "executions").file_name("Runs per hour", as_of);
        assert_eq!(name, "tidemark-actions-runs-per-hour-2026-11-24T1200Z.csv");
        let name = csv(Page::Trigger("../é\"\r\n".repeat(90)), "hours").file_name("Runs", as_of);
        assert_eq!(name, "tidemark-trigger-runs-2026-11-24T1200Z.csv");
        assert!(csv(Page::Trigger("x".repeat(900)), "hours").file_name("Runs", as_of).len() < 110);
    }

    proptest! {
        #[test]
        fn an_address_means_what_it_was_made_from(id in "[^\0]{1,40}", place in 0..3_usize) {
            for page in [Page::Overview, Page::Failures, Page::Trigger(id.clone()), Page::Failure(id)] {
                let export = Export { page, panel: "action-types".to_owned(), format: Format::ALL[place] };
                prop_assert_eq!(Export::from_path(&export.path()), Ok(export));
            }
        }

        #[test]
        fn no_path_is_too_strange(path in ".*", title in ".*") {
            let _ = Export::from_path(&path);
            if let Ok(export) = Export::from_path(&format!("/export/triggers/{path}.csv")) {
                prop_assert!(export.file_name(&title, DateTime::UNIX_EPOCH).is_ascii());
            }
        }
    }
}
