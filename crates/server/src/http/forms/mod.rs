//! The forms of pages: plain ones that are sent to the page's own address, with a field `does`. They are answered by the way
//! back to that address, or by the page with what was typed and what is wrong with it.

mod annotations;
mod resolutions;

use app::snapshot::{Attempt, Typed};
use axum::{
    body::Body,
    extract::State,
    http::{Request, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use domain::{annotations::FieldProblem, page::Page, query::Query};
use store::StoreError;

use super::{
    State as Server,
    page::{draw, snapshot, viewer},
    screen::{Asked, UNREACHABLE},
};

/// Does what a form of a page asks for.
pub async fn submit(State(state): State<Server>, asked: Asked) -> Response {
    let (query, _) = Query::parse(asked.address.query().unwrap_or_default(), viewer(&asked.headers));
    let Some(page) = Page::from_path(asked.address.path()).filter(Page::is_built) else {
        return (StatusCode::NOT_FOUND, "There is no page here.\n").into_response();
    };
    let done = match (asked.field("does"), &page) {
        ("resolve", Page::Failure(_)) => resolutions::resolve(&state, &asked, &page, &query).await,
        ("reopen", Page::Failure(_)) => resolutions::reopen(&state, &asked, &page, &query).await,
        ("remove", _) => annotations::remove(&state, &asked).await,
        _ => annotations::add(&state, &asked, &query).await,
    };
    match done {
        // The same address again, as it is spelled canonically: never one of somebody else.
        Ok(()) => Redirect::to(&query.href(&page)).into_response(),
        Err(attempt) => refuse(&state, &asked, attempt).await,
    }
}

/// What was typed and makes no sense.
fn wrong(typed: Typed, problems: Vec<FieldProblem>) -> Attempt {
    Attempt { typed, problems, trouble: None }
}

/// What was typed and could not be kept.
fn lost(typed: Typed, error: &StoreError) -> Attempt {
    tracing::warn!(%error, "a form could not be done");
    Attempt { typed, problems: Vec::new(), trouble: Some(UNREACHABLE) }
}

/// The page again, with what was typed.
async fn refuse(state: &Server, asked: &Asked, attempt: Attempt) -> Response {
    let Some(caller) = asked.caller().cloned() else { return StatusCode::UNAUTHORIZED.into_response() };
    let mut snapshot = snapshot(state, &asked.address, &asked.headers, caller).await;
    let is_wrong = attempt.trouble.is_none();
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::SERVICE_UNAVAILABLE };
    snapshot.attempt = Some(attempt);
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = asked.address.clone();
    *request.headers_mut() = asked.headers.clone();
    let mut response = draw(state, snapshot, request).await;
    *response.status_mut() = status;
    response
}
