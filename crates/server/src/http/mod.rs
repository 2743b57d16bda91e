//! The HTTP side: which address is answered by what, and what holds for all of them.

mod annotations;
mod api;
mod events;
mod executions;
mod export;
mod guard;
mod health;
mod page;
mod problem;
mod security;
mod site;

use std::{sync::Arc, time::Duration};

use app::api::{PLACES, Refresher};
use axum::{
    Router, middleware,
    routing::{any, delete, get},
};
use domain::export::FOLDER;
use leptos::server_fn;
use store::Pool;
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::sync::CancellationToken;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer, trace::TraceLayer,
};

use crate::{
    audience::Audience,
    settings::{Anonymous, ServeArgs},
    site::version,
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
    anonymous: Anonymous,
    refresher: Refresher,
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
    pub fn new(pool: Pool, views: Views, audience: Audience, args: &ServeArgs, stop: CancellationToken) -> Self {
        let places = Arc::new(Semaphore::new(PLACES));
        Self {
            refresher: Refresher { pool: pool.clone(), timeout: args.refresh_timeout, places },
            pool,
            views,
            audience,
            anonymous: args.anonymous,
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
    let server = axum::serve(listener, router(state)).with_graceful_shutdown(stop.clone().cancelled_owned());
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
    // Each by its own address: any other one under /api is not there. What is nothing else is a page.
    let pages = server_fn::axum::server_fn_paths()
        .fold(Router::new(), |router, (path, _)| router.route(path, any(page::server_function)))
        .route("/", get(page::page).post(annotations::submit))
        .route("/events", get(events::events))
        .route("/executions/{id}/{part}", get(executions::text))
        .route(&format!("{FOLDER}/{{*panel}}"), get(export::export))
        .route("/api/v1/annotations", get(api::annotations::list).post(api::annotations::add))
        .route("/api/v1/annotations/{id}", delete(api::annotations::remove))
        .route("/{file}", get(site::root_file).post(annotations::submit))
        .route("/pkg-{version}/{file}", get(site::package_file))
        .fallback(get(page::page).post(annotations::submit))
        .layer(middleware::from_fn(guard::same_origin))
        .layer(middleware::from_fn_with_state(state.clone(), guard::allowed));
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .merge(pages)
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(security::headers))
        .layer(TraceLayer::new_for_http())
        .with_state(state)
}
