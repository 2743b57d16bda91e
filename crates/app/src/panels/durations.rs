//! How long runs take: percentiles per hour.

use domain::{
    durations::{Durations, Hour},
    figure::Figure,
    format,
};
use leptos::prelude::*;

use crate::{browser::live, panels::chart_panel::ChartPanel};

/// The swatches of the style sheet and their words.
const KEY: &[(&str, &str)] = &[("p50", "p50"), ("p95", "p95"), ("p99", "p99 (all ±1%)")];

/// The columns of the table.
const COLUMNS: &[&str] = &["Hour (UTC)", "p50", "p95", "p99"];

/// The panel of durations; its children are the server's drawings.
#[island]
pub fn DurationsPanel(drawn: Durations, option: String, children: Children) -> impl IntoView {
    let durations = live::follow(drawn, |overview| &overview.durations);
    let sentence = Signal::derive(move || durations.read().sentence());
    let option = live::follow_option(Figure::Durations, option);
    view! {
        <ChartPanel
            figure=Figure::Durations
            class="panel-side"
            title="Duration"
            sentence
            key=KEY
            option
            columns=COLUMNS
            rows=move || durations.read().hours.iter().rev().map(row).collect_view()
        >
            {children()}
        </ChartPanel>
    }
}

fn row(hour: &Hour) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row">{format::day_hour(hour.start)} {hour.partial.then_some(" (not over)")}</th>
            <td>{format::milliseconds(hour.p50_ms)}</td>
            <td>{format::milliseconds(hour.p95_ms)}</td>
            <td>{format::milliseconds(hour.p99_ms)}</td>
        </tr>
    }
}
