//! Which organizations there are, and what they are called.

use std::collections::HashMap;

use domain::{access::Scope, organizations::Organization};
use sqlx::PgConnection;

use crate::{Pool, StoreError, hours::Filter};

/// Names that are read, at most.
const NAMED: i64 = 10_000;

/// The organizations that own a trigger that counts; only those whose name or id holds a text, where that is asked for.
pub(super) async fn load(
    connection: &mut PgConnection,
    filter: &Filter,
    text: Option<&str>,
) -> Result<Vec<Organization>, sqlx::Error> {
    let owners = sqlx::query_file!("sql/organizations/list_owners.sql", filter.triggers.as_deref());
    let owners = owners.fetch_all(&mut *connection).await?;
    let mut names = HashMap::new();
    if sqlx::query_file_scalar!("sql/organizations/has_names.sql").fetch_one(&mut *connection).await? {
        let rows = sqlx::query_file!("sql/organizations/list_names.sql", NAMED).fetch_all(connection).await?;
        names.extend(rows.into_iter().map(|row| (row.id, (row.name, row.plan))));
    }
    let wanted = text.map(str::to_lowercase);
    let mut owner = |(id, triggers): (String, i64)| {
        let (name, plan) = names.remove(&id).unwrap_or_default();
        Organization { id, name, plan, triggers, ..Organization::default() }
    };
    let fits = |owner: &Organization| {
        let holds = |text: &str| wanted.as_ref().is_none_or(|wanted| text.to_lowercase().contains(wanted));
        holds(&owner.id) || owner.name.as_deref().is_some_and(holds)
    };
    Ok(owners.into_iter().map(|row| owner((row.id, row.triggers))).filter(fits).collect())
}

/// Whether any trigger belongs to an organization.
pub(super) async fn any(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let owners = sqlx::query_file!("sql/organizations/list_owners.sql", None::<&[String]>);
    Ok(!owners.fetch_all(connection).await?.is_empty())
}

/// Those organizations of a limit that nothing is known of: they own no trigger and are not in the table of organizations.
/// None where no organization is known at all: then the limit is made before what it limits.
///
/// # Errors
/// When the database does not answer.
pub async fn find_unknown(pool: &Pool, limit: &Scope) -> Result<Vec<String>, StoreError> {
    let Some(ids) = limit.organizations() else { return Ok(Vec::new()) };
    let mut unknown =
        sqlx::query_file_scalar!("sql/organizations/list_without_triggers.sql", &ids).fetch_all(pool).await?;
    let mut are_known = any(&mut *pool.acquire().await?).await?;
    if sqlx::query_file_scalar!("sql/organizations/has_names.sql").fetch_one(pool).await? {
        unknown = sqlx::query_file_scalar!("sql/organizations/list_absent.sql", &unknown).fetch_all(pool).await?;
        are_known |= sqlx::query_file_scalar!("sql/organizations/has_any.sql").fetch_one(pool).await?;
    }
    Ok(if are_known { unknown } else { Vec::new() })
}
