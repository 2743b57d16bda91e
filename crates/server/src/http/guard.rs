//! Nobody acts through another site's page.

use axum::{
    extract::Request,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::access::{SESSION, cookie};

/// Refuses what changes something when another site's page asks for it.
pub async fn same_origin(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || asked_by_own_page(request.headers()) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "This can only be asked for from Tidemark's own pages.\n").into_response()
}

/// Browsers say with every such request where its page is from. Programs say nothing; what carries somebody's session is a
/// browser, whatever it says.
fn asked_by_own_page(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value: &header::HeaderValue| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let authority = origin.parse::<Uri>().ok().and_then(|uri| uri.authority().map(ToString::to_string));
            authority.is_some() && authority.as_deref() == text("host")
        }
        (None, None) => cookie(headers, SESSION).is_none(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|&(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_own_pages_and_programs_may_act() {
        let cases: [(&[(&str, &str)], bool); 8] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("origin", "http://127.0.0.1:8640"), ("host", "127.0.0.1:8640")], true),
            (&[("origin", "http://evil.example"), ("host", "127.0.0.1:8640")], false),
            (&[("origin", "null"), ("host", "127.0.0.1:8640")], false),
            (&[("host", "127.0.0.1:8640")], true),
            (&[("host", "127.0.0.1:8640"), ("cookie", "tz=UTC; tidemark_session=x")], false),
        ];
        for (pairs, expected) in cases {
            let pairs: Vec<(&'static str, &str)> = pairs.to_vec();
            assert_eq!(asked_by_own_page(&headers(&pairs)), expected, "{pairs:?}");
        }
    }
}
