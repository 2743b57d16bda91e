//! What admins and operators did. Nothing of it can be changed.

use domain::access::Act;
use serde_json::Value;

use crate::{Pool, StoreError};

/// Acts of a page.
pub const OF_A_PAGE: usize = 100;

/// Something that somebody does.
#[derive(Debug, Clone)]
pub struct NewAct<'a> {
    /// Who.
    pub actor: &'a str,
    /// From where.
    pub address: &'a str,
    /// What, as `user.add`.
    pub act: &'static str,
    /// To what.
    pub target: &'a str,
    /// How that was before.
    pub before: Option<Value>,
    /// How it is since.
    pub after: Option<Value>,
}

/// Notes an act.
///
/// # Errors
/// When the database does not answer.
pub async fn add(pool: &Pool, act: &NewAct<'_>) -> Result<(), StoreError> {
    let added = sqlx::query_file!(
        "sql/audit_log/add_act.sql",
        act.actor,
        act.address,
        act.act,
        act.target,
        act.before,
        act.after
    );
    added.execute(pool).await?;
    Ok(())
}

/// Acts, newest first, [`OF_A_PAGE`] at most, and whether there are more before them.
///
/// # Errors
/// When the database does not answer.
pub async fn list(pool: &Pool, before: Option<i64>, text: Option<&str>) -> Result<(Vec<Act>, bool), StoreError> {
    let most = i64::try_from(OF_A_PAGE).unwrap_or(i64::MAX);
    let acts = sqlx::query_file_as!(Act, "sql/audit_log/list_acts.sql", before, text, most + 1);
    let mut acts = acts.fetch_all(pool).await?;
    let has_more = acts.len() > OF_A_PAGE;
    acts.truncate(OF_A_PAGE);
    Ok((acts, has_more))
}
