//! Keys of programs. Only their hashes are kept.

use chrono::{DateTime, Utc};
use domain::access::{ApiKey, Role, Scope};

use crate::{Pool, StoreError, users::role_of};

/// Keys that are listed at most.
pub const LISTED: i64 = 1_000;

/// A new key.
#[derive(Debug, Clone)]
pub struct NewKey<'a> {
    /// What it is for.
    pub name: &'a str,
    /// Its SHA-256.
    pub key_hash: &'a [u8],
    /// How it begins.
    pub hint: &'a str,
    /// What may be done with it.
    pub role: Role,
    /// What is seen with it.
    pub scope: &'a Scope,
    /// Who makes it.
    pub created_by: &'a str,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Adds a key; its number.
///
/// # Errors
/// When the database does not answer.
pub async fn add(pool: &Pool, key: &NewKey<'_>) -> Result<i64, StoreError> {
    let organizations = key.scope.organizations();
    let added = sqlx::query_file_scalar!(
        "sql/api_keys/add_key.sql",
        key.name,
        key.key_hash,
        key.hint,
        key.role.word(),
        organizations.as_deref(),
        key.created_by,
        key.expires_at
    );
    Ok(added.fetch_one(pool).await?)
}

/// The name of a key that is good, what may be done and what is seen with it.
///
/// # Errors
/// When the database does not answer.
pub async fn find(pool: &Pool, key_hash: &[u8]) -> Result<Option<(String, Role, Scope)>, StoreError> {
    let found = sqlx::query_file!("sql/api_keys/find_key.sql", key_hash).fetch_optional(pool).await?;
    Ok(found.map(|key| (key.name, role_of(&key.role), Scope::of(key.organizations))))
}

/// All keys, newest first, [`LISTED`] at most.
///
/// # Errors
/// When the database does not answer.
pub async fn list(pool: &Pool) -> Result<Vec<ApiKey>, StoreError> {
    let rows = sqlx::query_file!("sql/api_keys/list_keys.sql", LISTED).fetch_all(pool).await?;
    let keys = rows.into_iter().map(|row| ApiKey {
        id: row.id,
        name: row.name,
        hint: row.hint,
        role: role_of(&row.role),
        scope: Scope::of(row.organizations),
        created_by: row.created_by,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
    });
    Ok(keys.collect())
}

/// Makes a key void; its name, or `None` where there is no good one of that number.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke(pool: &Pool, id: i64) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_file_scalar!("sql/api_keys/revoke_key.sql", id).fetch_optional(pool).await?)
}
