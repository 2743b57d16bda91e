//! Pages and server functions.

use std::sync::Arc;

use app::{
    api::Asker,
    snapshot::{Snapshot, Theme},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use chrono::Utc;
use domain::{access::Caller, freshness::Freshness, page::Page, query::Query, zone::Zone};
use leptos::{config::LeptosOptions, nonce::Nonce, prelude::provide_context};

use crate::{
    access::{Identity, cookie},
    http::{routes::Known, security::page_policy},
    views::For,
};

/// With it an open page asks for what is new.
const LIVE: &str = "x-tidemark-live";

/// The zone of the viewer for which an open page was drawn.
const VIEWER: &str = "x-tidemark-viewer";

/// Any page, whole: most of what is slow was done before.
pub async fn page(State(state): State<super::State>, Known(caller): Known, request: Request) -> Response {
    let snapshot = snapshot(&state, request.uri(), request.headers(), caller).await;
    draw(&state, snapshot, request).await
}

/// The page of a snapshot.
pub async fn draw(state: &super::State, snapshot: Snapshot, request: Request) -> Response {
    let nonce = Nonce::new();
    let policy = page_policy(&nonce.to_string());
    let is_found = snapshot.view.as_ref().is_none_or(|view| view.data.is_found());
    let is_there = snapshot.screen.is_some() || (snapshot.page.is_some() && is_found);
    let snapshot = Arc::new(snapshot);
    let options = leptos_options(&state.version);
    let render = leptos_axum::render_app_async_with_context(
        move || {
            provide_context(nonce.clone());
            provide_context(snapshot.clone());
        },
        move || app::shell(options.clone()),
    );
    let mut response = render(request).await;
    if !is_there {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What the page at an address is drawn from.
pub async fn snapshot(state: &super::State, address: &Uri, headers: &HeaderMap, caller: Caller) -> Snapshot {
    let is_live = headers.contains_key(LIVE);
    let (mut query, mut problems) = Query::parse(address.query().unwrap_or_default(), viewer(headers));
    let page = Page::from_path(address.path()).filter(Page::is_built);
    problems.extend(page.as_ref().and_then(|page| query.fit(page)));
    if is_live {
        state.audience.ask()
    } else {
        state.audience.ask_page()
    }
    let sees = &caller.scope;
    let wanted = if is_live { For::OpenPage } else { For::FirstLook };
    let (view, freshness) = match &page {
        Some(page) => state.views.view(sees, page, &query, wanted).await,
        None => (None, Freshness::clone(&state.views.newest())),
    };
    let freshness = Freshness { server_time: Utc::now(), ..freshness };
    let choices = state.views.choices(sees, &query).await;
    let theme = cookie(headers, "theme").and_then(Theme::from_word);
    Snapshot {
        freshness,
        page,
        query,
        problems,
        choices,
        view,
        theme,
        is_live,
        attempt: None,
        caller: Some(caller),
        screen: None,
    }
}

/// The zone of who looks: as an open page says, else as its cookie says, else nobody knows.
pub fn viewer(headers: &HeaderMap) -> Zone {
    let said = headers.get(VIEWER).and_then(|value| value.to_str().ok());
    said.or_else(|| cookie(headers, "tz")).and_then(|name| name.parse().ok()).unwrap_or_default()
}

/// A parameter of an address that belongs to no page's query.
pub fn parameter(address: &Uri, name: &str) -> Option<String> {
    let mut pairs = domain::query::pairs(address.query().unwrap_or_default());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value)
}

/// What pages ask their server.
pub async fn server_function(State(state): State<super::State>, identity: Identity, request: Request) -> Response {
    state.audience.ask();
    let newest = state.views.newest();
    let refresher = state.refresher;
    let asker = Asker { name: identity.actor(), address: identity.origin.to_string() };
    let context = move || {
        provide_context(newest.clone());
        provide_context(refresher.clone());
        provide_context(asker.clone());
    };
    let mut response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn leptos_options(version: &str) -> LeptosOptions {
    LeptosOptions::builder().output_name("tidemark").site_pkg_dir(format!("pkg-{version}")).build()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|&(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_zone_of_the_viewer_is_that_of_the_open_page_then_of_the_cookie() {
        let cases: [(&[(&str, &str)], &str); 4] = [
            (&[], "UTC"),
            (&[("cookie", "theme=dark; tz=Europe/Berlin")], "Europe/Berlin"),
            (&[("cookie", "tz=Europe/Berlin"), ("x-tidemark-viewer", "Asia/Tokyo")], "Asia/Tokyo"),
            (&[("cookie", "tz=Nowhere")], "UTC"),
        ];
        for (pairs, expected) in cases {
            let pairs: Vec<(&'static str, &str)> = pairs.to_vec();
            assert_eq!(viewer(&headers(&pairs)).name(), expected, "{pairs:?}");
        }
        let theme = cookie(&headers(&[("cookie", "a=1;theme=dark")]), "theme").and_then(Theme::from_word);
        assert_eq!(theme, Some(Theme::Dark));
    }
}
