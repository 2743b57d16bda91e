//! The time that a page is about in numbers, each against the time before.

use domain::{
    format,
    panel::Panel,
    summary::{Change, Meaning, Summary},
};
use leptos::prelude::*;

use crate::{panels::head::Exports, snapshot::Snapshot};

/// The numbers at the head of a page.
#[component]
pub fn SummaryPanel<'a>(snapshot: &'a Snapshot, summary: &'a Summary) -> impl IntoView + use<> {
    let current = summary.current;
    let kinds = current.kinds_of_error.filter(|&kinds| kinds > 0);
    view! {
        <section class="panel summary" id=Summary::NAME aria-labelledby="summary-title">
            <Exports snapshot panel=summary />
            <h2 id="summary-title">{summary.title()}</h2>
            <p class="sentence">{summary.sentence()} " Compared with " {summary.span.before()} "."</p>
            <dl class="figures">
                <Figure name="Runs" value=format::count(current.counts.total()) change=summary.runs_change() />
                <Figure
                    name="Succeeded"
                    value=format::percent(summary.success_rate(&current))
                    change=summary.success_rate_change()
                />
                <Figure
                    name="p95 duration (±1%)"
                    value=format::milliseconds(current.p95_duration_ms)
                    change=summary.p95_change()
                />
                <Figure
                    name="Failures"
                    value=format::count(current.counts.failed)
                    change=summary.failures_change()
                    aside=kinds.map(|kinds| format::counted(kinds, "kind of error", "kinds of error"))
                />
                <Figure
                    name="Retries per run"
                    value=format::decimal(current.retries_per_execution())
                    change=summary.retries_change()
                />
            </dl>
        </section>
    }
}

/// One number with its comparison.
#[component]
fn Figure(
    name: &'static str,
    value: String,
    change: Change,
    #[prop(optional_no_strip)] aside: Option<String>,
) -> impl IntoView {
    let meaning = match change.meaning {
        Meaning::Good => "change good",
        Meaning::Bad => "change bad",
        Meaning::Neutral => "change",
    };
    view! {
        <div class="figure">
            <dt>{name}</dt>
            <dd class="value">{value}</dd>
            <dd class=meaning>
                {change.words} {aside.map(|aside| view! { <span class="aside">", " {aside}</span> })}
            </dd>
        </div>
    }
}
