//! The headers that every answer carries, to which a page adds its nonce; and what the log tells of requests.

use axum::{
    extract::Request,
    http::{HeaderValue, Uri, header},
    middleware::Next,
    response::Response,
};

/// For answers that are no pages: nothing in them may run or be framed.
const NO_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";

/// Adds the headers, unless the handler has set its own.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CONTENT_SECURITY_POLICY, NO_PAGE),
    ];
    for (name, value) in fixed {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// What a page may load: this server's files, scripts that carry its nonce, and WebAssembly. No inline style at all.
pub fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// By what the log tells a request.
pub fn span(request: &Request) -> tracing::Span {
    tracing::debug_span!("request", method = %request.method(), uri = told(request.uri()))
}

/// An address without what lets somebody in: a link that works once, the code of a provider.
fn told(address: &Uri) -> &str {
    match address.path() {
        path if path.starts_with("/invitations/") => "/invitations/…",
        path if path.starts_with("/login") => path,
        path => address.path_and_query().map_or(path, |whole| whole.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_tells_nothing_that_lets_somebody_in() {
        let told = |address: &'static str| told(&Uri::from_static(address)).to_owned();
        assert_eq!(told("/login/oidc/callback?code=secret&state=secret"), "/login/oidc/callback");
        assert_eq!(told("/invitations/secret?x=1"), "/invitations/…");
        assert_eq!(told("/failures?range=7d"), "/failures?range=7d");
    }
}
