//! Every route that is registered refuses who may not.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use chrono::{TimeDelta, Utc};
use clap::Parser;
use domain::{
    access::{Role, Scope},
    freshness::Freshness,
    page::Page,
    spending::Share,
};
use fresh_database::FreshDatabase;
use refresh::Account;
use store::api_keys::NewKey;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::{
    PAGES, State, health_routes, router, routes as all_routes,
    routes::{Declared, Needs},
};
use crate::{
    access::token::Token,
    audience::Audience,
    settings::{Cli, Command},
    statements::Meter,
    views::Views,
};

/// What needs nobody: each is a decision.
const OPEN: [&str; 12] = [
    "GET /login",
    "POST /login",
    "GET /login/oidc",
    "GET /login/oidc/callback",
    "POST /logout",
    "GET /invitations/{token}",
    "POST /invitations/{token}",
    "GET /pkg-{version}/{file}",
    "GET /favicon.svg",
    "GET /robots.txt",
    "GET /healthz",
    "GET /readyz",
];

fn state(database: &FreshDatabase) -> State {
    let Command::Serve(args) = Cli::parse_from(["tidemark", "serve"]).command else { unreachable!() };
    let (_, newest) = watch::channel(Arc::new(Freshness::unknown(std::time::Duration::from_secs(300), Utc::now())));
    let views = Views::new(database.pool.clone(), Account::new(Share::DEFAULT), None, newest);
    State::new(database.pool.clone(), views, Audience::default(), Meter::default(), &args, CancellationToken::new())
}

async fn key(database: &FreshDatabase, role: Role) -> String {
    let token = Token::key();
    let new = NewKey {
        name: role.word(),
        key_hash: &token.hash(),
        hint: token.hint(),
        role,
        scope: &Scope::All,
        created_by: "test",
        expires_at: Utc::now() + TimeDelta::days(1),
    };
    store::api_keys::add(&database.pool, &new).await.unwrap();
    token.secret().to_owned()
}

/// An address of a route: everything that may vary is 1.
fn address(route: &Declared) -> String {
    route.path.split('{').enumerate().fold(String::new(), |path, (place, part)| {
        if place == 0 { part.to_owned() } else { format!("{path}1{}", part.split_once('}').unwrap().1) }
    })
}

/// Everything that is registered.
fn declared() -> Vec<Declared> {
    [health_routes(), all_routes()].into_iter().flat_map(|routes| routes.finish().1).collect()
}

/// How a route answers somebody with this key.
async fn status(state: &State, route: &Declared, key: Option<&str>) -> StatusCode {
    let mut request =
        Request::builder().method(&route.method).uri(address(route)).header("sec-fetch-site", "same-origin");
    request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(key) = key {
        request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
    }
    router(state.clone()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
}

#[test]
fn every_page_has_its_route() {
    for page in Page::NAVIGATION {
        assert!(PAGES.contains(&page.path().as_str()), "{} is missing in PAGES", page.path());
    }
}

#[tokio::test]
async fn every_route_refuses_who_is_unknown_and_who_has_a_lesser_role() {
    let database = FreshDatabase::migrated().await;
    let state = state(&database);
    let mut keys = Vec::new();
    for role in Role::ALL {
        keys.push((role, key(&database, role).await));
    }
    let declared = declared();
    assert!(declared.len() > 30, "the routes are walked: {}", declared.len());
    for route in declared {
        let name = format!("{} {}", route.method, route.path);
        let Needs::Role(needed) = route.needs else {
            assert!(OPEN.contains(&name.as_str()), "{name} needs nobody: is that meant?");
            continue;
        };
        assert_eq!(status(&state, &route, None).await, StatusCode::UNAUTHORIZED, "{name} without a login");
        assert_eq!(status(&state, &route, Some("tdmk_wrong")).await, StatusCode::UNAUTHORIZED, "{name}, a wrong key");
        for (role, key) in &keys {
            let status = status(&state, &route, Some(key)).await;
            assert_eq!(status == StatusCode::FORBIDDEN, *role < needed, "{name} as {}: {status}", role.word());
            assert_ne!(status, StatusCode::UNAUTHORIZED, "{name} as {}", role.word());
        }
    }
}

#[tokio::test]
async fn what_changes_something_is_refused_from_another_site_and_needs_more_than_looking() {
    let declared = declared();
    for route in &declared {
        let name = format!("{} {}", route.method, route.path);
        let is_own_session = ["POST /login", "POST /logout", "POST /logout/everywhere", "POST /account"];
        let is_own_session = is_own_session.contains(&name.as_str()) || route.path.starts_with("/invitations");
        let is_read = route.method == Method::GET || is_own_session;
        assert!(is_read || route.needs >= Needs::OPERATOR, "{name} changes something and needs no more than looking");
    }
    let database = FreshDatabase::migrated().await;
    let state = state(&database);
    let key = key(&database, Role::Admin).await;
    for route in declared.into_iter().filter(|route| route.method != Method::GET) {
        let request =
            Request::builder().method(&route.method).uri(address(&route)).header("sec-fetch-site", "cross-site");
        let request = request.header(header::AUTHORIZATION, format!("Bearer {key}")).body(Body::empty()).unwrap();
        let answer = router(state.clone()).oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{} {}", route.method, route.path);
    }
}
