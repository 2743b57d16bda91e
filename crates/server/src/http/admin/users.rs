//! `/admin/users`: who may log in.

use app::screens::{Form, Screen};
use axum::{extract::State, response::Response};
use chrono::TimeDelta;
use domain::access::{Scope, check_name};
use serde_json::json;
use store::users::{NewUser, Source, User};

use super::{number, refused, rights, unknown};
use crate::{
    access::{rights_words, token::Token},
    http::{
        State as Server,
        screen::{Asked, lost, note, show as draw},
    },
};

/// For how long a link is good.
pub const LINK_LASTS: TimeDelta = TimeDelta::days(1);

/// What came of a form: what is said, and a link that was made for somebody.
type Outcome = Result<(String, Option<(String, String)>), Form>;

/// Everybody.
pub async fn show(State(state): State<Server>, asked: Asked) -> Response {
    list(&state, &asked, Form::default(), None).await
}

/// Does what a form asks for.
pub async fn submit(State(state): State<Server>, asked: Asked) -> Response {
    let outcome = match asked.field("does") {
        "add" => add(&state, &asked).await,
        "change" => change(&state, &asked).await,
        "sign-out" => sign_out(&state, &asked).await,
        "reset" => reset(&state, &asked).await,
        _ => Err(unknown(&asked)),
    };
    state.access.forget();
    match outcome {
        Ok((done, link)) => list(&state, &asked, Form::done(done), link).await,
        Err(form) => list(&state, &asked, form, None).await,
    }
}

async fn list(state: &Server, asked: &Asked, form: Form, invited: Option<(String, String)>) -> Response {
    let (form, people) = match store::users::list(&state.pool, &state.access.limits()).await {
        Ok(people) => (form, people),
        Err(error) => (asked.refused(lost(&error)), Vec::new()),
    };
    draw(state, asked, Screen::Users { form, people, invited }).await
}

async fn add(state: &Server, asked: &Asked) -> Outcome {
    let name = check_name(asked.field("name")).map_err(|right| asked.wrong("name", right))?;
    let (role, scope) = rights(state, asked, &Scope::All).await?;
    let new = NewUser { name, source: Source::Local, subject: None, password_hash: None, role, scope: &scope };
    let added = store::users::add(&state.pool, &new).await.map_err(refused(asked))?;
    let Some(id) = added else { return Err(asked.wrong("name", "another name: somebody has this one")) };
    let after = Some(rights_words(role, &scope));
    note(state, &asked.identity, "user.add", name, (None, after)).await.map_err(refused(asked))?;
    let link = link(state, asked, id).await?;
    Ok((format!("{name} was added."), Some((name.to_owned(), link))))
}

/// A link to choose a password; earlier ones are void.
async fn link(state: &Server, asked: &Asked, id: i64) -> Result<String, Form> {
    let token = Token::random();
    store::users::invite(&state.pool, &token.hash(), Some(id), LINK_LASTS).await.map_err(refused(asked))?;
    Ok(format!("{}/invitations/{}", state.access.public_url(&asked.headers), token.secret()))
}

async fn somebody(state: &Server, asked: &Asked) -> Result<User, Form> {
    let found = store::users::find_by_id(&state.pool, number(asked)?).await.map_err(refused(asked))?;
    found.ok_or_else(|| asked.refused("Nobody has this number."))
}

async fn change(state: &Server, asked: &Asked) -> Outcome {
    let user = somebody(state, asked).await?;
    let (role, scope) = rights(state, asked, &user.scope).await?;
    let is_disabled = asked.field("disabled") == "1";
    let changed = store::users::change(&state.pool, user.id, role, &scope, is_disabled).await;
    if !changed.map_err(refused(asked))? {
        return Err(
            asked.refused(format!("{} is the last admin and stays one: make somebody else an admin first.", user.name))
        );
    }
    if is_disabled {
        store::sessions::end_all(&state.pool, user.id).await.map_err(refused(asked))?;
    }
    let words = |role, scope, is_disabled: bool| {
        let mut words = rights_words(role, scope);
        words["disabled"] = json!(is_disabled);
        Some(words)
    };
    let changes = (words(user.role, &user.scope, user.is_disabled), words(role, &scope, is_disabled));
    note(state, &asked.identity, "user.change", &user.name, changes).await.map_err(refused(asked))?;
    Ok((format!("{} was changed.", user.name), None))
}

async fn sign_out(state: &Server, asked: &Asked) -> Outcome {
    let user = somebody(state, asked).await?;
    let ended = store::sessions::end_all(&state.pool, user.id).await.map_err(refused(asked))?;
    let after = Some(json!({ "ended": ended }));
    note(state, &asked.identity, "user.sign_out", &user.name, (None, after)).await.map_err(refused(asked))?;
    let ended = domain::format::counted(i64::try_from(ended).unwrap_or(i64::MAX), "session", "sessions");
    Ok((format!("{ended} of {} ended.", user.name), None))
}

async fn reset(state: &Server, asked: &Asked) -> Outcome {
    let user = somebody(state, asked).await?;
    if user.source != Source::Local.word() {
        return Err(asked.refused(format!("{} has no password here.", user.name)));
    }
    store::sessions::end_all(&state.pool, user.id).await.map_err(refused(asked))?;
    store::sessions::forget_devices(&state.pool, user.id).await.map_err(refused(asked))?;
    note(state, &asked.identity, "user.reset", &user.name, (None, None)).await.map_err(refused(asked))?;
    let link = link(state, asked, user.id).await?;
    Ok((format!("All sessions of {} ended.", user.name), Some((user.name, link))))
}
