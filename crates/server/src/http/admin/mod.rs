//! What admins see to.

pub mod audit;
pub mod doctor;
pub mod indexes;
pub mod keys;
pub mod refreshes;
pub mod users;

use app::screens::Form;
use domain::access::{Role, Scope};
use serde_json::{Value, json};
use store::{StoreError, audit_log::NewAct};

use crate::http::screen::{Asked, lost};

/// Notes what an admin did.
pub async fn note(
    state: &super::State,
    asked: &Asked,
    act: &'static str,
    target: &str,
    (before, after): (Option<Value>, Option<Value>),
) -> Result<(), StoreError> {
    let (actor, address) = (asked.actor(), asked.identity.origin.to_string());
    let act = NewAct { actor: &actor, address: &address, act, target, before, after };
    store::audit_log::add(&state.pool, &act).await
}

/// What somebody may do and see, as it was chosen.
fn rights(asked: &Asked) -> Result<(Role, Scope), Form> {
    let role = Role::from_word(asked.field("role")).map_err(|right| asked.wrong("role", right))?;
    let scope = Scope::read(asked.field("organizations")).map_err(|right| asked.wrong("organizations", right))?;
    Ok((role, scope))
}

/// What somebody may do and see, for the audit log.
fn rights_words(role: Role, scope: &Scope) -> Value {
    json!({ "role": role.word(), "organizations": scope.organizations() })
}

fn number(asked: &Asked) -> Result<i64, Form> {
    asked.field("id").parse().map_err(|_| asked.refused("That is nobody and nothing: the form names no number."))
}

fn refused(asked: &Asked) -> impl Fn(StoreError) -> Form {
    |error| asked.refused(lost(&error))
}
