//! The overview: what runs, what fails, how long it takes, as of when.

use domain::{overview::Overview, status::Status};
use leptos::prelude::*;

use crate::{
    panels::{ChartPanel, Key, Note, SummaryPanel, TablePanel},
    snapshot::Snapshot,
};

/// What the colours and lines of the durations mean.
const DURATIONS_KEY: &[Key] = &[Key::of("p50", "p50"), Key::of("p95", "p95"), Key::of("p99", "p99 (all ±1%)")];

/// The panels of the page at `/`.
pub fn content(snapshot: &Snapshot, overview: &Overview) -> impl IntoView + use<> {
    let compares = snapshot.query.compare;
    let before = |word| compares.then_some(Key::of("before", word));
    let mut executions: Vec<_> = Key::STATUS.iter().cloned().chain(before("time before")).collect();
    executions.extend([
        Key::of("success-rate", "% succeeded"),
        Key::partial(snapshot.query.status.unwrap_or(Status::Success)),
    ]);
    let durations = DURATIONS_KEY.iter().cloned().chain(before("p95 before")).collect();
    view! {
        <h1 class="visually-hidden">"Overview"</h1>
        {overview.note.clone().map(|note| view! { <Note note /> })}
        <SummaryPanel snapshot summary=&overview.summary />
        <div class="grid">
            <ChartPanel snapshot panel=&overview.executions key=executions />
            <ChartPanel snapshot panel=&overview.durations key=durations />
            <ChartPanel snapshot panel=&overview.action_types key=Key::STATUS.to_vec() />
            <TablePanel
                snapshot
                panel=&overview.triggers
                class="panel-wide"
                note="Over all recorded runs, whatever the time, type and status; worst health first, as of the last refresh, with live numbers."
            />
            <TablePanel snapshot panel=&overview.failures class="panel-full" />
        </div>
    }
}
