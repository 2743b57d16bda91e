//! Health for orchestrators: is the process alive, and can it do its work.

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

/// The longest the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers.
pub async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// The database answers, and its schema is the one this binary knows.
pub async fn readyz(State(state): State<super::State>) -> (StatusCode, Json<Value>) {
    let current = tokio::time::timeout(PATIENCE, store::schema::is_current(&state.pool)).await;
    let (database, migrations) = match current {
        Ok(Ok(true)) => ("ok", "ok"),
        Ok(Ok(false)) => ("ok", "not current"),
        Ok(Err(_)) | Err(_) => ("unreachable", "unknown"),
    };
    let status = if migrations == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "database": database, "migrations": migrations })))
}
