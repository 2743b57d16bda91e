//! The document around every page.

use leptos::{nonce::use_nonce, prelude::*};

use crate::{api, pages, snapshot::Theme};

/// The whole document. Scripts and styles carry the request's nonce or come from this server, as the
/// Content-Security-Policy asks.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let package = format!("/{}", options.site_pkg_dir);
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
                <link rel="stylesheet" href=format!("{package}/main.css") />
                <script defer nonce=use_nonce() src=format!("{package}/echarts.js")></script>
                <HydrationScripts options islands=true />
            </head>
            <body>{snapshot.map(pages::page)}</body>
        </html>
    }
}
