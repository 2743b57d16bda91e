//! What admins see to.

pub mod audit;
pub mod doctor;
pub mod indexes;
pub mod keys;
pub mod maintenance;
pub mod refreshes;
pub mod statements;
pub mod storage;
pub mod users;

use app::screens::Form;
use domain::access::{Role, Scope, says_unknown};
use store::StoreError;

use crate::http::{
    State,
    screen::{Asked, lost},
};

/// What somebody may do and see, as it was chosen. An organization that nothing is known of is a slip, unless the limit held
/// it already: with the last one taken out, the limit would be gone.
async fn rights(state: &State, asked: &Asked, kept: &Scope) -> Result<(Role, Scope), Form> {
    let role = Role::from_word(asked.field("role")).map_err(|right| asked.wrong("role", right))?;
    let scope = Scope::read(asked.field("organizations")).map_err(|right| asked.wrong("organizations", right))?;
    let mut unknown = store::organizations::find_unknown(&state.pool, &scope).await.map_err(refused(asked))?;
    let kept = kept.organizations().unwrap_or_default();
    unknown.retain(|id| !kept.contains(id));
    match says_unknown(&unknown) {
        None => Ok((role, scope)),
        Some(right) => Err(asked.wrong("organizations", right)),
    }
}

fn number(asked: &Asked) -> Result<i64, Form> {
    asked.field("id").parse().map_err(|_| asked.refused("That is nobody and nothing: the form names no number."))
}

/// Does something to its end, also when whoever asked has left: half an index is worse than none.
async fn to_its_end<T: Send + 'static>(
    asked: &Asked,
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, Form> {
    match tokio::spawn(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(asked.refused(format!("The database refused: {error}."))),
        Err(error) => Err(asked.refused(format!("It broke off: {error}."))),
    }
}

/// A button that this server does not know.
fn unknown(asked: &Asked) -> Form {
    asked.refused("This form does nothing that is known here.")
}

fn refused(asked: &Asked) -> impl Fn(StoreError) -> Form {
    |error| asked.refused(lost(&error))
}
