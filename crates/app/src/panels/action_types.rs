//! How runs spread over action types.

use domain::{
    action_types::{ActionType, ActionTypes},
    figure::Figure,
    format,
};
use leptos::prelude::*;

use crate::{browser::live, panels::chart_panel::ChartPanel};

/// The swatches of the style sheet and their words.
const KEY: &[(&str, &str)] = &[("success", "success"), ("retrying", "retrying"), ("failed", "failed")];

/// The columns of the table.
const COLUMNS: &[&str] = &["Type", "Runs", "Share", "Succeeded", "Failed", "Mean duration"];

/// The panel of action types; its children are the server's drawings.
#[island]
pub fn ActionTypesPanel(drawn: ActionTypes, option: String, children: Children) -> impl IntoView {
    let action_types = live::follow(drawn, |overview| &overview.action_types);
    let sentence = Signal::derive(move || action_types.read().sentence());
    let option = live::follow_option(Figure::ActionTypes, option);
    view! {
        <ChartPanel
            figure=Figure::ActionTypes
            class="panel-side"
            title="Action types, 30 days"
            sentence
            key=KEY
            option
            columns=COLUMNS
            rows=move || action_types.read().rows.iter().map(row).collect_view()
        >
            {children()}
        </ChartPanel>
    }
}

fn row(row: &ActionType) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row">{row.action_type.clone()}</th>
            <td>{format::count(row.counts.total())}</td>
            <td>{format::percent(Some(row.percentage))}</td>
            <td>{format::percent(row.counts.success_rate())}</td>
            <td>{format::count(row.counts.failed)}</td>
            <td>{format::milliseconds(row.avg_duration_ms)}</td>
        </tr>
    }
}
