//! What every panel has: a name, a title, one true sentence about its data, and its numbers as a table.

use std::borrow::Cow;

use crate::{query::Query, table::Table};

/// A panel: its data, which knows what to say about itself.
pub trait Panel {
    /// Its name in ids, style sheets and file names: `action-types`.
    const NAME: &'static str;

    /// Its heading.
    const TITLE: &'static str;

    /// The heading where it depends on the data: `Runs per day`.
    fn title(&self) -> Cow<'static, str> {
        Self::TITLE.into()
    }

    /// What stands out, in one sentence; where nothing does, what the panel shows.
    fn sentence(&self) -> String;

    /// Its numbers. Links keep what was asked, and moments are told in its zone.
    fn table(&self, query: &Query) -> Table;
}
