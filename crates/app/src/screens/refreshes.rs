//! Refreshes: how they go, and what is to be done about them.

use chrono::{DateTime, Utc};
use domain::{
    format,
    freshness::ViewStatus,
    refreshes::{FailedRefresh, Refreshes, Rhythm, Running, Stage},
    zone::Zone,
};
use leptos::prelude::*;

use super::{Form, ago};
use crate::panels::Trend;

/// Rhythms that are offered, beside that of the settings.
const OFFERED: [Rhythm; 6] =
    [Rhythm::Live, Rhythm::Every(30), Rhythm::Every(60), Rhythm::Every(300), Rhythm::Every(900), Rhythm::Every(3600)];

/// Each view, what failed, and what makes a refresh due.
pub fn content(form: &Form, refreshes: &Refreshes, zone: Zone, now: DateTime<Utc>) -> impl IntoView {
    let failed = refreshes.failures.iter().map(|failed| failure(failed, zone)).collect_view();
    let has_failed = !refreshes.failures.is_empty();
    let running = refreshes.running.as_ref().map(|running| under_way(refreshes, running, now));
    let is_running = refreshes.running.is_some().then_some("1");
    view! {
        <section class="panel" id="views" data-runs=is_running>
            <h2>"Views"</h2>
            <p class="sentence">{refreshes.sentence(now)}</p>
            {form.outcome()}
            {running}
            <div class="scroll" tabindex="0">
                <table class="list">
                    <thead><tr><th>"View"</th><th>"As of"</th><th class="number">"Rows"</th><th class="number">"Size"</th><th class="number">"Took"</th><th class="number">"Usually"</th><th>"30 days: time, rows"</th><th>"Refresh"</th></tr></thead>
                    <tbody>{refreshes.views.iter().map(|view| row(refreshes, view, now)).collect_view()}</tbody>
                </table>
            </div>
            <form method="post" action="/admin/refresh" class="form-row">
                <button type="submit" name="does" value="refresh" class="button button-main">"Refresh all now"</button>
                <span class="note">"Runs: "<code>"refresh_action_analytics()"</code></span>
            </form>
        </section>
        {rhythm_form(refreshes)}
        {has_failed.then(|| view! {
            <section class="panel" id="failed">
                <h2>"What failed"</h2>
                <div class="scroll" tabindex="0">
                    <table class="list">
                        <thead><tr><th>"When"</th><th>"View"</th><th>"Asked by"</th><th>"What the database said"</th></tr></thead>
                        <tbody>{failed}</tbody>
                    </table>
                </div>
            </section>
        })}
    }
}

/// How far the refresh is that is under way. The page asks again every second until it is over.
fn under_way(refreshes: &Refreshes, running: &Running, now: DateTime<Utc>) -> impl IntoView + use<> {
    let names: Vec<String> = refreshes.views.iter().map(|view| view.view_name.clone()).collect();
    let stages = running.stages(&names);
    let fold = if stages.iter().all(|stage| *stage == Stage::Later) { Stage::Now } else { Stage::Done };
    let usual: f64 = names.iter().filter_map(|name| refreshes.usual_ms(name)).sum();
    let took = format::milliseconds(Some(as_float((now - running.began_at).num_milliseconds().max(0))));
    let step = |(name, stage): (String, Stage)| {
        let (mark, word) = match stage {
            Stage::Done => ("✓", "done"),
            Stage::Now => ("●", "now"),
            Stage::Waits => ("◆", "waits until somebody else is done with it"),
            Stage::Later => ("○", "later"),
        };
        view! { <li><span aria-hidden="true">{mark}</span> " " {name} " " <span class="note">{word}</span></li> }
    };
    let steps = std::iter::once(("what changed is counted".to_owned(), fold)).chain(names.into_iter().zip(stages));
    view! {
        <div class="under-way" role="status">
            <p>
                "A refresh by " {running.application_name.clone()} " (process " {running.pid.to_string()} ") is under way for " {took}
                ", usually " {format::milliseconds(Some(usual))} "."
            </p>
            <ol>{steps.map(step).collect_view()}</ol>
            <noscript><p class="note">"Load this page again to see how far it is."</p></noscript>
        </div>
    }
}

fn row(refreshes: &Refreshes, status: &ViewStatus, now: DateTime<Utc>) -> impl IntoView + use<> {
    let name = status.view_name.clone();
    let took = status.last_duration_ms.map(as_float);
    let is_long = refreshes.takes_long(status);
    let days: Vec<_> = refreshes.days_of(&name).collect();
    let times: Vec<i64> = days.iter().map(|day| whole(day.median_ms.unwrap_or_default())).collect();
    let rows: Vec<i64> = days.iter().map(|day| day.rows.unwrap_or_default()).collect();
    let problem = status.last_failure.as_ref().map(|failure| format!("▲ {}", failure.message));
    view! {
        <tr>
            <td><code>{name.clone()}</code>{problem.map(|problem| view! { <p class="field-problem">{problem}</p> })}</td>
            <td data-label="As of">{ago(status.last_refresh, now)}</td>
            <td data-label="Rows" class="number">{format::count(status.row_count)}</td>
            <td data-label="Size" class="number">{format::bytes(status.size_bytes)}</td>
            <td data-label="Took" class="number">{format::milliseconds(took)}{is_long.then_some(" ▲ long")}</td>
            <td data-label="Usually" class="number">{format::milliseconds(refreshes.usual_ms(&name))}</td>
            <td data-label="30 days: time, rows">{(days.len() > 1).then(|| view! { <Trend counts=&times /> " " <Trend counts=&rows /> })}</td>
            <td>
                <form method="post" action="/admin/refresh">
                    <input type="hidden" name="view" value=name.clone() />
                    <button type="submit" name="does" value="refresh-one" class="button" aria-label=format!("Refresh {name}")>"Refresh"</button>
                </form>
            </td>
        </tr>
    }
}

fn rhythm_form(refreshes: &Refreshes) -> impl IntoView + use<> {
    let is_paused = refreshes.rhythm().is_none();
    let chosen = refreshes.wish.as_ref().and_then(|wish| wish.rhythm);
    let usual = format!("as the server is set: {}", refreshes.usual.words());
    let option = |rhythm: Rhythm| {
        view! { <option value=rhythm.word() selected=chosen == Some(rhythm)>{rhythm.words()}</option> }
    };
    // One that the command line or another page set is offered too.
    let other = chosen.filter(|rhythm| !OFFERED.contains(rhythm)).map(option);
    let (does, label) = if is_paused { ("resume", "Go on refreshing") } else { ("pause", "Pause refreshes") };
    view! {
        <section class="panel narrow-panel" id="rhythm">
            <h2>"When a refresh is due"</h2>
            <form method="post" action="/admin/refresh" class="form">
                <div class="field">
                    <label for="rhythm-choice">"Rhythm"</label>
                    <select name="rhythm" id="rhythm-choice">
                        <option value="" selected=chosen.is_none()>{usual}</option>
                        {OFFERED.map(option).into_iter().collect_view()}
                        {other}
                    </select>
                </div>
                <div class="form-row">
                    <button type="submit" name="does" value="change" class="button">"Save"</button>
                    <button type="submit" name="does" value=does class="button">{label}</button>
                </div>
                <p class="note">"Pages stay exact while refreshes are paused: they read the live truth. Only the views grow old."</p>
            </form>
        </section>
    }
}

fn failure(failed: &FailedRefresh, zone: Zone) -> impl IntoView + use<> {
    view! {
        <tr>
            <td data-label="When">{zone.at(failed.at).format("%-d %b %H:%M:%S").to_string()}</td>
            <td data-label="View"><code>{failed.view_name.clone()}</code></td>
            <td data-label="Asked by">{failed.asked_by.clone()}</td>
            <td class="words">{failed.message.clone()}</td>
        </tr>
    }
}

#[allow(clippy::cast_precision_loss, reason = "times stay far below 2^52")]
fn as_float(number: i64) -> f64 {
    number as f64
}

#[allow(clippy::cast_possible_truncation, reason = "times stay far below 2^52")]
fn whole(number: f64) -> i64 {
    number.round() as i64
}
