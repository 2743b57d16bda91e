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
    // Where there is nothing to compare with, the sentence says it once for all numbers.
    let compared = |change: Change| summary.compares().then_some(change);
    let kinds = current.kinds_of_error.filter(|&kinds| kinds > 0);
    view! {
        <section class="panel summary" id=Summary::NAME aria-labelledby="summary-title">
            <Exports snapshot panel=summary />
            <h2 id="summary-title">{summary.title()}</h2>
            <p class="sentence">{summary.sentence()} " " {summary.comparison()}</p>
            <dl class="figures">
                <Figure name="Runs" value=format::count(current.counts.total()) change=compared(summary.runs_change()) />
                <Figure
                    name="Succeeded"
                    value=format::percent(summary.success_rate(&current))
                    change=compared(summary.success_rate_change())
                />
                <Figure
                    name="p95 duration (±1%)"
                    value=format::milliseconds(current.p95_duration_ms)
                    change=compared(summary.p95_change())
                />
                <Figure
                    name="Failures"
                    value=format::count(current.counts.failed)
                    change=compared(summary.failures_change())
                    aside=kinds.map(|kinds| format::counted(kinds, "kind of error", "kinds of error"))
                />
                <Figure
                    name="Retries per run"
                    value=format::decimal(current.retries_per_execution())
                    change=compared(summary.retries_change())
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
    /// How it compares, where there is something to compare it with.
    change: Option<Change>,
    /// What else to say about it.
    #[prop(optional_no_strip)]
    aside: Option<String>,
) -> impl IntoView {
    let meaning = match change.as_ref().map(|change| change.meaning) {
        Some(Meaning::Good) => "change good",
        Some(Meaning::Bad) => "change bad",
        Some(Meaning::Neutral) | None => "change",
    };
    let between = if change.is_some() { ", " } else { "" };
    let aside = aside.map(|aside| view! { <span class="aside">{between} {aside}</span> });
    let is_said = change.is_some() || aside.is_some();
    view! {
        <div class="figure">
            <dt>{name}</dt>
            <dd class="value">{value}</dd>
            {is_said.then(|| view! { <dd class=meaning>{change.map(|change| change.words)} {aside}</dd> })}
        </div>
    }
}
