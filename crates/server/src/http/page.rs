//! Pages and server functions: pages show the newest drawings with their data, server functions the newest data.

use std::sync::Arc;

use app::snapshot::Snapshot;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use chrono::Utc;
use leptos::{config::LeptosOptions, nonce::Nonce, prelude::provide_context};

use crate::http::security::page_policy;

/// Any page, whole: what is slow was done before, when the data changed.
pub async fn page(State(state): State<super::State>, request: Request) -> Response {
    let nonce = Nonce::new();
    let policy = page_policy(&nonce.to_string());
    state.shown.audience.ask_page();
    let snapshot = of_this_moment(state.page_snapshot());
    let options = leptos_options(&state.version);
    let render = leptos_axum::render_app_async_with_context(
        move || {
            provide_context(nonce.clone());
            provide_context(snapshot.clone());
        },
        move || app::shell(options.clone()),
    );
    let mut response = render(request).await;
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What pages ask their server.
pub async fn server_function(State(state): State<super::State>, request: Request) -> Response {
    state.shown.audience.ask();
    let snapshot = state.snapshot();
    let refresher = state.refresher;
    let context = move || {
        provide_context(snapshot.clone());
        provide_context(refresher.clone());
    };
    let mut response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The snapshot with the server's clock of now, so that ages on the page are right.
fn of_this_moment(mut snapshot: Snapshot) -> Arc<Snapshot> {
    snapshot.freshness.server_time = Utc::now();
    Arc::new(snapshot)
}

fn leptos_options(version: &str) -> LeptosOptions {
    LeptosOptions::builder().output_name("tidemark").site_pkg_dir(format!("pkg-{version}")).build()
}
