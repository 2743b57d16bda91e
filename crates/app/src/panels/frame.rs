//! What all panels share: the heading with its sentence, and moments told as ages.

use chrono::{DateTime, Utc};
use domain::format;
use leptos::prelude::*;

/// The heading of a panel and the one true sentence about its data.
#[component]
pub fn PanelHead(title: &'static str, sentence: Signal<String>) -> impl IntoView {
    view! {
        <h2>{title}</h2>
        <p class="sentence">{move || sentence.get()}</p>
    }
}

/// A moment as its distance from now: `8 s ago`.
#[component]
pub fn Ago(at: Option<DateTime<Utc>>, now: Memo<DateTime<Utc>>) -> impl IntoView {
    at.map_or_else(
        || view! { {format::MISSING} }.into_any(),
        |at| {
            view! { <time datetime=at.to_rfc3339() title=format::moment(&at)>{move || format::ago(at, now.get())}</time> }
                .into_any()
        },
    )
}
