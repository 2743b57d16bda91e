//! Scripts, styles and other files of the site, already compressed.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use crate::site;

/// A file whose address names its content: browsers keep it for ever. An old address is answered by today's file,
/// because a page from before an update may still ask for it, but is not to be kept.
pub async fn package_file(
    State(state): State<super::State>,
    Path((version, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let current = *version == *state.version;
    let caching = if current { "public, max-age=31536000, immutable" } else { "no-store" };
    answer(&format!("pkg/{file}"), caching, &headers)
}

/// The files of `public/`.
pub const ROOT_FILES: [&str; 2] = ["/favicon.svg", "/robots.txt"];

/// A file of `public/`.
pub async fn root_file(address: Uri, headers: HeaderMap) -> Response {
    answer(address.path().trim_start_matches('/'), "public, max-age=3600", &headers)
}

fn answer(path: &str, caching: &'static str, headers: &HeaderMap) -> Response {
    let accepts_brotli = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|encodings| encodings.split(',').any(|encoding| encoding.trim().starts_with("br")));
    let compressed = accepts_brotli.then(|| site::file(&format!("{path}.br"))).flatten();
    let encoding = compressed.is_some().then_some([(header::CONTENT_ENCODING, "br")]);
    let Some(file) = compressed.or_else(|| site::file(path)) else {
        return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response();
    };
    let content_type = mime_guess::from_path(path).first_or_octet_stream().to_string();
    let fixed = [(header::CACHE_CONTROL, caching), (header::VARY, "accept-encoding")];
    (fixed, [(header::CONTENT_TYPE, content_type)], encoding, file.data).into_response()
}
