//! What was looked after, by Tidemark itself or by people.

mod evidence;

use std::time::Duration;

use chrono::Utc;
use domain::maintenance::{ITEMS, Item, Maintenance};

use crate::{Pool, StoreError};

/// What was seen of each item last.
///
/// # Errors
/// When the database does not answer.
pub async fn load(pool: &Pool) -> Result<Maintenance, StoreError> {
    let newest = async |by_people: bool| {
        sqlx::query_file_as!(domain::maintenance::Checked, "sql/checklist/list_newest.sql", by_people)
            .fetch_all(pool)
            .await
    };
    Ok(Maintenance { by_tidemark: newest(false).await?, by_people: newest(true).await? })
}

/// Looks after everything that is due, or after everything where `is_asked`. Views are due every `interval`.
///
/// # Errors
/// When the database does not answer.
pub async fn look(pool: &Pool, interval: Duration, is_asked: bool) -> Result<(), StoreError> {
    let (known, now) = (load(pool).await?, Utc::now());
    let is_due = |item: &&Item| {
        let seen = known.seen(item).filter(|seen| seen.is_good && seen.checked_at >= item.period.begins(now));
        is_asked || seen.is_none()
    };
    for item in ITEMS.iter().filter(is_due) {
        let (is_good, evidence) = match evidence::of(pool, item.name, interval).await {
            Ok(seen) => seen,
            Err(error) if error.is_unreachable() => return Err(error),
            Err(error) => (false, format!("This could not be looked at: {error}.")),
        };
        add(pool, item, None, is_good, &evidence).await?;
    }
    Ok(())
}

/// Notes what a person says of an item.
///
/// # Errors
/// When the database does not answer.
pub async fn tick(pool: &Pool, item: &Item, person: &str, note: &str) -> Result<(), StoreError> {
    add(pool, item, Some(person), true, note).await
}

async fn add(pool: &Pool, item: &Item, person: Option<&str>, is_good: bool, evidence: &str) -> Result<(), StoreError> {
    sqlx::query_file!("sql/checklist/add_checked.sql", item.name, person, is_good, evidence).execute(pool).await?;
    Ok(())
}
