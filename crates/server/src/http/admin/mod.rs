//! What admins see to.

pub mod audit;
pub mod doctor;
pub mod indexes;
pub mod keys;
pub mod refreshes;
pub mod users;

use app::screens::Form;
use domain::access::{Role, Scope};
use store::StoreError;

use crate::http::screen::{Asked, lost};

/// What somebody may do and see, as it was chosen.
fn rights(asked: &Asked) -> Result<(Role, Scope), Form> {
    let role = Role::from_word(asked.field("role")).map_err(|right| asked.wrong("role", right))?;
    let scope = Scope::read(asked.field("organizations")).map_err(|right| asked.wrong("organizations", right))?;
    Ok((role, scope))
}

fn number(asked: &Asked) -> Result<i64, Form> {
    asked.field("id").parse().map_err(|_| asked.refused("That is nobody and nothing: the form names no number."))
}

fn refused(asked: &Asked) -> impl Fn(StoreError) -> Form {
    |error| asked.refused(lost(&error))
}
