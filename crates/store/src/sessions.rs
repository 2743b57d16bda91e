//! Logins: the sessions that last, and the failures that slow others down.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Pool, StoreError,
    users::{Row, User},
};

/// How long a session lasts.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Without being used.
    pub idle: TimeDelta,
    /// At all.
    pub absolute: TimeDelta,
}

impl Limits {
    /// Sessions that were not seen, or did not begin, since these moments are over.
    pub(crate) fn since(&self, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        (now - self.idle, now - self.absolute)
    }
}

/// Begins a session.
///
/// # Errors
/// When the database does not answer.
pub async fn begin(pool: &Pool, token_hash: &[u8], user: i64, address: &str, agent: &str) -> Result<(), StoreError> {
    let agent: String = agent.chars().take(300).collect();
    let mut transaction = pool.begin().await?;
    sqlx::query_file!("sql/sessions/add_session.sql", token_hash, user, address, agent)
        .execute(&mut *transaction)
        .await?;
    sqlx::query_file!("sql/users/note_login.sql", user).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// Whose session it is, while it lasts and its person is not kept out.
///
/// # Errors
/// When the database does not answer.
pub async fn find(pool: &Pool, token_hash: &[u8], limits: &Limits) -> Result<Option<User>, StoreError> {
    let (seen, began) = limits.since(Utc::now());
    let row = sqlx::query_file_as!(Row, "sql/sessions/find_session.sql", token_hash, seen, began);
    Ok(row.fetch_optional(pool).await?.map(User::from))
}

/// Ends a session.
///
/// # Errors
/// When the database does not answer.
pub async fn end(pool: &Pool, token_hash: &[u8]) -> Result<(), StoreError> {
    sqlx::query_file!("sql/sessions/remove_session.sql", token_hash).execute(pool).await?;
    Ok(())
}

/// Ends all sessions of somebody; how many there were.
///
/// # Errors
/// When the database does not answer.
pub async fn end_all(pool: &Pool, user: i64) -> Result<u64, StoreError> {
    let ended = sqlx::query_file!("sql/sessions/remove_sessions_of_user.sql", user).execute(pool).await?;
    Ok(ended.rows_affected())
}

/// Forgets sessions that are over, and failed logins that slow nobody down any more.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_old(pool: &Pool, limits: &Limits, attempts_since: DateTime<Utc>) -> Result<(), StoreError> {
    let (seen, began) = limits.since(Utc::now());
    sqlx::query_file!("sql/sessions/forget_old_sessions.sql", seen, began).execute(pool).await?;
    sqlx::query_file!("sql/login_attempts/forget_attempts.sql", attempts_since).execute(pool).await?;
    Ok(())
}

/// Remembers from which browser somebody logged in.
///
/// # Errors
/// When the database does not answer.
pub async fn remember_device(pool: &Pool, token_hash: &[u8], user: i64) -> Result<(), StoreError> {
    sqlx::query_file!("sql/sessions/add_device.sql", token_hash, user).execute(pool).await?;
    Ok(())
}

/// Makes all browsers of somebody strangers again.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_devices(pool: &Pool, user: i64) -> Result<(), StoreError> {
    sqlx::query_file!("sql/sessions/forget_devices_of_user.sql", user).execute(pool).await?;
    Ok(())
}

/// Whether somebody logged in from this browser before.
///
/// # Errors
/// When the database does not answer.
pub async fn is_known_device(pool: &Pool, token_hash: &[u8], name: &str) -> Result<bool, StoreError> {
    Ok(sqlx::query_file_scalar!("sql/sessions/is_known_device.sql", token_hash, name).fetch_one(pool).await?)
}

/// Logins that failed lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// For this account, from browsers that are strangers to it.
    pub of_account: i64,
    /// From this address, by strangers.
    pub of_address: i64,
    /// From this very browser.
    pub of_device: i64,
}

/// Where a login comes from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The name that was typed.
    pub account: &'a str,
    /// The address.
    pub address: &'a str,
    /// The browser, where it is known.
    pub device_hash: Option<&'a [u8]>,
}

/// Notes a login that failed.
///
/// # Errors
/// When the database does not answer.
pub async fn note_failure(pool: &Pool, origin: Origin<'_>) -> Result<(), StoreError> {
    let Origin { account, address, device_hash } = origin;
    sqlx::query_file!("sql/login_attempts/add_attempt.sql", account, address, device_hash).execute(pool).await?;
    Ok(())
}

/// How many logins failed since a moment.
///
/// # Errors
/// When the database does not answer.
pub async fn count_failures(pool: &Pool, origin: Origin<'_>, since: DateTime<Utc>) -> Result<Attempts, StoreError> {
    let Origin { account, address, device_hash } = origin;
    let counted =
        sqlx::query_file_as!(Attempts, "sql/login_attempts/count_attempts.sql", account, address, device_hash, since);
    Ok(counted.fetch_one(pool).await?)
}
