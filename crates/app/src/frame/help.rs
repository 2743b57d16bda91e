//! The keys, in a dialog.

use std::sync::Arc;

use domain::page::Page;
use leptos::prelude::*;

use crate::snapshot::Snapshot;

/// What each key does.
const KEYS: &[(&str, &str)] = &[
    ("r", "refresh the views now"),
    ("p", "pause live updates, and go on"),
    ("/", "go to the search"),
    ("t", "light or dark"),
    ("?", "this help"),
];

/// The help. It opens with `?`.
#[component]
pub fn Help(snapshot: Arc<Snapshot>) -> impl IntoView {
    let page = |(place, page): (usize, &Page)| row(&(place + 1).to_string(), page.title());
    view! {
        <dialog id="help" class="dialog" aria-labelledby="help-title">
            <h2 id="help-title">"Keys"</h2>
            <dl class="help-keys">
                {KEYS.iter().map(|(key, does)| row(key, does)).collect_view()}
                {Page::NAVIGATION.iter().enumerate().map(page).collect_view()}
            </dl>
            <p class="sentence">
                "What you look at is its address: copy it, and a colleague sees the same. Times are in "
                {snapshot.query.zone.name()} "."
            </p>
            <form method="dialog">
                <button class="button">"Close"</button>
            </form>
        </dialog>
    }
}

fn row(key: &str, does: &str) -> impl IntoView + use<> {
    view! {
        <div>
            <dt>
                <kbd>{key.to_owned()}</kbd>
            </dt>
            <dd>{does.to_owned()}</dd>
        </div>
    }
}
