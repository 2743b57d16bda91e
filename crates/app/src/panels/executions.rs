//! Runs per hour by status.

use domain::{
    executions::{Executions, Hour},
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

/// The panel of runs per hour; its children are the server's drawings.
#[island]
pub fn ExecutionsPanel(drawn: Executions, option: String, children: Children) -> impl IntoView {
    let executions = live::follow(drawn, |overview| &overview.executions);
    let sentence = Signal::derive(move || executions.read().sentence());
    let option = live::follow_option(Figure::Executions, option);
    view! {
        <section class="panel panel-wide" id="executions">
            <PanelHead title="Runs per hour" sentence />
            <p class="keys">
                <Key swatch="success" word="success" />
                <Key swatch="retrying" word="retrying" />
                <Key swatch="failed" word="failed" />
                <Key swatch="day-before" word="the day before" />
                <Key swatch="success-rate" word="% succeeded" />
                <Key swatch="partial" word="hour not over" />
            </p>
            <Chart
                figure=Figure::Executions
                label=Signal::derive(move || format!("Runs per hour. {}", sentence.get()))
                option
            >
                {children()}
            </Chart>
            <Numbers>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Hour (UTC)"</th>
                            <th scope="col">"Success"</th>
                            <th scope="col">"Retrying"</th>
                            <th scope="col">"Failed"</th>
                            <th scope="col">"Succeeded"</th>
                            <th scope="col">"Day before"</th>
                        </tr>
                    </thead>
                    <tbody>{move || executions.read().hours.iter().rev().map(row).collect_view()}</tbody>
                </table>
            </Numbers>
        </section>
    }
}

fn row(hour: &Hour) -> impl IntoView + use<> {
    let counts = hour.counts;
    view! {
        <tr>
            <th scope="row">{format::day_hour(hour.start)} {hour.partial.then_some(" (not over)")}</th>
            <td>{format::count(counts.success)}</td>
            <td>{format::count(counts.retrying)}</td>
            <td>{format::count(counts.failed)}</td>
            <td>{format::percent(counts.success_rate())}</td>
            <td>{hour.day_before.map_or(format::MISSING.to_owned(), format::count)}</td>
        </tr>
    }
}
