//! One kind of failure: what it says, when it came, whose it is.

use domain::{failure::Failure, format, page::Page, panel::Panel, visible::visible};
use leptos::prelude::*;

use crate::{
    panels::{ChartPanel, Key, RowsPanel, TablePanel, Trend},
    snapshot::Snapshot,
};

/// The panels of the page at `/failures/{fingerprint}`.
pub fn content(snapshot: &Snapshot, failure: &Failure) -> impl IntoView + use<> {
    let word = failure.by_time.scope.outcome().word();
    let before = snapshot.query.compare.then_some(Key::of("before", "time before"));
    let key = [Key::of(word, word), Key::of("partial", "in part")].into_iter().chain(before).collect();
    let limit = failure.kind.scope.note();
    let panels = failure.kind.seen.is_some().then(|| {
        view! {
            <ChartPanel snapshot panel=&failure.by_time key />
            <TablePanel snapshot panel=&failure.by_trigger class="panel-side" limit=limit.clone() />
            <RowsPanel snapshot rows=&failure.rows page=Page::Failure(failure.kind.name.clone()) />
        }
    });
    view! {
        <p class="way-back"><a href=snapshot.query.first_page().href(&Page::Failures)>"← All failures"</a></p>
        <div class="grid grid-first">
            <Kind failure />
            {panels}
        </div>
    }
}

/// The kind itself: its message, its numbers, and what came last.
#[component]
fn Kind<'a>(failure: &'a Failure) -> impl IntoView + use<> {
    let kind = &failure.kind;
    let title = kind.seen.as_ref().map_or("This kind of error", |seen| seen.title());
    let samples = kind.seen.as_ref().filter(|seen| !seen.samples.is_empty()).map(|seen| {
        let sample = |text: &String| view! { <li><pre class="run-message">{visible(text).into_owned()}</pre></li> };
        view! {
            <h2 class="samples-title">"As it came last"</h2>
            <ul class="samples">{seen.samples.iter().map(sample).collect_view()}</ul>
        }
    });
    let numbers = kind.seen.as_ref().map(|seen| {
        view! {
            <dl class="kind-numbers">
                <div><dt>{kind.scope.title()}</dt><dd>{format::count(seen.count)}</dd></div>
                <div><dt>"Triggers"</dt><dd>{format::count(seen.triggers)}</dd></div>
                <div><dt>"First seen"</dt><dd>{kind.scope.spelled(seen.first_seen)}</dd></div>
                <div><dt>"Last seen"</dt><dd>{kind.scope.spelled(seen.last_seen)}</dd></div>
                <div><dt>"Trend"</dt><dd><Trend counts=&seen.trend /></dd></div>
            </dl>
        }
    });
    view! {
        <section class="panel panel-full kind" id=domain::failure::Kind::NAME>
            <h1 class="kind-title">{visible(title).into_owned()}</h1>
            <p class="sentence">{kind.sentence()}</p>
            {numbers}
            {samples}
            <p class="note">"Known as " <code>{visible(&kind.name).into_owned()}</code> ": the message without numbers, ids, addresses and what is quoted."</p>
        </section>
    }
}
