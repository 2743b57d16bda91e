//! The failures themselves, page by page.

use chrono::{DateTime, Utc};
use domain::{
    access,
    cursor::Cursor,
    failures::{
        Excerpt, Rows, Run, Scope,
        rows::{LARGEST_RESPONSE, OF_A_PAGE, SHOWN_CHARACTERS, cursor, place},
    },
    fingerprint::Fingerprint,
    panel::Panel as _,
    query::Query,
    window::Window,
};
use sqlx::PgConnection;

use super::seen::{Found, Search};
use crate::{
    Pool, StoreError,
    exports::{OF_A_PART, Part},
    hours::Filter,
};

/// The page of a query among what `search` finds; `total` is how many there are on all pages, where that is known.
pub(crate) async fn load(
    connection: &mut PgConnection,
    query: &Query,
    search: Search<'_>,
    scope: Scope,
    total: Option<i64>,
) -> Result<Rows, sqlx::Error> {
    // The cursor of another list begins at the first row.
    let after = query.after.as_ref().filter(|cursor| place(cursor).is_some());
    let found = Search { after, wanted: OF_A_PAGE + 1, ..search }.run(connection).await?;
    of(connection, found, scope, total, after.is_none()).await
}

/// A page of what was found, which is newest first and may go on.
pub(crate) async fn of(
    connection: &mut PgConnection,
    found: Found,
    scope: Scope,
    total: Option<i64>,
    is_first: bool,
) -> Result<Rows, sqlx::Error> {
    let of_a_page = usize::try_from(OF_A_PAGE).unwrap_or_default();
    let is_full = found.seen.runs.len() > of_a_page;
    let ids: Vec<String> = found.seen.runs.iter().take(of_a_page).map(|run| run.id.clone()).collect();
    let rows = details(connection, &ids).await?;
    let next: Option<Cursor> = if is_full { rows.last().map(Run::cursor) } else { found.last };
    let limit = found.seen.limit.filter(|_| !is_full);
    Ok(Rows { scope: Scope { limit, ..scope }, rows, total, is_first, next })
}

/// Some executions for a file: those of the time that is asked for from `query.after` on, or among them those of one kind.
pub(crate) async fn export(
    pool: &Pool,
    sees: &access::Scope,
    query: &Query,
    as_of: DateTime<Utc>,
    kind: Option<&str>,
) -> Result<Part, StoreError> {
    let mut connection = pool.acquire().await?;
    let filter = Filter::load(&mut connection, sees, query).await?;
    let (window, scope) = (Window::of(query.range, query.zone, as_of), super::scope(query));
    let wanted = i64::try_from(OF_A_PART).unwrap_or(i64::MAX);
    let search = Search { after: query.after.as_ref(), wanted, ..super::search(query, &filter, &window, &scope) };
    let found = search.run(&mut connection).await?;
    let last = found.seen.runs.last().filter(|_| found.seen.runs.len() >= OF_A_PART);
    let next = last.map(|run| cursor(run.executed_at, &run.id)).or(found.last);
    let seen = match kind {
        None => found.seen,
        Some(kind) => Fingerprint::parse(kind).map(|kind| found.seen.of_kind(kind)).unwrap_or_default(),
    };
    let ids: Vec<String> = seen.runs.into_iter().map(|run| run.id).collect();
    let rows = details(&mut connection, &ids).await?;
    Ok(Part { table: Rows { rows, ..Rows::default() }.table(query), next })
}

/// What there is to see of some executions, newest first.
async fn details(connection: &mut PgConnection, ids: &[String]) -> Result<Vec<Run>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_file!("sql/failures/list_rows.sql", ids, SHOWN_CHARACTERS, LARGEST_RESPONSE);
    let rows = rows.fetch_all(connection).await?.into_iter().map(|row| Run {
        id: row.id,
        job_id: row.job_id,
        event_id: row.event_id,
        trigger_id: row.trigger_id,
        trigger_name: row.trigger_name,
        action_type: row.action_type,
        status: row.status,
        executed_at: row.executed_at,
        duration_ms: row.duration_ms,
        retry_count: row.retry_count,
        message: row.message_bytes.map(|bytes| excerpt(row.message, bytes)),
        response: row.response_bytes.map(|bytes| excerpt(row.response, bytes)),
    });
    Ok(rows.collect())
}

/// What was read of a text, one character more than is shown; nothing of one that is too large.
fn excerpt(read: Option<String>, bytes: i32) -> Excerpt {
    let shown = usize::try_from(SHOWN_CHARACTERS).unwrap_or_default();
    let is_read = read.is_some();
    let mut text = read.unwrap_or_default();
    let end = text.char_indices().nth(shown).map(|(end, _)| end);
    if let Some(end) = end {
        text.truncate(end);
    }
    Excerpt { text, is_whole: is_read && end.is_none(), bytes: i64::from(bytes) }
}
