//! What the API answers when it cannot do what it was asked: problem details of RFC 9457.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// A problem. Its `errors` name what is wrong with which parameter, the value received, and what would be right.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    status: StatusCode,
    detail: String,
    errors: Vec<Value>,
}

impl Problem {
    /// Something that stands for itself.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), errors: Vec::new() }
    }

    /// A request that makes no sense.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// The same with one more parameter that makes no sense.
    pub fn naming(mut self, parameter: &str, message: &str, received: &str) -> Self {
        self.errors.push(json!({ "parameter": parameter, "message": message, "received": received }));
        self
    }

    /// The database does not answer.
    pub fn unreachable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "The database does not answer, so nothing was read or changed.")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or("Error");
        let mut body =
            json!({ "type": "about:blank", "title": title, "status": self.status.as_u16(), "detail": self.detail });
        if !self.errors.is_empty() {
            body["errors"] = self.errors.into();
        }
        let fixed = [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")];
        let retry = (self.status == StatusCode::SERVICE_UNAVAILABLE).then_some([(header::RETRY_AFTER, "5")]);
        (self.status, fixed, retry, body.to_string()).into_response()
    }
}
