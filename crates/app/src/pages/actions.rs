//! The page of actions: when they run, how they end, how long they take.

use domain::{
    actions::{Actions, Executions, PeakHours, duration_classes::SHARES, executions::Group, peak_hours::per_hour},
    breakdown::Breakdown,
    page::Page,
    query::Query,
    status::Status,
};
use leptos::prelude::*;

use crate::{
    panels::{ChartPanel, Key, Note},
    snapshot::Snapshot,
};

/// What the lines of the success rate mean.
const SUCCESS_RATE_KEY: &[Key] = &[Key::of("rate", "% succeeded"), Key::of("warning", "95%: less needs a look")];

/// What the lines of the durations mean.
const DURATIONS_KEY: &[Key] = &[Key::of("p50", "p50"), Key::of("p95", "p95"), Key::of("p99", "p99 (all ±1%)")];

/// From little to much.
const HEAT: [&str; 5] = ["heat-1", "heat-2", "heat-3", "heat-4", "heat-5"];

/// The panels of the page at `/actions`.
pub fn content(snapshot: &Snapshot, actions: &Actions) -> impl IntoView + use<> {
    let compares = snapshot.query.compare;
    let before = |word| compares.then_some(Key::of("before", word));
    let with = |key: &[Key], word| key.iter().cloned().chain(before(word)).collect::<Vec<_>>();
    let mut types = vec![Key::of("runs", "% of runs")];
    types.extend(compares.then_some(Key::of("runs-before", "time before")));
    let query = snapshot.query.clone();
    view! {
        <h1 class="visually-hidden">"Actions"</h1>
        {actions.note.clone().map(|note| view! { <Note note /> })}
        <div class="grid">
            <ChartPanel snapshot panel=&actions.executions key=executions_key(&actions.executions, snapshot.query.status)>
                <Breakdowns query />
            </ChartPanel>
            <ChartPanel snapshot panel=&actions.types key=types />
            <ChartPanel
                snapshot
                panel=&actions.growth
                key=vec![Key::of("runs", "runs, and how many more than the week before"), Key::of("so-far", "so far")]
            />
            <ChartPanel snapshot panel=&actions.peak_hours key=peak_hours_key(&actions.peak_hours) />
            <ChartPanel snapshot panel=&actions.success_rate key=with(SUCCESS_RATE_KEY, "time before") />
            <ChartPanel snapshot panel=&actions.durations key=with(DURATIONS_KEY, "p95 before") />
            <ChartPanel snapshot panel=&actions.duration_classes key=classes_key() />
        </div>
    }
}

/// The layers of the bars, in their order.
fn executions_key(executions: &Executions, status: Option<Status>) -> Vec<Key> {
    let key = |(place, group): (usize, &Group)| group_key(group, place);
    let mut keys: Vec<_> = executions.groups.iter().enumerate().map(key).collect();
    keys.extend(executions.before.map(|_| Key::of("before", "time before")));
    keys.push(match executions.by {
        Breakdown::Status => Key::partial(status.unwrap_or(Status::Success)),
        Breakdown::Type => Key::PARTIAL_LAYER,
    });
    keys
}

fn group_key(group: &Group, place: usize) -> Key {
    let word = group.name().into_owned().into();
    match group {
        Group::Status(status) => Key(status.word(), word),
        Group::Type(_) => Key::layer(place, word),
        Group::OtherTypes(_) => Key::others(word),
    }
}

/// The colours of the duration classes, each with the largest share that it stands for.
fn classes_key() -> Vec<Key> {
    let key = |(swatch, most): (&'static str, f64)| Key(swatch, format!("up to {most}%").into());
    let mut keys: Vec<_> = HEAT.into_iter().zip(SHARES).map(key).collect();
    keys.push(Key::of("none", "of the runs of a type at the time (±1%)"));
    keys
}

/// The colours of the hours, each with the most runs that it stands for.
fn peak_hours_key(peak_hours: &PeakHours) -> Vec<Key> {
    if peak_hours.week.busiest().is_none() {
        return Vec::new();
    }
    let key = |(swatch, most): (&'static str, f64)| Key(swatch, format!("up to {}", per_hour(most)).into());
    HEAT.into_iter().zip(peak_hours.week.levels()).map(key).collect()
}

/// What bars may be stacked from, as links.
#[component]
fn Breakdowns(query: Query) -> impl IntoView {
    let link = |by: Breakdown| {
        let current = (query.by == by).then_some("true");
        let address = query.with_breakdown(by).href(&Page::Actions);
        view! { <a class="breakdown" href=address aria-current=current>"by " {by.word()}</a> }
    };
    view! { <nav class="breakdowns" aria-label="Runs by">{Breakdown::ALL.map(link).into_iter().collect_view()}</nav> }
}
