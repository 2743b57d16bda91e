//! All rows of a panel as a stream: of a list that its page shows in parts, part by part, so that no file has to fit into
//! memory.

use std::{io, sync::Arc, time::Duration};

use app::snapshot::View;
use bytes::Bytes;
use domain::{
    access::Scope,
    export::{Export, ROWS},
    query::Query,
    table::Table,
};
use futures::{Stream, stream};
use store::{Pool, StoreError, exports::Part};
use tokio::{sync::OwnedSemaphorePermit, time::Instant};

use crate::exports::{Sheet, records};

/// How long a file may take, so that nobody who reads slowly holds a place for ever.
const PATIENCE: Duration = Duration::from_secs(120);

/// A file that is under way.
pub struct Lines {
    pool: Pool,
    sees: Scope,
    export: Export,
    query: Query,
    view: Arc<View>,
    /// What comes next; `None` at the end.
    next: Option<Part>,
    written: usize,
    /// Whether the names of the columns are written; a first part may have no row that fits.
    has_header: bool,
    deadline: Instant,
    _place: OwnedSemaphorePermit,
}

/// The lines of a panel. `own` are the rows that its page shows: all of them, unless the store has the list in parts.
///
/// # Errors
/// When the first part cannot be loaded.
pub async fn stream(
    (pool, sees): (Pool, Scope),
    export: Export,
    query: Query,
    view: Arc<View>,
    own: Table,
    place: OwnedSemaphorePermit,
) -> Result<impl Stream<Item = io::Result<Bytes>>, StoreError> {
    let first = store::exports::part(&pool, &sees, &export, &query, view.data_as_of, None).await?;
    let next = Some(first.unwrap_or(Part { table: own, next: None }));
    let deadline = Instant::now() + PATIENCE;
    let lines = Lines { pool, sees, export, query, view, next, written: 0, has_header: false, deadline, _place: place };
    Ok(stream::try_unfold(lines, Lines::step))
}

impl Lines {
    async fn step(mut self) -> io::Result<Option<(Bytes, Self)>> {
        let Some(mut part) = self.next.take() else { return Ok(None) };
        if Instant::now() > self.deadline {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        part.table.rows.truncate(ROWS - self.written);
        let bytes = self.spelled(&part.table)?;
        self.has_header = true;
        self.written += part.table.rows.len();
        if let Some(after) = part.next.filter(|_| self.written < ROWS) {
            // A file that ends in the middle is cut off, so that it is not taken for a whole one.
            let loading = store::exports::part(
                &self.pool,
                &self.sees,
                &self.export,
                &self.query,
                self.view.data_as_of,
                Some(after),
            );
            self.next = loading.await.map_err(io::Error::other)?;
        }
        Ok(Some((bytes, self)))
    }

    fn spelled(&self, table: &Table) -> io::Result<Bytes> {
        let annotations = &self.view.annotations.list;
        let sheet = Sheet { table, zone: self.query.zone, annotations };
        Ok(records(&sheet, !self.has_header).map_err(io::Error::other)?.into())
    }
}
