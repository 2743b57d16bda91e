//! Lists of which a page shows only a part, for files that hold all of it.

use chrono::{DateTime, Utc};
use domain::{
    access,
    cursor::Cursor,
    export::Export,
    failures::{NewestFailures, Rows},
    page::Page,
    panel::Panel as _,
    query::Query,
    table::Table,
    triggers::TriggerList,
};

use crate::{Pool, StoreError, failures, triggers};

/// Some rows of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The rows, in the columns of the panel.
    pub table: Table,
    /// Where the next part begins; `None` after the last one.
    pub next: Option<Cursor>,
}

/// Rows of a part, at most.
pub(crate) const OF_A_PART: usize = 2_000;

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
    sees: &access::Scope,
    export: &Export,
    query: &Query,
    as_of: DateTime<Utc>,
    after: Option<Cursor>,
) -> Result<Option<Part>, StoreError> {
    let is_first = after.is_none();
    let query = &Query { after, ..query.clone() };
    let part = match (&export.page, export.panel.as_str()) {
        (Page::Overview, NewestFailures::NAME) if is_first => {
            failures::newest::export(pool, sees, query, as_of).await?
        }
        (Page::Triggers, TriggerList::NAME) => triggers::export(pool, sees, query, as_of).await?,
        (Page::Failures, Rows::NAME) => failures::rows::export(pool, sees, query, as_of, None).await?,
        (Page::Failure(kind), Rows::NAME) => failures::rows::export(pool, sees, query, as_of, Some(kind)).await?,
        _ => return Ok(None),
    };
    Ok(Some(part))
}
