//! Kinds of error that somebody marked as resolved. A trigger of the table tells every server of each change.
//!
//! A kind is the same for everybody, and so is what is said of it, the note included: it is shown to whoever sees a failure of
//! the kind in the time of the page, and to who sees everything. Whether it came back is told by the failures that
//! somebody sees.

use chrono::{DateTime, Utc};
use domain::{
    fingerprint::Fingerprint,
    resolutions::{Resolution, Resolutions},
};
use sqlx::PgConnection;

use crate::{Pool, StoreError};

/// Marks a kind of error as resolved; how that is kept, and how it was before.
///
/// # Errors
/// When the database does not answer.
pub async fn resolve(
    pool: &Pool,
    kind: Fingerprint,
    resolved_by: &str,
    note: Option<&str>,
) -> Result<(Resolution, Option<Resolution>), StoreError> {
    let kept = sqlx::query_file!("sql/resolutions/resolve_error.sql", kind.to_string(), resolved_by, note);
    let kept = kept.fetch_one(pool).await?;
    let before = kept.resolved_at_before.zip(kept.resolved_by_before).map(|(resolved_at, resolved_by)| Resolution {
        resolved_at,
        resolved_by,
        note: kept.note_before,
    });
    let (resolved_by, note) = (resolved_by.to_owned(), note.map(ToOwned::to_owned));
    Ok((Resolution { resolved_at: kept.resolved_at, resolved_by, note }, before))
}

/// Opens a kind of error again; what was said of it, if it was resolved.
///
/// # Errors
/// When the database does not answer.
pub async fn reopen(pool: &Pool, kind: Fingerprint) -> Result<Option<Resolution>, StoreError> {
    let gone = sqlx::query_file_as!(Resolution, "sql/resolutions/reopen_error.sql", kind.to_string());
    Ok(gone.fetch_optional(pool).await?)
}

/// What was said of some kinds of error.
pub(crate) async fn of(connection: &mut PgConnection, kinds: &[Fingerprint]) -> Result<Resolutions, sqlx::Error> {
    let names: Vec<String> = kinds.iter().map(Fingerprint::to_string).collect();
    let rows = sqlx::query_file_as!(Row, "sql/resolutions/list_resolutions.sql", &names).fetch_all(connection).await?;
    let resolution = |row: Row| {
        let Row { fingerprint, resolved_at, resolved_by, note } = row;
        Some((Fingerprint::parse(&fingerprint)?, Resolution { resolved_at, resolved_by, note }))
    };
    Ok(Resolutions(rows.into_iter().filter_map(resolution).collect()))
}

struct Row {
    fingerprint: String,
    resolved_at: DateTime<Utc>,
    resolved_by: String,
    note: Option<String>,
}
