//! `/admin/doctor`: what is wrong, and what mends it.

use app::screens::Screen;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::http::{
    State as Server,
    screen::{Asked, lost, show as draw},
};

/// Examines the database, and shows what was found.
pub async fn show(State(state): State<Server>, asked: Asked) -> Response {
    match store::doctor::examine(&state.pool).await {
        Ok(findings) => draw(&state, &asked, Screen::Doctor { findings }).await,
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", lost(&error))).into_response(),
    }
}
