//! What can be chosen in the filter bar.

use domain::choices::{Choices, OFFERED};

use crate::{Pool, StoreError};

/// Loads what can be chosen.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(pool: &Pool) -> Result<Choices, StoreError> {
    let action_types = sqlx::query_file_scalar!("sql/choices/list_action_types.sql", OFFERED).fetch_all(pool).await?;
    let organizations = sqlx::query_file_scalar!("sql/choices/list_organizations.sql", OFFERED).fetch_all(pool).await?;
    Ok(Choices { action_types, organizations })
}
