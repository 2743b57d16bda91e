//! The newest failures.

use chrono::{DateTime, Utc};
use domain::{
    failures::{Failure, Failures},
    format,
};
use leptos::prelude::*;

use crate::{
    browser::live,
    panels::frame::{Ago, PanelHead},
};

/// The panel of the newest failures. `shown_at` is when the page was drawn.
#[island]
pub fn FailuresPanel(drawn: Failures, shown_at: DateTime<Utc>) -> impl IntoView {
    let failures = live::follow(drawn, |overview| &overview.failures);
    let now = live::clock(shown_at);
    let none = move || failures.read().rows.is_empty();
    view! {
        <section class="panel panel-full" id="failures">
            <PanelHead title="Newest failures" sentence=Signal::derive(move || failures.read().sentence()) />
            <div class="scroll" tabindex="0" role="region" aria-label="Failures" hidden=none>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Trigger"</th>
                            <th scope="col" class="text minor">"Type"</th>
                            <th scope="col" class="text">"Error"</th>
                            <th scope="col" class="minor">"Duration"</th>
                            <th scope="col" class="minor">"Retries"</th>
                            <th scope="col">"When"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {move || failures.read().rows.iter().map(|failure| row(failure, now)).collect_view()}
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn row(failure: &Failure, now: Memo<DateTime<Utc>>) -> impl IntoView + use<> {
    let trigger = failure.trigger_name.clone().or_else(|| failure.trigger_id.clone());
    let message = failure.error_message.clone();
    let title = message.clone();
    view! {
        <tr>
            <th scope="row">
                <span class="name">{trigger.unwrap_or_else(|| "deleted trigger".to_owned())}</span>
            </th>
            <td class="text minor">{failure.action_type.clone()}</td>
            <td class="text">
                <span class="error" title=title>
                    {message.unwrap_or_else(|| "no message".to_owned())}
                </span>
            </td>
            <td class="minor">{format::milliseconds(failure.duration_ms.map(f64::from))}</td>
            <td class="minor">{format::count(i64::from(failure.retry_count))}</td>
            <td><Ago at=Some(failure.executed_at) now /></td>
        </tr>
    }
}
