//! What an admin sees of people, keys, and what was done.

use chrono::{DateTime, Utc};

use super::{Role, Scope};

/// Somebody in the list of those who may log in.
#[derive(Debug, Clone)]
pub struct Person {
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
    /// Whether they chose a password.
    pub has_password: bool,
    /// Since when they are known.
    pub created_at: DateTime<Utc>,
    /// When they logged in last.
    pub last_login_at: Option<DateTime<Utc>>,
    /// Sessions that last.
    pub sessions: i64,
}

/// A key of a program, without the key itself.
#[derive(Debug, Clone)]
pub struct ApiKey {
    /// The number.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// How it begins.
    pub hint: String,
    /// What may be done with it.
    pub role: Role,
    /// What is seen with it.
    pub scope: Scope,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// When it was used last, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was made void.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Something that somebody did.
#[derive(Debug, Clone)]
pub struct Act {
    /// The number.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// From where.
    pub address: String,
    /// What, as `user.add`.
    pub act: String,
    /// To what.
    pub target: String,
    /// How that was before, as JSON.
    pub before: Option<String>,
    /// How it is since, as JSON.
    pub after: Option<String>,
}

impl ApiKey {
    /// Whether it opens anything at a moment.
    #[must_use]
    pub fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }
}
