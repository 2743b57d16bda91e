//! `/admin/keys`: keys of programs.

use app::screens::{Form, Screen};
use axum::{extract::State, response::Response};
use chrono::{TimeDelta, Utc};
use domain::access::{Scope, check_name};
use store::api_keys::NewKey;

use super::{number, refused, rights, unknown};
use crate::{
    access::{rights_words, token::Token},
    http::{
        State as Server,
        screen::{Asked, lost, note, show as draw},
    },
};

/// Days that a key may be good for.
const DAYS: std::ops::RangeInclusive<i64> = 1..=366;

/// All keys.
pub async fn show(State(state): State<Server>, asked: Asked) -> Response {
    let form = Form { values: [("days".to_owned(), "90".to_owned())].into(), ..Form::default() };
    list(&state, &asked, form, None).await
}

/// Makes a key, or makes one void.
pub async fn submit(State(state): State<Server>, asked: Asked) -> Response {
    let outcome = match asked.field("does") {
        "add" => add(&state, &asked).await.map(|(done, key)| (done, Some(key))),
        "revoke" => revoke(&state, &asked).await.map(|done| (done, None)),
        _ => Err(unknown(&asked)),
    };
    state.access.forget();
    match outcome {
        Ok((done, key)) => list(&state, &asked, Form::done(done), key).await,
        Err(form) => list(&state, &asked, form, None).await,
    }
}

async fn list(state: &Server, asked: &Asked, form: Form, made: Option<String>) -> Response {
    let (form, keys) = match store::api_keys::list(&state.pool).await {
        Ok(keys) => (form, keys),
        Err(error) => (asked.refused(lost(&error)), Vec::new()),
    };
    draw(state, asked, Screen::Keys { form, keys, made }).await
}

async fn add(state: &Server, asked: &Asked) -> Result<(String, String), Form> {
    let name = check_name(asked.field("name")).map_err(|right| asked.wrong("name", right))?;
    let (role, scope) = rights(state, asked, &Scope::All).await?;
    let days = asked.field("days").trim().parse().ok().filter(|days| DAYS.contains(days));
    let days = days.ok_or_else(|| asked.wrong("days", "a whole number from 1 to 366"))?;
    let (token, actor) = (Token::key(), asked.actor());
    let new = NewKey {
        name,
        key_hash: &token.hash(),
        hint: token.hint(),
        role,
        scope: &scope,
        created_by: &actor,
        expires_at: Utc::now() + TimeDelta::days(days),
    };
    store::api_keys::add(&state.pool, &new).await.map_err(refused(asked))?;
    let after = Some(rights_words(role, &scope));
    note(state, &asked.identity, "key.add", name, (None, after)).await.map_err(refused(asked))?;
    Ok((format!("A key for {name} was made."), token.secret().to_owned()))
}

async fn revoke(state: &Server, asked: &Asked) -> Result<String, Form> {
    let revoked = store::api_keys::revoke(&state.pool, number(asked)?).await.map_err(refused(asked))?;
    let Some(name) = revoked else { return Err(asked.refused("There is no good key of this number.")) };
    note(state, &asked.identity, "key.revoke", &name, (None, None)).await.map_err(refused(asked))?;
    Ok(format!("The key for {name} opens nothing any more."))
}
