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

/// Any [`Panel`]: what a page lists its panels as, to be found by name.
pub trait AnyPanel: Sync {
    /// [`Panel::NAME`].
    fn name(&self) -> &'static str;

    /// [`Panel::title`].
    fn heading(&self) -> Cow<'static, str>;

    /// [`Panel::sentence`].
    fn says(&self) -> String;

    /// [`Panel::table`].
    fn numbers(&self, query: &Query) -> Table;
}

impl<P: Panel + Sync> AnyPanel for P {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn heading(&self) -> Cow<'static, str> {
        self.title()
    }

    fn says(&self) -> String {
        self.sentence()
    }

    fn numbers(&self, query: &Query) -> Table {
        self.table(query)
    }
}
