//! The page of an address that shows nothing.

use leptos::prelude::*;

/// Says so, and leads back.
pub fn content() -> impl IntoView {
    view! {
        <section class="notice">
            <h1>"There is no page here"</h1>
            <p>"The address may be mistyped or from another version. " <a href="/">"Go to the overview"</a> "."</p>
        </section>
    }
}
