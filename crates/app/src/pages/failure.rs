//! One kind of failure: what it says, when it came, whose it is.

use domain::{
    access::Role,
    failure::Failure,
    format,
    page::Page,
    panel::Panel,
    resolutions::{ErrorState, LONGEST_NOTE},
    visible::visible,
};
use leptos::prelude::*;

use crate::{
    panels::{ChartPanel, Key, RowsPanel, TablePanel, Trend, state_tag},
    snapshot::{Snapshot, Typed},
};

/// The panels of the page at `/failures/{fingerprint}`.
pub fn content(snapshot: &Snapshot, failure: &Failure) -> impl IntoView + use<> {
    let outcome = failure.by_time.scope.outcome();
    let word = outcome.word();
    let before = snapshot.query.compare.then_some(Key::of("before", "time before"));
    let key = [Key::of(word, word), Key::partial(outcome)].into_iter().chain(before).collect();
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
            <Kind snapshot failure />
            {panels}
        </div>
    }
}

/// The kind itself: its message, its numbers, and what came last.
#[component]
fn Kind<'a>(snapshot: &'a Snapshot, failure: &'a Failure) -> impl IntoView + use<> {
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
            <Resolution snapshot kind />
            {samples}
            <p class="note">"Known as " <code>{visible(&kind.name).into_owned()}</code> ": the message without numbers, ids, addresses and what is quoted."</p>
        </section>
    }
}

/// Whether it is resolved, who says so, and the form for whoever may say it. Nothing of a kind of which nothing is seen.
#[component]
fn Resolution<'a>(snapshot: &'a Snapshot, kind: &'a domain::failure::Kind) -> impl IntoView + use<> {
    let is_shown = kind.seen.is_some() || kind.resolution.is_some();
    let may_say = snapshot.may(Role::Operator);
    let note = kind.resolution.as_ref().and_then(|resolution| resolution.note.as_deref());
    let note = note.map(|note| view! { <q class="resolution-note">{visible(note).into_owned()}</q> });
    let resolved = kind.resolved().map(|resolved| visible(&resolved).into_owned());
    let state = kind.state();
    is_shown.then(|| {
        view! {
            <p class="resolution">{state_tag(state)} " " {resolved} " " {note}</p>
            {may_say.then(|| view! { <ResolutionForm snapshot kind /> })}
        }
    })
}

/// The form. A note that was refused stands in it again, with what would be right.
#[component]
fn ResolutionForm<'a>(snapshot: &'a Snapshot, kind: &'a domain::failure::Kind) -> impl IntoView + use<> {
    let action = snapshot.query.href(&Page::Failure(kind.name.clone()));
    let attempt = snapshot.attempt.as_ref();
    let typed = attempt.and_then(|attempt| match &attempt.typed {
        Typed::Resolution(note) => {
            Some((note.clone(), attempt.problem("note").or(attempt.trouble.map(ToOwned::to_owned))))
        }
        Typed::Annotation(_) => None,
    });
    let is_refused = typed.is_some();
    let (note, problem) = typed.unwrap_or_default();
    let resolve = match kind.state() {
        ErrorState::Open => Some("Mark as resolved"),
        ErrorState::CameBack => Some("Mark as resolved again"),
        ErrorState::Resolved => None,
    };
    let fields = resolve.map(|words| {
        view! {
            <div class="field" class:field-wrong=is_refused>
                <label for="resolution-note">"Note, if any"</label>
                <input type="text" name="note" id="resolution-note" value=note maxlength=LONGEST_NOTE autocomplete="off" aria-describedby="resolution-note-problem" />
            </div>
            <button type="submit" class="button" name="does" value="resolve">{words}</button>
        }
    });
    let reopen = kind.resolution.is_some().then(|| {
        view! { <button type="submit" class="button" name="does" value="reopen">"Open it again"</button> }
    });
    view! {
        <form class="resolution-form" method="post" action=action data-refused=is_refused.then_some("")>
            {fields} {reopen}
            <p class="field-problem" id="resolution-note-problem" role="alert">{problem}</p>
        </form>
    }
}
