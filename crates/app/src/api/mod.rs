//! The server functions: what a page asks its server. Bodies delegate; errors are small and leak nothing.

#[cfg(feature = "ssr")]
mod context;
mod error;

use std::sync::Arc;

use domain::freshness::Freshness;
use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::snapshot::Snapshot;

#[cfg(feature = "ssr")]
pub use context::{Asker, PLACES, Refresher};
pub use error::ApiError;

/// What this page is drawn from: the server provides it with each request.
#[must_use]
pub fn snapshot() -> Option<Arc<Snapshot>> {
    use_context()
}

/// How fresh the data is: what the stream of events says too, for when that is cut.
///
/// # Errors
/// When the request did not reach the server.
#[server(endpoint = "freshness", input = GetUrl)]
pub async fn get_freshness() -> Result<Freshness, ApiError> {
    let newest = use_context::<Arc<Freshness>>().ok_or(ApiError::NotReady)?;
    Ok(Freshness { server_time: chrono::Utc::now(), ..Freshness::clone(&newest) })
}

/// Refreshes all views now, or joins a refresh that is about to begin. Answers how long that took, in milliseconds.
///
/// # Errors
/// When the database does not answer or a view could not be refreshed.
#[server(endpoint = "refresh")]
pub async fn refresh_now() -> Result<i64, ApiError> {
    let refresher = use_context::<Refresher>().ok_or(ApiError::NotReady)?;
    let asker = use_context::<Asker>().ok_or(ApiError::NotReady)?;
    refresher.refresh(asker).await
}
