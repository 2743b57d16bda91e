//! The document around every page.

use std::sync::Arc;

use leptos::{nonce::use_nonce, prelude::*};

use crate::{api, pages, snapshot::Theme};

/// Where scripts and styles are.
#[derive(Clone)]
struct Files(Arc<str>);

impl Files {
    fn address(&self, name: &str) -> String {
        format!("/{}/{name}", self.0)
    }
}

/// The style sheet of the content that follows. What stands before it is shown by then: header and content are laid out
/// in two tasks instead of a long one.
#[component]
pub fn ContentStyle() -> impl IntoView {
    use_context::<Files>().map(|files| view! { <link rel="stylesheet" href=files.address("content.css") /> })
}

/// The whole document. Scripts and styles carry the request's nonce or come from this server, as the
/// Content-Security-Policy asks.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let files = Files(options.site_pkg_dir.clone());
    provide_context(files.clone());
    let snapshot = api::snapshot();
    let theme = snapshot.as_ref().and_then(|snapshot| snapshot.theme).map(Theme::word);
    let viewer = snapshot.as_ref().map(|snapshot| snapshot.query.viewer.name());
    let title = snapshot.as_ref().map_or_else(String::new, |snapshot| pages::title(snapshot));
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme data-viewer=viewer>
            <head>
                <meta charset="utf-8" />
                <title>{title}</title>
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="description" content="Action results, exactly fresh" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=files.address("frame.css") />
                <link rel="preload" r#as="style" href=files.address("content.css") />
                <script defer nonce=use_nonce() src=files.address("echarts.js")></script>
                <HydrationScripts options islands=true />
            </head>
            <body>{snapshot.map(pages::page)}</body>
        </html>
    }
}
