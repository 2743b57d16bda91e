//! The HTTP side: which address is answered by what, and what holds for all of them.

mod account;
mod admin;
mod annotations;
mod api;
mod events;
mod executions;
mod export;
mod forms;
mod guard;
mod health;
mod login;
mod oidc;
mod page;
mod problem;
mod routes;
mod screen;
mod security;
mod site;
#[cfg(test)]
mod tests;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use app::api::{PLACES, Refresher};
use axum::{Router, http::Method, middleware};
use domain::{export::FOLDER, refreshes::Rhythm};
use leptos::server_fn;
use store::Pool;
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::sync::CancellationToken;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer, trace::TraceLayer,
};

pub use self::admin::users::LINK_LASTS;
use self::routes::{Needs, Routes};
use crate::{
    access::{Access, oidc::CALLBACK, settings::Anonymous},
    audience::Audience,
    settings::ServeArgs,
    site::version,
    statements::Meter,
    views::Views,
};

/// The largest body of a request, in bytes: no form here is longer.
const BODY_LIMIT: usize = 64 * 1024;

/// What the handlers share.
#[derive(Clone)]
pub struct State {
    pool: Pool,
    views: Views,
    audience: Audience,
    access: Access,
    refresher: Refresher,
    /// What the settings say about when a refresh is due.
    rhythm: Rhythm,
    /// How often the views are due, at least.
    due_every: Duration,
    /// How long statements take.
    meter: Meter,
    /// One permit per browser that listens for news.
    listeners: Arc<Semaphore>,
    /// One permit per file that is made.
    exports: Arc<Semaphore>,
    stop: CancellationToken,
    /// Part of the address of scripts and styles.
    version: Arc<str>,
}

impl State {
    /// The state of a server.
    pub fn new(
        pool: Pool,
        views: Views,
        audience: Audience,
        meter: Meter,
        args: &ServeArgs,
        stop: CancellationToken,
    ) -> Self {
        let places = Arc::new(Semaphore::new(PLACES));
        Self {
            refresher: Refresher { pool: pool.clone(), timeout: args.refresh_timeout, places },
            access: Access::new(pool.clone(), &args.access, args.access.anonymous.unwrap_or(Anonymous::Off)),
            rhythm: match args.schedule.schedule() {
                refresh::Schedule::Live => Rhythm::Live,
                refresh::Schedule::Every(every) => Rhythm::Every(i64::try_from(every.as_secs()).unwrap_or(i64::MAX)),
            },
            due_every: args.schedule.interval(),
            meter,
            pool,
            views,
            audience,
            listeners: Arc::new(Semaphore::new(args.max_listeners as usize)),
            exports: Arc::new(Semaphore::new(export::PLACES)),
            stop,
            version: version().unwrap_or_else(|| "none".to_owned()).into(),
        }
    }
}

/// Answers requests until told to stop, then lets those under way finish for `drain_timeout`.
pub async fn serve(
    listener: TcpListener,
    state: State,
    drain_timeout: Duration,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    // Pages are drawn by tasks of their own. That there is an executor already is no error.
    let _ = any_spawner::Executor::init_tokio();
    let server = axum::serve(listener, router(state).into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(stop.clone().cancelled_owned());
    let deadline = async {
        stop.cancelled().await;
        tokio::time::sleep(drain_timeout).await;
    };
    tokio::select! {
        served = server => Ok(served?),
        () = deadline => {
            tracing::warn!("requests that did not finish in time are cut off");
            Ok(())
        }
    }
}

fn router(state: State) -> Router {
    let (routes, _) = routes().finish();
    let guarded = routes
        .layer(middleware::from_fn(guard::same_origin))
        .layer(middleware::from_fn_with_state(state.clone(), routes::identify));
    // Health is asked when there is no database to tell who asks.
    let (health, _) = health_routes().finish();
    health
        .merge(guarded)
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(security::headers))
        .layer(TraceLayer::new_for_http().make_span_with(security::span))
        .with_state(state)
}

/// Whether this server lives is no secret.
fn health_routes() -> Routes {
    Routes::default().get(Needs::Nothing, "/healthz", health::healthz).get(Needs::Nothing, "/readyz", health::readyz)
}

/// Every other address that is answered, with what it needs. Each page by its own path: any other one is not there.
fn routes() -> Routes {
    let routes = admin_routes(Routes::default())
        .get(Needs::Nothing, "/login", login::form)
        .post(Needs::Nothing, "/login", login::submit)
        .get(Needs::Nothing, "/login/oidc", oidc::begin)
        .get(Needs::Nothing, CALLBACK, oidc::come_back)
        .post(Needs::Nothing, "/logout", login::sign_out)
        .post(Needs::VIEWER, "/logout/everywhere", login::sign_out_everywhere)
        .get(Needs::Nothing, "/invitations/{token}", login::invitation)
        .post(Needs::Nothing, "/invitations/{token}", login::choose_password)
        .get(Needs::VIEWER, "/account", account::show_account)
        .post(Needs::VIEWER, "/account", account::submit)
        .get(Needs::VIEWER, "/events", events::events)
        .get(Needs::VIEWER, "/executions/{id}/{part}", executions::text)
        .get(Needs::VIEWER, &format!("{FOLDER}/{{*panel}}"), export::export)
        .get(Needs::VIEWER, "/api/v1/annotations", api::annotations::list)
        .post(Needs::OPERATOR, "/api/v1/annotations", api::annotations::add)
        .at(Needs::OPERATOR, Method::DELETE, "/api/v1/annotations/{id}", api::annotations::remove)
        .get(Needs::Nothing, "/pkg-{version}/{file}", site::package_file);
    let routes = site::ROOT_FILES.iter().fold(routes, |routes, path| routes.get(Needs::Nothing, path, site::root_file));
    let routes = PAGES.iter().fold(routes, |routes, path| {
        routes.get(Needs::VIEWER, path, page::page).post(Needs::OPERATOR, path, forms::submit)
    });
    let functions = server_fn::axum::server_fn_paths();
    let routes = functions.fold(routes, |routes, (path, method)| {
        routes.at(server_function_needs(path), method, path, page::server_function)
    });
    // What is nothing else is a page that is not there.
    routes.fallback(Needs::VIEWER, page::page)
}

/// What admins see to.
fn admin_routes(routes: Routes) -> Routes {
    routes
        .get(Needs::ADMIN, "/admin/refresh", admin::refreshes::show)
        .post(Needs::ADMIN, "/admin/refresh", admin::refreshes::submit)
        .get(Needs::ADMIN, "/admin/indexes", admin::indexes::show)
        .post(Needs::ADMIN, "/admin/indexes", admin::indexes::submit)
        .get(Needs::ADMIN, "/admin/queries", admin::statements::show)
        .get(Needs::ADMIN, "/admin/doctor", admin::doctor::show)
        .post(Needs::ADMIN, "/admin/doctor", admin::doctor::submit)
        .get(Needs::ADMIN, "/admin/storage", admin::storage::show)
        .post(Needs::ADMIN, "/admin/storage", admin::storage::submit)
        .get(Needs::ADMIN, "/admin/maintenance", admin::maintenance::show)
        .post(Needs::ADMIN, "/admin/maintenance", admin::maintenance::submit)
        .get(Needs::ADMIN, "/admin/users", admin::users::show)
        .post(Needs::ADMIN, "/admin/users", admin::users::submit)
        .get(Needs::ADMIN, "/admin/keys", admin::keys::show)
        .post(Needs::ADMIN, "/admin/keys", admin::keys::submit)
        .get(Needs::ADMIN, "/admin/audit", admin::audit::show)
}

/// The paths of pages.
const PAGES: [&str; 7] =
    ["/", "/actions", "/triggers", "/triggers/{*id}", "/failures", "/failures/{*fingerprint}", "/organizations"];

/// What each server function needs. One that is not named here is for admins alone.
fn server_function_needs(path: &str) -> Needs {
    match path {
        "/api/freshness" => Needs::VIEWER,
        "/api/refresh" => Needs::OPERATOR,
        _ => Needs::ADMIN,
    }
}
