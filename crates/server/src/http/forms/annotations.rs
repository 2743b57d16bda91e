//! Annotations from the form of a page: a plain form that is sent to the page's own address. It is answered by the way
//! back to that address, or by the page with what was typed and what is wrong with it.

use std::collections::BTreeMap;

use app::snapshot::Attempt;
use axum::{
    Form,
    body::Body,
    extract::State,
    http::{HeaderMap, Request, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use chrono::Utc;
use domain::{
    access::Caller,
    annotations::{Draft, Fields},
    page::Page,
    query::Query,
};
use store::StoreError;

use crate::http::{
    page::{draw, snapshot, viewer},
    routes::Known,
    screen::UNREACHABLE,
};

/// Adds an annotation, or removes one: the field `does` says which.
pub async fn submit(
    State(state): State<super::State>,
    Known(caller): Known,
    address: Uri,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let (query, _) = Query::parse(address.query().unwrap_or_default(), viewer(&headers));
    let Some(page) = Page::from_path(address.path()).filter(Page::is_built) else {
        return (StatusCode::NOT_FOUND, "There is no page here to mark anything on.\n").into_response();
    };
    let kept = match form.get("does").map(String::as_str) {
        Some("remove") => remove(&state, &form).await,
        _ => add(&state, &form, &query, &caller).await,
    };
    match kept {
        // The same address again, as it is spelled canonically: never one of somebody else.
        Ok(()) => {
            state.views.changed();
            Redirect::to(&query.href(&page)).into_response()
        }
        Err(attempt) => refuse(&state, &address, &headers, caller, attempt).await,
    }
}

async fn add(
    state: &super::State,
    form: &BTreeMap<String, String>,
    query: &Query,
    caller: &Caller,
) -> Result<(), Attempt> {
    let field = |name| form.get(name).cloned().unwrap_or_default();
    let fields = Fields { kind: field("kind"), at: field("at"), until: field("until"), text: field("text") };
    let draft = match Draft::read(&fields, query.zone, Utc::now()) {
        Ok(draft) => draft,
        Err(problems) => return Err(Attempt { fields, problems, trouble: None }),
    };
    let added = store::annotations::add(&state.pool, draft, caller.name.as_deref()).await;
    added.map(drop).map_err(|error| lost(fields, &error))
}

async fn remove(state: &super::State, form: &BTreeMap<String, String>) -> Result<(), Attempt> {
    // What is no number, or not there any more, is gone already.
    let Some(id) = form.get("id").and_then(|id| id.parse().ok()) else { return Ok(()) };
    let removed = store::annotations::remove(&state.pool, id).await;
    removed.map(drop).map_err(|error| lost(Fields::default(), &error))
}

fn lost(fields: Fields, error: &StoreError) -> Attempt {
    tracing::warn!(%error, "an annotation could not be changed");
    Attempt { fields, problems: Vec::new(), trouble: Some(UNREACHABLE) }
}

/// The page again, with what was typed.
async fn refuse(
    state: &super::State,
    address: &Uri,
    headers: &HeaderMap,
    caller: Caller,
    attempt: Attempt,
) -> Response {
    let mut snapshot = snapshot(state, address, headers, caller).await;
    let status =
        if attempt.trouble.is_some() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::UNPROCESSABLE_ENTITY };
    snapshot.attempt = Some(attempt);
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = address.clone();
    *request.headers_mut() = headers.clone();
    let mut response = draw(state, snapshot, request).await;
    *response.status_mut() = status;
    response
}
