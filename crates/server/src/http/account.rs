//! One's own account: another password.

use app::screens::{Form, Screen};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use store::{StoreError, users::User};

use crate::{
    access::password,
    http::{
        login,
        screen::{Asked, lost, note, show},
    },
};

/// Who one is, and what can be changed about it.
pub async fn show_account(State(state): State<super::State>, asked: Asked) -> Response {
    if asked.caller().and_then(|caller| caller.user).is_none() {
        // Who looks without a login has no account to see.
        return Redirect::to("/login?next=%2Faccount").into_response();
    }
    show_form(&state, &asked, Form::default()).await
}

async fn show_form(state: &super::State, asked: &Asked, form: Form) -> Response {
    let has_password = user(state, asked).await.ok().flatten().is_some_and(|user| user.password_hash.is_some());
    show(state, asked, Screen::Account { form, has_password }).await
}

/// Changes the password; every other session ends.
pub async fn submit(State(state): State<super::State>, asked: Asked) -> Response {
    match change(&state, &asked).await {
        Ok(response) => response,
        Err(form) => show_form(&state, &asked, form).await,
    }
}

async fn user(state: &super::State, asked: &Asked) -> Result<Option<User>, StoreError> {
    match asked.caller().and_then(|caller| caller.user) {
        Some(id) => store::users::find_by_id(&state.pool, id).await,
        None => Ok(None),
    }
}

async fn change(state: &super::State, asked: &Asked) -> Result<Response, Form> {
    let lost = |error: StoreError| asked.refused(lost(&error));
    let user = user(state, asked).await.map_err(lost)?.filter(|user| user.password_hash.is_some());
    let Some(user) = user else { return Err(asked.refused("There is no password here to change.")) };
    login::check(asked)?;
    if !password::is_right(asked.field("current").to_owned(), user.password_hash.clone()).await {
        return Err(asked.wrong("current", "the password that you logged in with"));
    }
    let hash = password::hash(asked.field("password").to_owned()).await;
    let hash = hash.map_err(|error| asked.refused(error.to_string()))?;
    store::users::set_password(&state.pool, user.id, &hash).await.map_err(lost)?;
    store::sessions::end_all(&state.pool, user.id).await.map_err(lost)?;
    note(state, &asked.identity, "password.change", &asked.actor(), (None, None)).await.map_err(lost)?;
    let cookies = login::open(state, asked, user.id).await.map_err(lost)?;
    let done = Form::done("The password was changed, and every other session has ended.");
    let mut response = show_form(state, asked, done).await;
    response.headers_mut().extend(cookies);
    Ok(response.into_response())
}
