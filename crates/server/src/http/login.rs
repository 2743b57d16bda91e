//! Logging in and out, and choosing a password by a link that works once.

use app::screens::{Form, Screen};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use chrono::Utc;
use cookie::{Cookie, SameSite, time::Duration};
use domain::access::{Role, Scope, check_name, check_password};
use serde_json::json;
use store::{
    StoreError,
    audit_log::NewAct,
    sessions::Origin,
    users::{Invited, NewUser, Source},
};

use crate::{
    access::{
        DEVICE, Identity, SESSION, cookie as sent_cookie, password, throttle,
        token::{self, Token},
    },
    http::{
        page::parameter,
        screen::{Asked, lost, show},
    },
};

/// What somebody is told who is not let in: never whether the name or the password is wrong.
const NOT_LET_IN: &str = "This name and this password do not belong together.";

/// What somebody is told who tried too often.
const SLOWED_DOWN: &str =
    "Too many logins failed lately. Try again in some minutes, or from a browser in which you were logged in before.";

/// For how long a browser is remembered, in days.
const DEVICE_DAYS: i64 = 365;

/// The form.
pub async fn form(State(state): State<super::State>, asked: Asked) -> Response {
    let next = wanted(&asked);
    draw(&state, &asked, Form::default(), next).await
}

/// Where somebody wants to go, as the address of a login says.
pub fn wanted(asked: &Asked) -> String {
    parameter(&asked.address, "next").filter(|next| is_own(next)).unwrap_or_else(|| "/".to_owned())
}

/// The form as it is, with every way in.
pub async fn draw(state: &super::State, asked: &Asked, form: Form, next: String) -> Response {
    let openid = state.access.provider().map(|provider| provider.title().to_owned());
    show(state, asked, Screen::Login { form, next, openid }).await
}

/// Lets somebody in, and sends them where they wanted to go.
pub async fn submit(State(state): State<super::State>, asked: Asked) -> Response {
    let next = Some(asked.field("next")).filter(|next| is_own(next)).unwrap_or("/").to_owned();
    match log_in(&state, &asked).await {
        Ok(Some(user)) => match open(&state, &asked, user).await {
            Ok(cookies) => (cookies, Redirect::to(&next)).into_response(),
            Err(error) => draw(&state, &asked, asked.refused(lost(&error)), next).await,
        },
        Ok(None) => draw(&state, &asked, asked.refused(NOT_LET_IN), next).await,
        Err(Refused::TooOften) => {
            let mut response = draw(&state, &asked, asked.refused(SLOWED_DOWN), next).await;
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            let seconds = HeaderValue::from(throttle::WINDOW.num_seconds());
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
            response
        }
        Err(Refused::Lost(error)) => draw(&state, &asked, asked.refused(lost(&error)), next).await,
    }
}

enum Refused {
    TooOften,
    Lost(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Lost(error)
    }
}

/// The number of who may come in; `None` where name and password do not belong together.
async fn log_in(state: &super::State, asked: &Asked) -> Result<Option<i64>, Refused> {
    let name: String = asked.field("name").trim().chars().take(domain::access::NAME_LENGTH).collect();
    let password = asked.field("password").to_owned();
    let device = sent_cookie(&asked.headers, DEVICE).map(token::hash);
    let is_known = match &device {
        Some(device) => store::sessions::is_known_device(&state.pool, device, &name).await?,
        None => false,
    };
    let address = asked.identity.origin.to_string();
    let device_hash = device.as_ref().filter(|_| is_known).map(<[u8; 32]>::as_slice);
    let origin = Origin { account: &name, address: &address, device_hash };
    let attempts = store::sessions::count_failures(&state.pool, origin, Utc::now() - throttle::WINDOW).await?;
    if !throttle::may_try(attempts, is_known) {
        tracing::warn!(account = name, address, "a login was refused: too many failed");
        return Err(Refused::TooOften);
    }
    let user = store::users::find(&state.pool, Source::Local, &name).await?.filter(|user| !user.is_disabled);
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let is_sane = password.len() <= domain::access::PASSWORD_BYTES;
    if is_sane && password::is_right(password, hash).await {
        return Ok(user.map(|user| user.id));
    }
    store::sessions::note_failure(&state.pool, origin).await?;
    tracing::info!(account = name, address, "a login failed");
    Ok(None)
}

/// Begins a session; the one before it, of whoever it was, ends.
pub async fn open(state: &super::State, asked: &Asked, user: i64) -> Result<HeaderMap, StoreError> {
    if let Some(before) = &asked.identity.session {
        store::sessions::end(&state.pool, before).await?;
    }
    let (session, device) = (Token::random(), Token::random());
    let agent = asked.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let origin = asked.identity.origin.to_string();
    store::sessions::begin(&state.pool, &session.hash(), user, &origin, agent).await?;
    // The token of a browser changes with every login, too.
    store::sessions::remember_device(&state.pool, &device.hash(), user).await?;
    state.access.forget();
    let lasts = state.access.limits().absolute.num_seconds();
    Ok(cookies([
        secret(&asked.identity, SESSION, session.secret(), Duration::seconds(lasts)),
        secret(&asked.identity, DEVICE, device.secret(), Duration::days(DEVICE_DAYS)),
    ]))
}

/// Ends the session.
pub async fn sign_out(State(state): State<super::State>, asked: Asked) -> Response {
    if let Some(session) = &asked.identity.session
        && let Err(error) = store::sessions::end(&state.pool, session).await
    {
        tracing::warn!(%error, "a session could not be ended");
        return (StatusCode::SERVICE_UNAVAILABLE, "The database does not answer; try again in a moment.\n")
            .into_response();
    }
    state.access.forget();
    leave(&asked)
}

/// Ends all sessions of who asks, and makes their browsers strangers.
pub async fn sign_out_everywhere(State(state): State<super::State>, asked: Asked) -> Response {
    let Some(user) = asked.caller().and_then(|caller| caller.user) else { return leave(&asked) };
    let ended = async {
        store::sessions::forget_devices(&state.pool, user).await?;
        store::sessions::end_all(&state.pool, user).await
    };
    if let Err(error) = ended.await {
        tracing::warn!(%error, "sessions could not be ended");
        return (StatusCode::SERVICE_UNAVAILABLE, "The database does not answer; try again in a moment.\n")
            .into_response();
    }
    state.access.forget();
    leave(&asked)
}

fn leave(asked: &Asked) -> Response {
    let gone = secret(&asked.identity, SESSION, "", Duration::ZERO);
    (cookies([gone]), Redirect::to("/login")).into_response()
}

/// The form behind a link.
pub async fn invitation(State(state): State<super::State>, Path(secret): Path<String>, asked: Asked) -> Response {
    invite(&state, &asked, &secret, Form::default()).await
}

async fn invite(state: &super::State, asked: &Asked, secret: &str, form: Form) -> Response {
    let screen = match store::users::find_invited(&state.pool, &token::hash(secret)).await {
        Ok(Some(Invited::User { name, .. })) => Screen::Invitation { form, name: Some(name), is_good: true },
        Ok(Some(Invited::FirstAdmin)) => Screen::Invitation { form, name: None, is_good: true },
        Ok(None) => Screen::Invitation { form, name: None, is_good: false },
        Err(error) => Screen::Invitation { form: asked.refused(lost(&error)), name: None, is_good: false },
    };
    show(state, asked, screen).await
}

/// Chooses a password, uses the link up, and logs in.
pub async fn choose_password(State(state): State<super::State>, Path(secret): Path<String>, asked: Asked) -> Response {
    let chosen = match check(&asked) {
        Ok(()) => accept(&state, &asked, &secret).await,
        Err(form) => Err(form),
    };
    match chosen {
        Ok(cookies) => (cookies, Redirect::to("/")).into_response(),
        Err(form) => invite(&state, &asked, &secret, form).await,
    }
}

/// Whether a new password was typed twice alike, and is good enough.
pub fn check(asked: &Asked) -> Result<(), Form> {
    let password = asked.field("password");
    check_password(password, asked.field("name")).map_err(|right| asked.wrong("password", right))?;
    if asked.field("again") == password { Ok(()) } else { Err(asked.wrong("again", "the same password once more")) }
}

async fn accept(state: &super::State, asked: &Asked, secret: &str) -> Result<HeaderMap, Form> {
    let lost = |error: StoreError| asked.refused(lost(&error));
    let invited = store::users::find_invited(&state.pool, &token::hash(secret)).await.map_err(lost)?;
    let Some(invited) = invited else { return Err(asked.refused("This link was used already.")) };
    let hash = password::hash(asked.field("password").to_owned()).await;
    let hash = hash.map_err(|error| asked.refused(error.to_string()))?;
    let name = match &invited {
        Invited::User { name, .. } => name.clone(),
        Invited::FirstAdmin => check_name(asked.field("name")).map_err(|right| asked.wrong("name", right))?.to_owned(),
    };
    // Of two who open a link at once, one comes first.
    if !store::users::use_up_invitation(&state.pool, &token::hash(secret)).await.map_err(lost)? {
        return Err(asked.refused("This link was used already."));
    }
    let user = match invited {
        Invited::User { id, .. } => {
            store::users::set_password(&state.pool, id, &hash).await.map_err(lost)?;
            id
        }
        Invited::FirstAdmin => first_admin(state, &name, &hash).await.map_err(lost)?.ok_or_else(|| {
            asked.wrong(
                "name",
                "another name: somebody has this one. The link is used up; start the server again for another",
            )
        })?,
    };
    let address = asked.identity.origin.to_string();
    let act =
        NewAct { actor: &name, address: &address, act: "password.choose", target: &name, before: None, after: None };
    store::audit_log::add(&state.pool, &act).await.map_err(lost)?;
    open(state, asked, user).await.map_err(lost)
}

async fn first_admin(state: &super::State, name: &str, hash: &str) -> Result<Option<i64>, StoreError> {
    let new = NewUser {
        name,
        source: Source::Local,
        subject: None,
        password_hash: Some(hash),
        role: Role::Admin,
        scope: &Scope::All,
    };
    let added = store::users::add(&state.pool, &new).await?;
    if added.is_some() {
        let after = Some(json!({ "role": "admin" }));
        let act = NewAct { actor: name, address: "first link", act: "user.add", target: name, before: None, after };
        store::audit_log::add(&state.pool, &act).await?;
    }
    Ok(added)
}

/// Whether a path is one of this server: `//evil.example` and `https:` are not. Browsers leave tabs and line breaks out.
pub fn is_own(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.contains(char::is_control)
}

/// A cookie that no script reads, and that only comes along when somebody goes here.
pub fn secret(identity: &Identity, name: &'static str, value: &str, lasts: Duration) -> Cookie<'static> {
    Cookie::build((name, value.to_owned()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(identity.is_secure)
        .max_age(lasts)
        .build()
}

/// Cookies that are set by an answer that is kept nowhere else.
pub fn cookies<const N: usize>(cookies: [Cookie<'static>; N]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_login_one_stays_here() {
        assert!(is_own("/failures?q=a%20b"));
        for elsewhere in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/a\r\nb",
            "/\t/evil.example",
        ] {
            assert!(!is_own(elsewhere), "{elsewhere:?}");
        }
    }
}
