//! What the server hands to the server functions.

use std::time::{Duration, Instant};

use leptos::prelude::use_context;

use crate::api::ApiError;

/// Answers the request under way with 404.
pub(super) fn answer_not_found() {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
}

/// Refreshes the views on a person's behalf.
#[derive(Debug, Clone)]
pub struct Refresher {
    /// The database.
    pub pool: store::Pool,
    /// How long a refresh may take.
    pub timeout: Duration,
}

impl Refresher {
    /// Refreshes all views; the time it took in milliseconds.
    pub(super) async fn refresh(&self) -> Result<i64, ApiError> {
        let begun = Instant::now();
        let views = store::refresh::run(&self.pool, "page", self.timeout).await.map_err(|error| {
            tracing::warn!(%error, "a refresh asked for by a page failed");
            if error.is_unreachable() { ApiError::DatabaseUnreachable } else { ApiError::RefreshFailed }
        })?;
        match views.iter().find(|view| !view.success) {
            Some(view) => Err(ApiError::ViewFailed { view_name: view.view_name.clone() }),
            None => Ok(i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX)),
        }
    }
}
