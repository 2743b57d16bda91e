//! `/admin/audit`: what was done.

use app::screens::Screen;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::http::{
    State as Server,
    page::parameter,
    screen::{Asked, lost, show as draw},
};

/// A page of it.
pub async fn show(State(state): State<Server>, asked: Asked) -> Response {
    let before = parameter(&asked.address, "before").and_then(|before| before.parse().ok());
    let text = parameter(&asked.address, "q").unwrap_or_default();
    let wanted = Some(text.trim()).filter(|text| !text.is_empty());
    match store::audit_log::list(&state.pool, before, wanted).await {
        Ok((acts, has_more)) => {
            let next = acts.last().filter(|_| has_more).map(|act| act.id);
            draw(&state, &asked, Screen::Audit { acts, next, text }).await
        }
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", lost(&error))).into_response(),
    }
}
