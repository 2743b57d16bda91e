//! Logging in by an OpenID provider: there and back.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use cookie::{Cookie, time::Duration};
use domain::access::Role;
use serde_json::{Value, json};
use store::{StoreError, audit_log::NewAct, users::Source};

use super::{login, page::parameter, screen::Asked};
use crate::access::{
    Change, TurnedAway, Vouched, Voucher, cookie as sent_cookie,
    oidc::{AWAY_FOR, Answer, Errand, Person, Refused},
};

/// The cookie of somebody who is away at the provider.
const ERRAND: &str = "tidemark_oidc";

/// Where that cookie is sent to.
const PATH: &str = "/login/oidc";

/// What somebody is told where no provider is set.
const NOT_SET: &str = "Nobody logs in with OpenID here: no provider is set.";

/// Why somebody is not let in.
enum Outside {
    NotSet,
    Refused(Refused),
    TurnedAway(TurnedAway),
    Lost(StoreError),
}

impl From<Refused> for Outside {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<StoreError> for Outside {
    fn from(error: StoreError) -> Self {
        Self::Lost(error)
    }
}

/// Sends somebody to the provider.
pub async fn begin(State(state): State<super::State>, asked: Asked) -> Response {
    let next = login::wanted(&asked);
    let begun = match state.access.provider() {
        Some(provider) => provider.begin(&next).await.map_err(Outside::from),
        None => Err(Outside::NotSet),
    };
    match begun {
        Ok((address, errand)) => {
            let lasts = Duration::seconds(i64::try_from(AWAY_FOR.as_secs()).unwrap_or_default());
            (login::cookies([kept(&asked, &errand.write(), lasts)]), Redirect::to(&address)).into_response()
        }
        Err(outside) => turn_away(&state, &asked, &outside, next).await,
    }
}

/// Lets somebody in who comes back from the provider, and sends them where they wanted to go.
pub async fn come_back(State(state): State<super::State>, asked: Asked) -> Response {
    let errand = sent_cookie(&asked.headers, ERRAND).and_then(Errand::read);
    let next = errand.as_ref().map(|errand| errand.next.clone()).filter(|next| login::is_own(next));
    let next = next.unwrap_or_else(|| "/".to_owned());
    let mut response = match let_in(&state, &asked, errand.as_ref()).await {
        Ok(cookies) => (cookies, Redirect::to(&next)).into_response(),
        Err(outside) => turn_away(&state, &asked, &outside, next).await,
    };
    // Whatever came of it, it is used up.
    if let Ok(gone) = HeaderValue::from_str(&kept(&asked, "", Duration::ZERO).to_string()) {
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
    response
}

async fn let_in(state: &super::State, asked: &Asked, errand: Option<&Errand>) -> Result<HeaderMap, Outside> {
    let provider = state.access.provider().ok_or(Outside::NotSet)?;
    let errand = errand.ok_or(Refused::Stray)?;
    let said = |name| parameter(&asked.address, name);
    let answer = Answer { state: said("state"), code: said("code"), error: said("error") };
    let person = provider.finish(errand, &answer).await?;
    let voucher =
        Voucher { source: Source::Oidc, name: &person.name, subject: Some(&person.subject), groups: &person.groups };
    let vouched = state.access.vouched(voucher).await?.map_err(|turned_away| {
        tracing::info!(
            name = person.name,
            subject = person.subject,
            "a login by OpenID comes from somebody who may not look"
        );
        Outside::TurnedAway(turned_away)
    })?;
    note(state, asked, &person, &vouched).await?;
    Ok(login::open(state, asked, vouched.user.id).await?)
}

/// What a provider changes here is an act as well.
async fn note(state: &super::State, asked: &Asked, person: &Person, vouched: &Vouched) -> Result<(), StoreError> {
    let (act, before) = match vouched.change {
        Change::Nothing => return Ok(()),
        Change::Added => ("user.add", None),
        Change::Role(before) => ("user.change", Some(role_words(before, person))),
    };
    let (name, address) = (vouched.user.name.as_str(), asked.identity.origin.to_string());
    let after = Some(role_words(vouched.user.role, person));
    let act = NewAct { actor: name, address: &address, act, target: name, before, after };
    store::audit_log::add(&state.pool, &act).await
}

fn role_words(role: Role, person: &Person) -> Value {
    json!({ "role": role.word(), "by": "login.oidc", "subject": person.subject })
}

async fn turn_away(state: &super::State, asked: &Asked, outside: &Outside, next: String) -> Response {
    let words = match outside {
        Outside::NotSet => NOT_SET.to_owned(),
        Outside::TurnedAway(turned_away) => turned_away.to_string(),
        Outside::Lost(error) => super::screen::lost(error),
        Outside::Refused(refused) => {
            let cause = std::error::Error::source(refused).map(causes);
            let address = asked.identity.origin.to_string();
            tracing::warn!(address, cause, "a login by OpenID did not come to its end: {refused}");
            refused.to_string()
        }
    };
    login::draw(state, asked, asked.refused(words), next).await
}

/// An error with what it comes from.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let all = std::iter::successors(Some(error), |error| error.source());
    all.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn kept(asked: &Asked, value: &str, lasts: Duration) -> Cookie<'static> {
    let mut cookie = login::secret(&asked.identity, ERRAND, value, lasts);
    cookie.set_path(PATH);
    cookie
}
