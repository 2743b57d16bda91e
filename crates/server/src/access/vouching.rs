//! People for whom another speaks: a proxy, or an OpenID provider. Their role follows their groups.

use domain::access::{Role, Scope};
use store::{
    StoreError,
    users::{NewUser, Source, User},
};

use super::Access;

/// What another says about somebody.
#[derive(Debug, Clone, Copy)]
pub struct Voucher<'a> {
    /// Who says it.
    pub source: Source,
    /// The name.
    pub name: &'a str,
    /// Issuer and subject, of an OpenID provider alone: by them somebody is known, whatever they are called.
    pub subject: Option<&'a str>,
    /// The groups.
    pub groups: &'a [String],
}

/// Somebody who is let in.
#[derive(Debug, Clone)]
pub struct Vouched {
    /// Who.
    pub user: User,
    /// What is new about them.
    pub change: Change,
}

/// What is new about somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing that matters.
    Nothing,
    /// They are here for the first time.
    Added,
    /// They had another role, this one.
    Role(Role),
}

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TurnedAway {
    /// An admin keeps them out.
    #[error("An admin of Tidemark keeps this account out.")]
    Disabled,
    /// Their groups give them no role.
    #[error("No group of this account may look at Tidemark: ask an admin for a group that may.")]
    NoRole,
    /// Another person has their name.
    #[error("Somebody else here has the name of this account: ask an admin to have one of them renamed.")]
    NameTaken,
}

impl Access {
    /// Somebody for whom another speaks, known from now on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn vouched(&self, voucher: Voucher<'_>) -> Result<Result<Vouched, TurnedAway>, StoreError> {
        match (self.find_vouched(voucher).await?, self.args.role_of(voucher.groups)) {
            (Some(user), _) if user.is_disabled => Ok(Err(TurnedAway::Disabled)),
            (_, None) => Ok(Err(TurnedAway::NoRole)),
            (Some(user), Some(role)) => Ok(Ok(self.bring_up_to_date(user, voucher, role).await?)),
            (None, Some(role)) => self.add_vouched(voucher, role).await,
        }
    }

    async fn find_vouched(&self, voucher: Voucher<'_>) -> Result<Option<User>, StoreError> {
        match voucher.subject {
            Some(subject) => store::users::find_by_subject(&self.pool, subject).await,
            None => store::users::find(&self.pool, voucher.source, voucher.name).await,
        }
    }

    async fn add_vouched(&self, voucher: Voucher<'_>, role: Role) -> Result<Result<Vouched, TurnedAway>, StoreError> {
        let Voucher { source, name, subject, .. } = voucher;
        let new = NewUser { name, source, subject, password_hash: None, role, scope: &Scope::All };
        let added = store::users::add(&self.pool, &new).await?;
        let change = if added.is_some() { Change::Added } else { Change::Nothing };
        // Who came twice at once is found here, too. Who is not found was not added: the name is another's.
        let found = self.find_vouched(voucher).await?;
        Ok(found.map(|user| Vouched { user, change }).ok_or(TurnedAway::NameTaken))
    }

    async fn bring_up_to_date(&self, user: User, voucher: Voucher<'_>, role: Role) -> Result<Vouched, StoreError> {
        let mut vouched = Vouched { user, change: Change::Nothing };
        let user = &mut vouched.user;
        // A proxy knows people by their name, in whatever case.
        if voucher.subject.is_some() && user.name != voucher.name {
            if store::users::rename(&self.pool, user.id, voucher.name).await? {
                voucher.name.clone_into(&mut user.name);
            } else {
                tracing::warn!(
                    user = user.name,
                    name = voucher.name,
                    "somebody keeps an old name: another has the new one"
                );
            }
        }
        // The last admin stays one.
        if self.args.gives_roles() && user.role != role && store::users::set_role(&self.pool, user.id, role).await? {
            vouched.change = Change::Role(std::mem::replace(&mut user.role, role));
        }
        Ok(vouched)
    }
}
