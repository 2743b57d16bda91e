//! Screens: what is no page of data. What their handlers share.

use std::{collections::BTreeMap, sync::Arc};

use app::{
    screens::{Form, Screen},
    snapshot::{Snapshot, Theme},
};
use axum::{
    Form as Body,
    body::Body as Empty,
    extract::{FromRequest, Request},
    http::{HeaderMap, Request as HttpRequest, StatusCode, Uri},
    response::Response,
};
use chrono::Utc;
use domain::{access::Caller, freshness::Freshness, query::Query};
use serde_json::Value;
use store::{StoreError, audit_log::NewAct};

use crate::{
    access::{Identity, cookie},
    http::page::{draw, viewer},
};

/// What a form says when nothing could be read or kept.
pub const UNREACHABLE: &str = "The database does not answer, so nothing was changed; try again in a moment.";

/// Fields of a form, as they were typed.
pub type Fields = BTreeMap<String, String>;

/// What a screen needs of a request.
pub struct Asked {
    /// Who asks, and from where.
    pub identity: Identity,
    /// The address.
    pub address: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// What was typed; empty where nothing was.
    pub fields: Fields,
}

impl<S: Send + Sync> FromRequest<S> for Asked {
    type Rejection = StatusCode;

    async fn from_request(request: Request, state: &S) -> Result<Self, StatusCode> {
        let identity = request.extensions().get::<Identity>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
        let (address, headers) = (request.uri().clone(), request.headers().clone());
        let fields = if request.method() == axum::http::Method::POST {
            Body::<Fields>::from_request(request, state).await.map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?.0
        } else {
            Fields::new()
        };
        Ok(Self { identity, address, headers, fields })
    }
}

impl Asked {
    /// What was typed into a field.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// What was typed, without passwords: what may be shown again.
    pub fn typed(&self) -> Fields {
        let secrets = ["password", "again", "current"];
        self.fields.iter().filter(|(name, _)| !secrets.contains(&name.as_str())).map(clone).collect()
    }

    /// The form as it was typed, with what is wrong.
    pub fn refused(&self, trouble: impl Into<String>) -> Form {
        Form::refused(self.typed(), trouble)
    }

    /// The form as it was typed, with what would be right in one field.
    pub fn wrong(&self, field: &'static str, right: impl Into<String>) -> Form {
        Form { values: self.typed(), problems: [(field, right.into())].into(), ..Form::default() }
    }

    /// Who asks; nobody before a login.
    pub fn caller(&self) -> Option<&Caller> {
        self.identity.caller.as_ref()
    }

    /// How who asks is called in the audit log.
    pub fn actor(&self) -> String {
        self.identity.actor()
    }
}

fn clone((name, value): (&String, &String)) -> (String, String) {
    (name.clone(), value.clone())
}

/// A screen, drawn. A form that was refused is answered with 422, so that programs see it too.
pub async fn show(state: &super::State, asked: &Asked, screen: Screen) -> Response {
    let is_refused = match &screen {
        Screen::Login { form, .. }
        | Screen::Invitation { form, .. }
        | Screen::Account { form, .. }
        | Screen::Users { form, .. }
        | Screen::Keys { form, .. }
        | Screen::Refreshes { form, .. }
        | Screen::Indexes { form, .. }
        | Screen::Doctor { form, .. }
        | Screen::Storage { form, .. }
        | Screen::Maintenance { form, .. } => form.is_refused(),
        Screen::Audit { .. } | Screen::Statements { .. } => false,
    };
    let (query, _) = Query::parse("", viewer(&asked.headers));
    let newest = state.views.newest();
    let snapshot = Snapshot {
        freshness: Freshness { server_time: Utc::now(), ..Freshness::clone(&newest) },
        page: None,
        query,
        problems: Vec::new(),
        choices: Arc::default(),
        view: None,
        theme: cookie(&asked.headers, "theme").and_then(Theme::from_word),
        is_live: false,
        attempt: None,
        caller: asked.identity.caller.clone(),
        screen: Some(screen),
    };
    let mut request = HttpRequest::new(Empty::empty());
    *request.uri_mut() = asked.address.clone();
    *request.headers_mut() = asked.headers.clone();
    let mut response = draw(state, snapshot, request).await;
    if is_refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

/// What went wrong with the database, for a form.
pub fn lost(error: &StoreError) -> String {
    tracing::warn!(%error, "a form could not be done");
    UNREACHABLE.to_owned()
}

/// Notes what somebody did.
pub async fn note(
    state: &super::State,
    by: &Identity,
    act: &'static str,
    target: &str,
    (before, after): (Option<Value>, Option<Value>),
) -> Result<(), StoreError> {
    let (actor, address) = (by.actor(), by.origin.to_string());
    let act = NewAct { actor: &actor, address: &address, act, target, before, after };
    store::audit_log::add(&state.pool, &act).await
}
