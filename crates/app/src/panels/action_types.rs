//! How runs spread over action types.

use domain::{
    action_types::{ActionType, ActionTypes},
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

/// The panel of action types; its children are the server's drawings.
#[island]
pub fn ActionTypesPanel(drawn: ActionTypes, option: String, children: Children) -> impl IntoView {
    let action_types = live::follow(drawn, |overview| &overview.action_types);
    let sentence = Signal::derive(move || action_types.read().sentence());
    let option = live::follow_option(Figure::ActionTypes, option);
    view! {
        <section class="panel panel-side" id="action-types">
            <PanelHead title="Action types, 30 days" sentence />
            <p class="keys">
                <Key swatch="success" word="success" />
                <Key swatch="retrying" word="retrying" />
                <Key swatch="failed" word="failed" />
            </p>
            <Chart
                figure=Figure::ActionTypes
                label=Signal::derive(move || format!("Runs by action type in 30 days. {}", sentence.get()))
                option
            >
                {children()}
            </Chart>
            <Numbers>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Type"</th>
                            <th scope="col">"Runs"</th>
                            <th scope="col">"Share"</th>
                            <th scope="col">"Succeeded"</th>
                            <th scope="col">"Failed"</th>
                            <th scope="col">"Mean duration"</th>
                        </tr>
                    </thead>
                    <tbody>{move || action_types.read().rows.iter().map(row).collect_view()}</tbody>
                </table>
            </Numbers>
        </section>
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
