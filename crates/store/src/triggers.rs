//! Triggers and their health.

mod known;
mod list;
mod rank;
mod unwell;

pub(crate) use known::{Known, known};
pub(crate) use list::export;
pub use list::load;
pub(crate) use unwell::load as load_unwell;

use domain::{access, query::Query};

use crate::{Pool, StoreError};

/// The trigger that a query asks for, where nobody who sees this sees one.
///
/// # Errors
/// When the database does not answer.
pub async fn find_missing(pool: &Pool, sees: &access::Scope, query: &Query) -> Result<Option<String>, StoreError> {
    let Some(id) = &query.trigger else { return Ok(None) };
    let organizations = sees.narrowed(None);
    let is_trigger = sqlx::query_file_scalar!("sql/triggers/is_trigger.sql", id, organizations.as_deref());
    let is_trigger = is_trigger.fetch_one(pool).await?;
    Ok((!is_trigger).then(|| id.clone()))
}
