//! What an execution reported or was answered, whole and as plain text: whatever is in it, nothing of it runs.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use store::executions::{LARGEST, Text};

use crate::http::routes::Known;

/// One text of an execution.
pub async fn text(
    State(state): State<super::State>,
    Known(caller): Known,
    Path((id, part)): Path<(String, String)>,
) -> Response {
    // Postgres knows no text with a zero in it.
    let id = id.replace('\0', "");
    let found = match part.as_str() {
        "message" => store::executions::message(&state.pool, &caller.scope, &id).await,
        "response" => store::executions::response(&state.pool, &caller.scope, &id).await,
        _ => return plain(StatusCode::NOT_FOUND, "There is a message and a response, nothing else.".to_owned()),
    };
    match found {
        Ok(Text::Whole(text)) => plain(StatusCode::OK, text),
        Ok(Text::TooLarge { bytes }) => {
            let (size, most) = (domain::format::bytes(bytes), domain::format::bytes(LARGEST));
            let words = format!("This text has {size}, more than the {most} that are shown. Ask the database for it.");
            plain(StatusCode::PAYLOAD_TOO_LARGE, words)
        }
        Ok(Text::Missing) => plain(StatusCode::NOT_FOUND, "There is no such text, or not any more.".to_owned()),
        Err(error) => {
            tracing::warn!(%error, "a text could not be read");
            plain(StatusCode::SERVICE_UNAVAILABLE, "The database does not answer; try again in a moment.".to_owned())
        }
    }
}

fn plain(status: StatusCode, text: String) -> Response {
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
