//! What panels are put together from, drawn on the server: any panel of `domain` fits.

mod chart;
mod head;
mod json;
mod numbers;
mod rows;
mod summary;
mod table;
mod trend;

use std::borrow::Cow;

use domain::{panel::Panel, status::Status};
use leptos::prelude::*;

use crate::snapshot::Snapshot;
use chart::Chart;
pub use head::{Exports, Head, Note};
use numbers::Numbers;
pub use rows::RowsPanel;
pub use summary::SummaryPanel;
pub use table::{TableView, ago, state_tag, tag};
pub use trend::Trend;

/// One entry of a chart's key: a swatch of the style sheet, and its word.
#[derive(Debug, Clone)]
pub struct Key(pub &'static str, pub Cow<'static, str>);

impl Key {
    /// How executions end.
    pub const STATUS: &'static [Self] =
        &[Self::of("success", "success"), Self::of("retrying", "retrying"), Self::of("failed", "failed")];

    /// An entry that is always the same.
    #[must_use]
    pub const fn of(swatch: &'static str, word: &'static str) -> Self {
        Self(swatch, Cow::Borrowed(word))
    }

    /// A layer of a stack that is neither good nor bad, by its place from below.
    #[must_use]
    pub fn layer(place: usize, word: Cow<'static, str>) -> Self {
        let swatches = ["type-1", "type-2", "type-3", "type-4", "type-5", "type-6"];
        match swatches.get(place) {
            Some(swatch) => Self(swatch, word),
            None => Self::others(word),
        }
    }

    /// The layer of all that have none of their own.
    #[must_use]
    pub const fn others(word: Cow<'static, str>) -> Self {
        Self("type-other", word)
    }

    /// The paler bar of an hour or a day that is there only in part, where layers are neither good nor bad.
    pub const PARTIAL_LAYER: Self = Self::of("partial-layer", "in part");

    /// The paler bar of an hour or a day that is there only in part, in the colour of how executions ended.
    #[must_use]
    pub const fn partial(outcome: Status) -> Self {
        match outcome {
            Status::Success => Self::of("partial", "in part"),
            Status::Retrying => Self::of("partial-retrying", "in part"),
            Status::Failed => Self::of("partial-failed", "in part"),
        }
    }
}

/// A panel around a chart: its title and sentence, the key of its colours, the chart, and its numbers folded away.
#[component]
pub fn ChartPanel<'a, P>(
    snapshot: &'a Snapshot,
    panel: &'a P,
    key: Vec<Key>,
    /// What can be chosen for the chart.
    #[prop(optional)]
    children: Option<Children>,
    /// What to know about the numbers.
    #[prop(optional, into)]
    note: Option<String>,
) -> impl IntoView + use<P>
where
    P: Panel,
{
    let chart = snapshot.view.as_ref().and_then(|view| view.charts.get(P::NAME));
    let class = chart.map_or("panel-full", |chart| chart.size.class());
    let label = format!("{}. {}", panel.title(), panel.sentence());
    let table = panel.table(&snapshot.query);
    let swatch = |Key(swatch, word): Key| {
        view! {
            <span class="key">
                <i class=format!("swatch swatch-{swatch}") aria-hidden="true"></i>
                {word}
            </span>
        }
    };
    view! {
        <section class=format!("panel {class}") id=P::NAME>
            <Exports snapshot panel />
            <Head title=panel.title() sentence=panel.sentence() />
            {children.map(|children| children())}
            {chart.map(|chart| view! {
                <p class="keys">{key.into_iter().map(swatch).collect_view()}</p>
                <Chart name=P::NAME label chart />
            })}
            {note.map(|note| view! { <p class="note">{note}</p> })}
            <Numbers name=P::NAME table=&table snapshot />
        </section>
    }
}

/// A panel around a table.
#[component]
pub fn TablePanel<'a, P>(
    snapshot: &'a Snapshot,
    panel: &'a P,
    class: &'static str,
    /// What to know about the numbers.
    #[prop(optional)]
    note: Option<&'static str>,
    /// Up to where was looked, where that was not all.
    #[prop(optional_no_strip)]
    limit: Option<String>,
) -> impl IntoView + use<P>
where
    P: Panel,
{
    let table = panel.table(&snapshot.query);
    let label = panel.title().into_owned();
    view! {
        <section class=format!("panel {class}") id=P::NAME>
            <Exports snapshot panel />
            <Head title=panel.title() sentence=panel.sentence() />
            {(!table.rows.is_empty()).then(|| view! { <TableView table=&table label snapshot /> })}
            {note.map(|note| view! { <p class="note">{note}</p> })}
            {limit.map(|limit| view! { <p class="note">{limit}</p> })}
        </section>
    }
}
