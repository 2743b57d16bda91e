//! What heads a panel, and what is told about its numbers.

use std::borrow::Cow;

use leptos::prelude::*;

/// The title of a panel and the one true sentence about its data.
#[component]
pub fn Head(title: Cow<'static, str>, sentence: String) -> impl IntoView {
    view! {
        <h2>{title}</h2>
        <p class="sentence">{sentence}</p>
    }
}

/// Something to know about the numbers of a page.
#[component]
pub fn Note(note: String) -> impl IntoView {
    view! { <p class="page-note"><span aria-hidden="true">"◇ "</span>{note}</p> }
}
