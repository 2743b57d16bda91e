//! People who may log in, and the links with which they choose a password.

use chrono::{TimeDelta, Utc};
use domain::access::{Person, Role, Scope};

use crate::{Pool, StoreError, sessions::Limits};

/// People that are listed at most.
pub const LISTED: i64 = 1_000;

/// Who vouches for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A password that is kept here.
    Local,
    /// An OpenID provider.
    Oidc,
    /// A trusted proxy.
    Proxy,
}

impl Source {
    /// As the database spells it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Oidc => "oidc",
            Self::Proxy => "proxy",
        }
    }
}

/// Somebody who may log in, or is kept from it.
#[derive(Debug, Clone)]
pub struct User {
    /// The number.
    pub id: i64,
    /// The name.
    pub name: String,
    /// Who vouches: `local`, `oidc` or `proxy`.
    pub source: String,
    /// What they may do.
    pub role: Role,
    /// What they see.
    pub scope: Scope,
    /// Whether they are kept out.
    pub is_disabled: bool,
    /// The hash of the password; `None` before one was chosen.
    pub password_hash: Option<String>,
}

/// Somebody new.
#[derive(Debug, Clone)]
pub struct NewUser<'a> {
    /// The name.
    pub name: &'a str,
    /// Who vouches.
    pub source: Source,
    /// Issuer and subject, of an OpenID provider alone.
    pub subject: Option<&'a str>,
    /// The hash of the password, where it is known.
    pub password_hash: Option<&'a str>,
    /// What they may do.
    pub role: Role,
    /// What they see.
    pub scope: &'a Scope,
}

pub(crate) struct Row {
    pub id: i64,
    pub name: String,
    pub source: String,
    pub role: String,
    pub organizations: Option<Vec<String>>,
    pub is_disabled: bool,
    pub password_hash: Option<String>,
}

impl From<Row> for User {
    fn from(row: Row) -> Self {
        let Row { id, name, source, role, organizations, is_disabled, password_hash } = row;
        Self { id, name, source, role: role_of(&role), scope: Scope::of(organizations), is_disabled, password_hash }
    }
}

/// The table allows no other words; the least is a safe answer all the same.
pub(crate) fn role_of(word: &str) -> Role {
    Role::from_word(word).unwrap_or(Role::Viewer)
}

/// Adds somebody; the number, or `None` where somebody has that name already.
///
/// # Errors
/// When the database does not answer.
pub async fn add(pool: &Pool, user: &NewUser<'_>) -> Result<Option<i64>, StoreError> {
    let organizations = user.scope.organizations();
    let added = sqlx::query_file_scalar!(
        "sql/users/add_user.sql",
        user.name,
        user.source.word(),
        user.subject,
        user.password_hash,
        user.role.word(),
        organizations.as_deref()
    );
    Ok(added.fetch_optional(pool).await?)
}

/// Everybody who may log in, by name, [`LISTED`] at most.
///
/// # Errors
/// When the database does not answer.
pub async fn list(pool: &Pool, limits: &Limits) -> Result<Vec<Person>, StoreError> {
    let (seen, began) = limits.since(Utc::now());
    let rows = sqlx::query_file!("sql/users/list_users.sql", seen, began, LISTED).fetch_all(pool).await?;
    let listed = rows.into_iter().map(|row| Person {
        id: row.id,
        name: row.name,
        source: row.source,
        role: role_of(&row.role),
        scope: Scope::of(row.organizations),
        is_disabled: row.is_disabled,
        has_password: row.has_password,
        created_at: row.created_at,
        last_login_at: row.last_login_at,
        sessions: row.sessions,
    });
    Ok(listed.collect())
}

/// Somebody by name, in whatever case.
///
/// # Errors
/// When the database does not answer.
pub async fn find(pool: &Pool, source: Source, name: &str) -> Result<Option<User>, StoreError> {
    let row = sqlx::query_file_as!(Row, "sql/users/find_user.sql", source.word(), name);
    Ok(row.fetch_optional(pool).await?.map(User::from))
}

/// Somebody by issuer and subject of an OpenID provider.
///
/// # Errors
/// When the database does not answer.
pub async fn find_by_subject(pool: &Pool, subject: &str) -> Result<Option<User>, StoreError> {
    let row = sqlx::query_file_as!(Row, "sql/users/find_user_by_subject.sql", subject);
    Ok(row.fetch_optional(pool).await?.map(User::from))
}

/// Calls somebody by another name; `false` where somebody else has it.
///
/// # Errors
/// When the database does not answer.
pub async fn rename(pool: &Pool, id: i64, name: &str) -> Result<bool, StoreError> {
    Ok(sqlx::query_file_scalar!("sql/users/rename_user.sql", id, name).fetch_optional(pool).await?.is_some())
}

/// Somebody by number.
///
/// # Errors
/// When the database does not answer.
pub async fn find_by_id(pool: &Pool, id: i64) -> Result<Option<User>, StoreError> {
    let row = sqlx::query_file_as!(Row, "sql/users/find_user_by_id.sql", id);
    Ok(row.fetch_optional(pool).await?.map(User::from))
}

/// Whether there is an admin who may log in.
///
/// # Errors
/// When the database does not answer.
pub async fn has_admin(pool: &Pool) -> Result<bool, StoreError> {
    Ok(sqlx::query_file_scalar!("sql/users/has_admin.sql").fetch_one(pool).await?)
}

/// Changes what somebody may do; `false` where that would leave no admin, or nobody has that number.
///
/// # Errors
/// When the database does not answer.
pub async fn change(pool: &Pool, id: i64, role: Role, scope: &Scope, is_disabled: bool) -> Result<bool, StoreError> {
    let organizations = scope.organizations();
    let changed =
        sqlx::query_file_scalar!("sql/users/change_user.sql", id, role.word(), organizations.as_deref(), is_disabled);
    Ok(changed.fetch_optional(pool).await?.is_some())
}

/// Gives somebody another role, and touches nothing else; `false` where that would leave no admin, or they are kept out.
///
/// # Errors
/// When the database does not answer.
pub async fn set_role(pool: &Pool, id: i64, role: Role) -> Result<bool, StoreError> {
    let set = sqlx::query_file_scalar!("sql/users/set_role.sql", id, role.word());
    Ok(set.fetch_optional(pool).await?.is_some())
}

/// Sets a password.
///
/// # Errors
/// When the database does not answer.
pub async fn set_password(pool: &Pool, id: i64, password_hash: &str) -> Result<(), StoreError> {
    sqlx::query_file!("sql/users/set_password.sql", id, password_hash).execute(pool).await?;
    Ok(())
}

/// Whom a link invites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invited {
    /// Somebody who is to choose a password.
    User {
        /// The number.
        id: i64,
        /// The name.
        name: String,
    },
    /// Whoever opens it, to be the first admin.
    FirstAdmin,
}

/// Keeps the hash of a link that is good for a while; for nobody, it makes the first admin.
///
/// # Errors
/// When the database does not answer.
pub async fn invite(pool: &Pool, token_hash: &[u8], user: Option<i64>, lasts: TimeDelta) -> Result<(), StoreError> {
    let expires_at = Utc::now() + lasts;
    sqlx::query_file!("sql/invitations/add_invitation.sql", token_hash, user, expires_at).execute(pool).await?;
    Ok(())
}

/// Whom a link invites; `None` where it is used up, or too old.
///
/// # Errors
/// When the database does not answer.
pub async fn find_invited(pool: &Pool, token_hash: &[u8]) -> Result<Option<Invited>, StoreError> {
    let found = sqlx::query_file!("sql/invitations/find_invitation.sql", token_hash).fetch_optional(pool).await?;
    Ok(found.and_then(|found| match (found.user_id, found.name) {
        (Some(id), Some(name)) => Some(Invited::User { id, name }),
        (Some(_), None) => None,
        (None, _) => Some(Invited::FirstAdmin),
    }))
}

/// Uses a link up; whether it was good until now.
///
/// # Errors
/// When the database does not answer.
pub async fn use_up_invitation(pool: &Pool, token_hash: &[u8]) -> Result<bool, StoreError> {
    let taken = sqlx::query_file_scalar!("sql/invitations/take_invitation.sql", token_hash);
    Ok(taken.fetch_optional(pool).await?.is_some())
}
