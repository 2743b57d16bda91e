//! Triggers and organizations that come with an import.

use std::collections::{HashMap, HashSet};

use sqlx::PgConnection;

use super::ImportError;
use crate::Pool;

/// A trigger to be written, new or known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// Its id.
    pub id: String,
    /// Its name, as people read it.
    pub name: String,
    /// Name of the organization it belongs to; `None` leaves that as it is.
    pub organization: Option<String>,
    /// `None` leaves a known trigger as it is, and enables a new one.
    pub enabled: Option<bool>,
}

/// The ids an action result may name as its trigger; `None` when the database does not mind.
///
/// # Errors
/// When the database is out of reach.
pub async fn known_triggers(pool: &Pool) -> Result<Option<HashSet<String>>, ImportError> {
    if !sqlx::query_file_scalar!("sql/import/requires_triggers.sql").fetch_one(pool).await? {
        return Ok(None);
    }
    let ids = sqlx::query_file_scalar!("sql/import/list_trigger_ids.sql").fetch_all(pool).await?;
    Ok(Some(ids.into_iter().collect()))
}

/// Whether triggers belong to organizations in this database.
///
/// # Errors
/// When the database is out of reach.
pub async fn has_organizations(pool: &Pool) -> Result<bool, ImportError> {
    Ok(sqlx::query_file_scalar!("sql/import/has_organizations.sql").fetch_one(pool).await?)
}

/// Writes triggers, and the organizations they name where the database knows organizations.
pub(super) async fn write(connection: &mut PgConnection, triggers: &[Trigger]) -> Result<(), ImportError> {
    if triggers.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = triggers.iter().map(|trigger| trigger.id.as_str()).collect();
    let names: Vec<&str> = triggers.iter().map(|trigger| trigger.name.as_str()).collect();
    let enabled: Vec<Option<bool>> = triggers.iter().map(|trigger| trigger.enabled).collect();
    sqlx::query_file!("sql/import/upsert_triggers.sql", &ids as _, &names as _, &enabled as _)
        .execute(&mut *connection)
        .await?;

    let has_organizations =
        sqlx::query_file_scalar!("sql/import/has_organizations.sql").fetch_one(&mut *connection).await?;
    if !has_organizations || triggers.iter().all(|trigger| trigger.organization.is_none()) {
        return Ok(());
    }
    let organizations = write_organizations(connection, triggers).await?;
    let organization_ids: Vec<Option<&str>> = triggers
        .iter()
        .map(|trigger| organizations.get(trigger.organization.as_deref()?).map(String::as_str))
        .collect();
    sqlx::query_file!("sql/import/assign_organizations.sql", &ids as _, &organization_ids as _)
        .execute(connection)
        .await?;
    Ok(())
}

/// Makes the organizations that are missing; returns the id of each by its name.
async fn write_organizations(
    connection: &mut PgConnection,
    triggers: &[Trigger],
) -> Result<HashMap<String, String>, ImportError> {
    let present = sqlx::query_file!("sql/import/list_organizations.sql").fetch_all(&mut *connection).await?;
    let mut taken: HashSet<String> = present.iter().map(|organization| organization.id.clone()).collect();
    let mut by_name: HashMap<String, String> =
        present.into_iter().map(|organization| (organization.name, organization.id)).collect();

    let (mut new_ids, mut new_names) = (Vec::new(), Vec::new());
    for name in triggers.iter().filter_map(|trigger| trigger.organization.as_ref()) {
        if by_name.contains_key(name) {
            continue;
        }
        let id = free_slug(name, &taken);
        taken.insert(id.clone());
        by_name.insert(name.clone(), id.clone());
        new_ids.push(id);
        new_names.push(name.clone());
    }
    sqlx::query_file!("sql/import/insert_organizations.sql", &new_ids, &new_names).execute(connection).await?;
    Ok(by_name)
}

/// `Delta Air Lines Inc.` becomes `delta-air-lines-inc`, with a number after it when that is taken.
fn free_slug(name: &str, taken: &HashSet<String>) -> String {
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let slug = if words.is_empty() { "organization".to_owned() } else { words.join("-") };
    if !taken.contains(&slug) {
        return slug;
    }
    let mut number = 2;
    while taken.contains(&format!("{slug}-{number}")) {
        number += 1;
    }
    format!("{slug}-{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_readable_and_free() {
        let taken = HashSet::from(["acme".to_owned(), "acme-2".to_owned()]);
        assert_eq!(free_slug("Delta Air Lines Inc.", &taken), "delta-air-lines-inc");
        assert_eq!(free_slug("ACME!", &taken), "acme-3");
        assert_eq!(free_slug("!", &taken), "organization");
    }
}
