//! What all panels share: the heading with its sentence, the key of colours, the fold of numbers.

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

/// One entry of a key: a swatch of a colour or line, and its word.
#[component]
pub fn Key(swatch: &'static str, word: &'static str) -> impl IntoView {
    view! {
        <span class="key">
            <i class=format!("swatch swatch-{swatch}") aria-hidden="true"></i>
            {word}
        </span>
    }
}

/// The numbers behind a chart, folded away: a real table for screen readers and for who wants to read them.
#[component]
pub fn Numbers(children: Children) -> impl IntoView {
    view! {
        <details class="numbers">
            <summary>"Numbers"</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Numbers">
                {children()}
            </div>
        </details>
    }
}

/// A moment as its distance from now: `8 s ago`.
#[component]
pub fn Ago(at: Option<DateTime<Utc>>, now: Memo<DateTime<Utc>>) -> impl IntoView {
    at.map_or_else(
        || view! { {format::MISSING} }.into_any(),
        |at| {
            view! { <time datetime=at.to_rfc3339() title=format::moment(at)>{move || format::ago(at, now.get())}</time> }
                .into_any()
        },
    )
}
