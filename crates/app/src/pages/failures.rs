//! Failures: when, what they say, whose they are, and each of them.

use domain::{failures::Failures, page::Page, status::Status};
use leptos::prelude::*;

use crate::{
    panels::{ChartPanel, Key, Note, RowsPanel, TablePanel},
    snapshot::Snapshot,
};

/// The panels of the page at `/failures`.
pub fn content(snapshot: &Snapshot, failures: &Failures) -> impl IntoView + use<> {
    let outcome = failures.by_time.scope.outcome();
    let word = outcome.word();
    let key = |extra: &[Key]| [&[Key::of(word, word)], extra].concat();
    let before = snapshot.query.compare.then_some(Key::of("before", "time before"));
    let by_time: Vec<Key> = key(&[Key::partial(outcome)]).into_iter().chain(before).collect();
    let limit = failures.errors.scope.note();
    let has_kinds = outcome != Status::Success;
    view! {
        <h1 class="visually-hidden">"Failures"</h1>
        {failures.note.clone().map(|note| view! { <Note note /> })}
        <div class="grid grid-first">
            <ChartPanel snapshot panel=&failures.by_time key=by_time />
            <ChartPanel snapshot panel=&failures.by_type key=key(&[]) />
            {has_kinds.then(|| view! { <TablePanel snapshot panel=&failures.errors class="panel-wide" limit=limit.clone() /> })}
            <TablePanel snapshot panel=&failures.by_trigger class=if has_kinds { "panel-side" } else { "panel-full" } limit />
            <RowsPanel snapshot rows=&failures.rows page=Page::Failures />
        </div>
    }
}
