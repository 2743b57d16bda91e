//! The server functions: what a page asks its server. Bodies delegate; errors are small and leak nothing.

#[cfg(feature = "ssr")]
mod context;
mod error;

use std::sync::Arc;

use domain::freshness::Freshness;
use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::snapshot::{Dashboard, Snapshot};

#[cfg(feature = "ssr")]
pub use context::{PLACES, Refresher};
pub use error::ApiError;

/// What this page is drawn from: the server provides it with each request.
#[must_use]
pub fn snapshot() -> Option<Arc<Snapshot>> {
    use_context()
}

/// Answers this page with 404 instead of 200.
pub fn answer_not_found() {
    #[cfg(feature = "ssr")]
    context::answer_not_found();
}

/// What the panels show now; `None` before the first look at the data.
///
/// # Errors
/// When the request did not reach the server.
#[server(endpoint = "dashboard", input = GetUrl)]
pub async fn get_dashboard() -> Result<Option<Dashboard>, ApiError> {
    let snapshot = snapshot().ok_or(ApiError::NotReady)?;
    Ok(snapshot.dashboard.as_deref().cloned())
}

/// How fresh the data is: what the stream of events says too, for when that is cut.
///
/// # Errors
/// When the request did not reach the server.
#[server(endpoint = "freshness", input = GetUrl)]
pub async fn get_freshness() -> Result<Freshness, ApiError> {
    let snapshot = snapshot().ok_or(ApiError::NotReady)?;
    Ok(Freshness { server_time: chrono::Utc::now(), ..snapshot.freshness.clone() })
}

/// Refreshes all views now, or joins a refresh that is about to begin. Answers how long that took, in milliseconds.
///
/// # Errors
/// When the database does not answer or a view could not be refreshed.
#[server(endpoint = "refresh")]
pub async fn refresh_now() -> Result<i64, ApiError> {
    let refresher = use_context::<Refresher>().ok_or(ApiError::NotReady)?;
    refresher.refresh().await
}
