//! The overview: what runs, what fails, how long it takes, as of when.

use domain::overview::Overview;
use leptos::prelude::*;

use crate::{
    panels::{ChartPanel, Key, Note, SummaryPanel, TablePanel},
    snapshot::Snapshot,
};

/// What the colours and lines of the durations mean.
const DURATIONS_KEY: &[Key] = &[Key("p50", "p50"), Key("p95", "p95"), Key("p99", "p99 (all ±1%)")];

/// The panels of the page at `/`.
pub fn content(snapshot: &Snapshot, overview: &Overview) -> impl IntoView + use<> {
    let compares = snapshot.query.compare;
    let executions = Key::STATUS.iter().chain(compares.then_some(&Key("before", "time before")));
    let executions = executions.chain(&[Key("success-rate", "% succeeded"), Key("partial", "in part")]);
    let durations = DURATIONS_KEY.iter().chain(compares.then_some(&Key("before", "p95 before")));
    view! {
        <h1 class="visually-hidden">"Overview"</h1>
        {overview.note.clone().map(|note| view! { <Note note /> })}
        <SummaryPanel snapshot summary=&overview.summary />
        <div class="grid">
            <ChartPanel snapshot panel=&overview.executions key=executions.copied().collect() />
            <ChartPanel snapshot panel=&overview.durations key=durations.copied().collect() />
            <ChartPanel snapshot panel=&overview.action_types key=Key::STATUS.to_vec() />
            <TablePanel
                snapshot
                panel=&overview.triggers
                class="panel-wide"
                note="Over all recorded runs, whatever the time, type and status; worst health first."
            />
            <TablePanel snapshot panel=&overview.failures class="panel-full" />
        </div>
    }
}
