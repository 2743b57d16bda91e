//! Lists of which a page shows only a part, for files that hold all of it.

use chrono::{DateTime, Utc};
use domain::{export::Export, failures::NewestFailures, page::Page, panel::Panel as _, query::Query, table::Table};

use crate::{Pool, StoreError, failures};

/// Some rows of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The rows, in the columns of the panel.
    pub table: Table,
    /// Where the next part begins; `None` after the last one.
    pub next: Option<String>,
}

/// The part of a panel's list that begins at `after`, or the first one; `None` where the page shows the whole list itself.
///
/// A page with a list in parts adds an arm here that leads to a function of its own: it reads some thousand rows by the
/// keyset in `after` and answers with the keyset of the last one. How many rows a file holds at most is
/// [`domain::export::ROWS`].
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn part(
    pool: &Pool,
    export: &Export,
    query: &Query,
    as_of: DateTime<Utc>,
    after: Option<String>,
) -> Result<Option<Part>, StoreError> {
    match (&export.page, export.panel.as_str(), after) {
        (Page::Overview, NewestFailures::NAME, None) => failures::newest::export(pool, query, as_of).await.map(Some),
        _ => Ok(None),
    }
}
