//! `/admin/queries`: which statements are slow.

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

/// The slowest.
pub async fn show(State(state): State<Server>, asked: Asked) -> Response {
    let loaded = async {
        // What this server ran just now is part of it.
        state.meter.keep(&state.pool).await?;
        store::statements::load(&state.pool).await
    };
    match loaded.await {
        Ok(statements) => draw(&state, &asked, Screen::Statements { statements: Box::new(statements) }).await,
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", lost(&error))).into_response(),
    }
}
