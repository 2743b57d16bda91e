//! JSON that can be unfolded, without scripts.

use domain::{
    json::{Json, tree},
    visible::visible,
};
use leptos::prelude::*;

/// A JSON text as `jsonb_pretty` writes it, its inner brackets folded.
#[component]
pub fn JsonView<'a>(text: &'a str) -> impl IntoView + use<> {
    view! { <div class="json">{tree(text).iter().map(|part| part_view(part, true)).collect_view()}</div> }
}

fn part_view(part: &Json, is_open: bool) -> AnyView {
    match part {
        Json::Line(line) => view! { <div class="json-line">{visible(line).into_owned()}</div> }.into_any(),
        Json::Block { head, inner, tail } if inner.is_empty() => {
            view! { <div class="json-line">{format!("{}{tail}", visible(head))}</div> }.into_any()
        }
        Json::Block { head, inner, tail } => view! {
            <details class="json-block" open=is_open>
                <summary>{visible(head).into_owned()}</summary>
                <div class="json-inner">{inner.iter().map(|part| part_view(part, false)).collect_view()}</div>
                <div class="json-line">{tail.clone()}</div>
            </details>
        }
        .into_any(),
    }
}
