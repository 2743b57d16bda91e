//! What can be chosen in the filter bar.

use std::collections::HashMap;

use domain::{
    access,
    choices::{Choice, Choices, OFFERED},
};

use crate::{Pool, StoreError};

/// Loads what can be chosen.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(pool: &Pool, sees: &access::Scope) -> Result<Choices, StoreError> {
    let organizations = sees.organizations();
    let action_types = sqlx::query_file_scalar!("sql/choices/list_action_types.sql", OFFERED, organizations.as_deref());
    let action_types = action_types.fetch_all(pool).await?;
    let action_types = action_types.iter().map(|word| Choice::of(word)).collect();
    Ok(Choices { action_types, organizations: load_organizations(pool, organizations.as_deref()).await? })
}

async fn load_organizations(pool: &Pool, seen: Option<&[String]>) -> Result<Vec<Choice>, StoreError> {
    let ids = sqlx::query_file_scalar!("sql/choices/list_organizations.sql", OFFERED, seen).fetch_all(pool).await?;
    let mut names = HashMap::new();
    if sqlx::query_file_scalar!("sql/organizations/has_names.sql").fetch_one(pool).await? {
        let rows = sqlx::query_file!("sql/choices/list_organization_names.sql", &ids).fetch_all(pool).await?;
        names.extend(rows.into_iter().map(|row| (row.id, row.name)));
    }
    let named = |id: String| Choice { name: names.remove(&id).unwrap_or_else(|| id.clone()), value: id };
    let mut choices: Vec<_> = ids.into_iter().map(named).collect();
    choices.sort_by_cached_key(|choice| (choice.name.to_lowercase(), choice.value.clone()));
    Ok(choices)
}
