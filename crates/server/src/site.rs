//! What browsers get besides pages: `target/site`, carried inside the binary.

use std::borrow::Cow;

use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../target/site"]
#[allow_missing = true]
struct Site;

/// A file of the site by its path, for example `pkg/frame.css`.
pub fn file(path: &str) -> Option<EmbeddedFile> {
    Site::get(path)
}

/// A name for the content of `pkg`, part of its address, so that browsers may keep what they fetched for ever.
/// `None` when this binary was built without a site.
pub fn version() -> Option<String> {
    let hash = Site::get("hash.txt")?;
    String::from_utf8(hash.data.into_owned()).ok().map(|hash| hash.trim().to_owned())
}

/// The chart library, which the server draws with too.
pub fn chart_library() -> Option<String> {
    let script: Cow<'static, [u8]> = Site::get("pkg/echarts.js")?.data;
    String::from_utf8(script.into_owned()).ok()
}
