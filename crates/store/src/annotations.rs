//! What people mark on the time axis of every chart. A trigger of the table tells every server of each change.

use chrono::{DateTime, Utc};
use domain::annotations::{Annotation, Annotations, Draft, Kind};

use crate::{Pool, StoreError};

/// A row, whose kind is one of those that the table allows.
struct Row {
    id: i64,
    at: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    kind: String,
    text: String,
    created_by: Option<String>,
    created_at: DateTime<Utc>,
}

/// The annotations that touch the time from `begins` to `until`, itself left out: the newest `limit` of them.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    pool: &Pool,
    begins: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
) -> Result<Annotations, StoreError> {
    // One more tells whether there are more.
    let rows = sqlx::query_file_as!(Row, "sql/annotations/list_annotations.sql", begins, until, limit + 1);
    let mut list: Vec<_> = rows.fetch_all(pool).await?.into_iter().map(annotation).collect();
    let limit = usize::try_from(limit).unwrap_or_default();
    let has_more = list.len() > limit;
    list.truncate(limit);
    list.reverse();
    Ok(Annotations { list, has_more })
}

/// Adds an annotation; how it is kept.
///
/// # Errors
/// When the database does not answer.
pub async fn add(pool: &Pool, draft: Draft, created_by: Option<&str>) -> Result<Annotation, StoreError> {
    let Draft { kind, at, until, text } = draft;
    let kept = sqlx::query_file!("sql/annotations/add_annotation.sql", at, until, kind.word(), text, created_by);
    let kept = kept.fetch_one(pool).await?;
    let created_by = created_by.map(ToOwned::to_owned);
    Ok(Annotation { id: kept.id, at, until, kind, text, created_by, created_at: kept.created_at })
}

/// Removes an annotation; what it was, if it was there.
///
/// # Errors
/// When the database does not answer.
pub async fn remove(pool: &Pool, id: i64) -> Result<Option<Annotation>, StoreError> {
    let removed = sqlx::query_file_as!(Row, "sql/annotations/remove_annotation.sql", id);
    Ok(removed.fetch_optional(pool).await?.map(annotation))
}

fn annotation(row: Row) -> Annotation {
    let Row { id, at, until, kind, text, created_by, created_at } = row;
    Annotation { id, at, until, kind: Kind::from_word(&kind).unwrap_or(Kind::Note), text, created_by, created_at }
}
