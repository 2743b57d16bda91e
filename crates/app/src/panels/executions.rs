//! Runs per hour by status.

use domain::{
    executions::{Executions, Hour},
    figure::Figure,
    format,
};
use leptos::prelude::*;

use crate::{browser::live, panels::chart_panel::ChartPanel};

/// The swatches of the style sheet and their words.
const KEY: &[(&str, &str)] = &[
    ("success", "success"),
    ("retrying", "retrying"),
    ("failed", "failed"),
    ("day-before", "the day before"),
    ("success-rate", "% succeeded"),
    ("partial", "hour not over"),
];

/// The columns of the table.
const COLUMNS: &[&str] = &["Hour (UTC)", "Success", "Retrying", "Failed", "Succeeded", "Day before"];

/// The panel of runs per hour; its children are the server's drawings.
#[island]
pub fn ExecutionsPanel(drawn: Executions, option: String, children: Children) -> impl IntoView {
    let executions = live::follow(drawn, |overview| &overview.executions);
    let sentence = Signal::derive(move || executions.read().sentence());
    let option = live::follow_option(Figure::Executions, option);
    view! {
        <ChartPanel
            figure=Figure::Executions
            class="panel-wide"
            title="Runs per hour"
            sentence
            key=KEY
            option
            columns=COLUMNS
            rows=move || executions.read().hours.iter().rev().map(row).collect_view()
        >
            {children()}
        </ChartPanel>
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
