//! The last 24 hours in numbers, each against the 24 before.

use domain::{
    format,
    summary::{Change, Meaning, Summary},
};
use leptos::prelude::*;

use crate::browser::live;

/// The numbers at the head of the overview.
#[island]
pub fn SummaryPanel(drawn: Summary) -> impl IntoView {
    let summary = live::follow(drawn, |overview| &overview.summary);
    view! {
        <section class="panel summary" id="summary" aria-labelledby="summary-title">
            <h2 id="summary-title">"Last 24 hours"</h2>
            <p class="sentence">
                {move || summary.read().sentence()} " Compared with the 24 hours before."
            </p>
            <dl class="figures">{move || figures(&summary.read())}</dl>
        </section>
    }
}

fn figures(summary: &Summary) -> impl IntoView + use<> {
    let current = summary.current;
    view! {
        <Figure name="Runs" value=format::count(current.counts.total()) change=summary.runs_change() />
        <Figure
            name="Succeeded"
            value=format::percent(current.counts.success_rate())
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
            aside=current.kinds_of_error.filter(|&kinds| kinds > 0).map(|kinds| format::counted(kinds, "kind of error", "kinds of error"))
        />
        <Figure
            name="Retries per run"
            value=format::decimal(current.retries_per_execution())
            change=summary.retries_change()
        />
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
