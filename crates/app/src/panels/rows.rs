//! Executions one by one: each with what it reported and was answered, long texts folded.

use domain::{
    failures::{Excerpt, Rows, Run},
    format,
    page::Page,
    panel::Panel,
    status::Status,
    visible::visible,
};
use leptos::prelude::*;

use crate::{
    panels::{Exports, Head, json::JsonView, table::ago},
    snapshot::Snapshot,
};

/// Characters of a message that need no unfolding, and its lines.
const SHORT: (usize, usize) = (400, 6);

/// A page of executions, with the way to the next one.
#[component]
pub fn RowsPanel<'a>(snapshot: &'a Snapshot, rows: &'a Rows, page: Page) -> impl IntoView + use<> {
    let query = &snapshot.query;
    let next = rows.next.clone().map(|after| {
        let words = if rows.rows.is_empty() { "Look further back" } else { "Older ones" };
        let address = format!("{}#{}", query.with_after(after).href(&page), Rows::NAME);
        view! { <a class="button" rel="next" href=address>{words}</a> }
    });
    let first = (!rows.is_first).then(|| {
        let address = format!("{}#{}", query.first_page().href(&page), Rows::NAME);
        view! { <a class="button" href=address>"The newest"</a> }
    });
    let searched = query
        .text
        .as_ref()
        .map(|_| "Searched are ids, the first 10,000 characters of each message, and responses of up to 64 kB.");
    view! {
        <section class="panel panel-full" id=Rows::NAME>
            <Exports snapshot panel=rows />
            <Head title=rows.title() sentence=rows.sentence() />
            {[rows.scope.note(), searched.map(ToOwned::to_owned)].into_iter().flatten().map(|note| view! { <p class="note">{note}</p> }).collect_view()}
            <ol class="runs">{rows.rows.iter().map(|run| view! { <RunView snapshot run /> }).collect_view()}</ol>
            <p class="pager">{first} {next}</p>
        </section>
    }
}

/// One execution.
#[component]
fn RunView<'a>(snapshot: &'a Snapshot, run: &'a Run) -> impl IntoView + use<> {
    let trigger = run.trigger_id.clone().map_or_else(
        || view! { <span class="run-trigger">{run.trigger().to_owned()}</span> }.into_any(),
        |id| {
            let address = snapshot.query.with_trigger(None).with_text(None).href(&Page::Trigger(id));
            view! { <a class="run-trigger" href=address>{visible(run.trigger()).into_owned()}</a> }.into_any()
        },
    );
    let whole = format::moment(&snapshot.query.zone.at(run.executed_at));
    view! {
        <li class="run" id=run.anchor()>
            <p class="run-head">
                <Ended status=run.status.clone() />
                {ago(run.executed_at, &whole, snapshot.freshness.server_time)}
                <span class="run-when">{whole}</span>
                {trigger}
                <span>{visible(&run.action_type).into_owned()}</span>
                {run.duration_ms.map(|ms| view! { <span>{format::milliseconds(Some(f64::from(ms)))}</span> })}
                {(run.retry_count > 0).then(|| view! { <span>{format::counted(i64::from(run.retry_count), "retry", "retries")}</span> })}
                <span class="run-ids">
                    "id " <code>{visible(&run.id).into_owned()}</code> " · job " <code>{visible(&run.job_id).into_owned()}</code>
                    {run.event_id.as_ref().map(|event| view! { " · event " <code>{visible(event).into_owned()}</code> })}
                </span>
            </p>
            <Message run />
            <Response run />
        </li>
    }
}

/// How it ended: a shape, a word and a colour.
#[component]
fn Ended(status: String) -> impl IntoView {
    let mark = match Status::from_word(&status) {
        Some(Status::Success) => "●",
        Some(Status::Retrying) => "◆",
        Some(Status::Failed) => "▲",
        None => "○",
    };
    let class = format!("ended ended-{}", Status::from_word(&status).map_or("other", Status::word));
    view! { <span class=class><span aria-hidden="true">{mark}</span> {visible(&status).into_owned()}</span> }
}

#[component]
fn Message<'a>(run: &'a Run) -> impl IntoView + use<> {
    let Some(message) = &run.message else {
        return (run.status == Status::Failed.word())
            .then(|| view! { <p class="run-message none">"no message"</p> }.into_any());
    };
    let text = visible(&message.text).into_owned();
    let (characters, lines) = SHORT;
    if message.is_whole && text.chars().count() <= characters && text.lines().count() <= lines {
        return Some(view! { <pre class="run-message">{text}</pre> }.into_any());
    }
    let short = format::shortened(&text);
    Some(view! {
        <details class="run-fold">
            <summary><span class="run-short">{short}</span> " " <span class="size">{format::bytes(message.bytes)}</span></summary>
            <pre class="run-message" tabindex="0">{text}</pre>
        </details>
        <Whole run part="message" excerpt=message />
    }
    .into_any())
}

#[component]
fn Response<'a>(run: &'a Run) -> impl IntoView + use<> {
    let response = run.response.as_ref()?;
    let unfolded = (!response.text.is_empty()).then(|| {
        view! {
            <details class="run-fold">
                <summary>"Response " <span class="size">{format::bytes(response.bytes)}</span></summary>
                <JsonView text=&response.text />
            </details>
        }
    });
    Some(view! { {unfolded} <Whole run part="response" excerpt=response /> })
}

/// The way to a text that is too long for the page.
#[component]
fn Whole<'a>(run: &'a Run, part: &'static str, excerpt: &'a Excerpt) -> impl IntoView + use<> {
    (!excerpt.is_whole).then(|| {
        let address = domain::failures::rows::whole(&run.id, part);
        let words = format!("The whole {part}, {}", format::bytes(excerpt.bytes));
        view! { <p class="run-whole"><a href=address>{words}</a></p> }
    })
}
