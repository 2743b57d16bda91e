//! The triggers that need a look.

use chrono::{DateTime, Utc};
use domain::{
    format,
    triggers::{Health, Trigger, Triggers},
};
use leptos::prelude::*;

use crate::{
    browser::live,
    panels::frame::{Ago, PanelHead},
};

/// The panel of triggers in worst health. `shown_at` is when the page was drawn.
#[island]
pub fn TriggersPanel(drawn: Triggers, shown_at: DateTime<Utc>) -> impl IntoView {
    let triggers = live::follow(drawn, |overview| &overview.triggers);
    let now = live::clock(shown_at);
    view! {
        <section class="panel panel-wide" id="triggers">
            <PanelHead
                title="Triggers that need a look"
                sentence=Signal::derive(move || triggers.read().sentence())
            />
            <div class="scroll" tabindex="0" role="region" aria-label="Triggers">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Trigger"</th>
                            <th scope="col" class="text">"Health"</th>
                            <th scope="col">"Succeeded"</th>
                            <th scope="col" class="minor">"p95"</th>
                            <th scope="col" class="minor">"Runs"</th>
                            <th scope="col">"Last run"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {move || triggers.read().rows.iter().map(|trigger| row(trigger, now)).collect_view()}
                    </tbody>
                </table>
            </div>
            <p class="note">"Over all recorded runs, worst health first."</p>
        </section>
    }
}

fn row(trigger: &Trigger, now: Memo<DateTime<Utc>>) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row">
                <span class="name" title=trigger.trigger_id.clone()>{trigger.trigger_name.clone()}</span>
            </th>
            <td class="text"><HealthTag health=trigger.health /></td>
            <td>{format::percent(trigger.counts.success_rate())}</td>
            <td class="minor">{format::milliseconds(trigger.p95_duration_ms)}</td>
            <td class="minor">{format::count(trigger.counts.total())}</td>
            <td><Ago at=trigger.last_execution_at now /></td>
        </tr>
    }
}

/// A verdict as shape, word and colour.
#[component]
fn HealthTag(health: Health) -> impl IntoView {
    view! {
        <span class=format!("tag tag-{}", health.word())>
            <span aria-hidden="true">{health.mark()}</span>
            {health.word()}
        </span>
    }
}
