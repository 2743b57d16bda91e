//! How long runs take: percentiles per hour.

use domain::{
    durations::{Durations, Hour},
    figure::Figure,
    format,
};
use leptos::prelude::*;

use crate::{
    browser::live,
    panels::{
        chart::Chart,
        frame::{Key, Numbers, PanelHead},
    },
};

/// The panel of durations; its children are the server's drawings.
#[island]
pub fn DurationsPanel(drawn: Durations, option: String, children: Children) -> impl IntoView {
    let durations = live::follow(drawn, |overview| &overview.durations);
    let sentence = Signal::derive(move || durations.read().sentence());
    let option = live::follow_option(Figure::Durations, option);
    view! {
        <section class="panel panel-side" id="durations">
            <PanelHead title="Duration" sentence />
            <p class="keys">
                <Key swatch="p50" word="p50" />
                <Key swatch="p95" word="p95" />
                <Key swatch="p99" word="p99 (all ±1%)" />
            </p>
            <Chart
                figure=Figure::Durations
                label=Signal::derive(move || format!("Duration per hour. {}", sentence.get()))
                option
            >
                {children()}
            </Chart>
            <Numbers>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Hour (UTC)"</th>
                            <th scope="col">"p50"</th>
                            <th scope="col">"p95"</th>
                            <th scope="col">"p99"</th>
                        </tr>
                    </thead>
                    <tbody>{move || durations.read().hours.iter().rev().map(row).collect_view()}</tbody>
                </table>
            </Numbers>
        </section>
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
