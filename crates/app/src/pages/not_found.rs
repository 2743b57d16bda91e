//! The page of an address that shows nothing.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{api, pages::frame::Frame};

/// Says so, and leads back.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    api::answer_not_found();
    view! {
        <Title text="Not found" />
        <Frame freshness=None>
            <section class="notice">
                <h1>"There is no page here"</h1>
                <p>"The address may be mistyped or from another version. " <a href="/">"Go to the overview"</a> "."</p>
            </section>
        </Frame>
    }
}
