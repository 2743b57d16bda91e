//! One trigger: how it is and why, all it ever ran, and what it ran in the time that the page is about.

use domain::{
    format,
    page::Page,
    panel::Panel,
    status::Status,
    trigger::{Panels, Profile, Trigger},
    visible::visible,
};
use leptos::prelude::*;

use crate::{
    panels::{ChartPanel, Head, Key, Note, SummaryPanel, TablePanel, ago, tag},
    snapshot::Snapshot,
};

/// The panels of the page at `/triggers/{id}`.
pub fn content(snapshot: &Snapshot, trigger: &Trigger) -> AnyView {
    match &trigger.panels {
        Some(panels) => known(snapshot, panels).into_any(),
        None => unknown(snapshot, &trigger.id).into_any(),
    }
}

fn known(snapshot: &Snapshot, panels: &Panels) -> impl IntoView + use<> {
    let compares = snapshot.query.compare;
    let before = |word| compares.then_some(Key::of("before", word));
    let executions = Key::STATUS.iter().cloned().chain(before("time before"));
    let executions = executions.chain([
        Key::of("success-rate", "% succeeded"),
        Key::partial(snapshot.query.status.unwrap_or(Status::Success)),
    ]);
    let durations = [Key::of("p50", "p50"), Key::of("p95", "p95"), Key::of("p99", "p99 (all ±1%)")];
    let retries = [Key::of("retrying", "retries"), Key::of("success-rate", "per run")];
    let of_trigger = snapshot.query.with_organization(None).with_trigger(Some(&panels.profile.id));
    let failures = of_trigger.with_status(Some(Status::Failed)).href(&Page::Failures);
    view! {
        <Title snapshot profile=&panels.profile />
        {panels.note.clone().map(|note| view! { <Note note /> })}
        <ProfilePanel snapshot profile=&panels.profile />
        <div class="below"><SummaryPanel snapshot summary=&panels.summary /></div>
        <div class="grid">
            <ChartPanel snapshot panel=&panels.executions key=executions.collect() />
            <ChartPanel
                snapshot
                panel=&panels.recent
                key=durations.into_iter().chain(before("p95 before")).collect()
                note=panels.recent.note()
            />
            <ChartPanel snapshot panel=&panels.retries key=retries.into_iter().chain(before("time before")).collect() />
            <ChartPanel
                snapshot
                panel=&panels.spread
                key=Vec::new()
                note="All recorded runs, whatever the time, type and status."
            />
            <TablePanel snapshot panel=&panels.failures class="panel-full" />
        </div>
        <p class="page-note"><a href=failures>"All failures of this trigger in this time"</a></p>
    }
}

/// Which trigger it is, and the way back.
#[component]
fn Title<'a>(snapshot: &'a Snapshot, profile: &'a Profile) -> impl IntoView + use<> {
    let organization = profile.entry.as_ref().and_then(|entry| entry.organization.clone()).map(|id| {
        let address = snapshot.query.with_organization(Some(&id)).href(&Page::Triggers);
        let name = profile.organization_name.clone().unwrap_or(id);
        view! { <span>"organization " <a href=address>{visible(&name).into_owned()}</a></span> }
    });
    view! {
        <header class="page-head">
            <a class="back" href=snapshot.query.href(&Page::Triggers)>"All triggers"</a>
            <h1>{profile.name().to_owned()}</h1>
            <p class="meta">
                {tag(profile.verdict.health)} <span>{profile.state()}</span> <code>{profile.id.clone()}</code> {organization}
            </p>
        </header>
    }
}

/// All it ever ran, and why it is as it is.
#[component]
fn ProfilePanel<'a>(snapshot: &'a Snapshot, profile: &'a Profile) -> impl IntoView + use<> {
    let totals = &profile.totals;
    let reasons = profile.verdict.reasons.clone();
    let moment = |moment: Option<chrono::DateTime<chrono::Utc>>| match moment {
        Some(moment) => {
            let whole = format::moment(&snapshot.query.zone.at(moment));
            ago(moment, &whole, snapshot.freshness.server_time)
        }
        None => format::MISSING.into_any(),
    };
    let (first, last) = (moment(totals.first_execution_at), moment(totals.last_execution_at));
    let (runs, succeeded) = (format::count(totals.counts.total()), format::percent(totals.counts.success_rate()));
    let (p95, retries) = (format::milliseconds(totals.p95_ms), format::decimal(totals.retries_per_run()));
    view! {
        <section class="panel summary" id=Profile::NAME>
            <Head title=profile.title() sentence=profile.sentence() />
            {(!reasons.is_empty()).then(|| view! {
                <ul class="reasons">{reasons.into_iter().map(|reason| view! { <li>{reason}"."</li> }).collect_view()}</ul>
            })}
            <dl class="figures figures-six">
                <Figure name="Runs">{runs}</Figure>
                <Figure name="Succeeded">{succeeded}</Figure>
                <Figure name="p95 duration (±1%)">{p95}</Figure>
                <Figure name="Retries per run">{retries}</Figure>
                <Figure name="First run">{first}</Figure>
                <Figure name="Last run">{last}</Figure>
            </dl>
        </section>
    }
}

#[component]
fn Figure(name: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="figure">
            <dt>{name}</dt>
            <dd class="value">{children()}</dd>
        </div>
    }
}

/// Says that there is none, and where to look.
fn unknown(snapshot: &Snapshot, id: &str) -> impl IntoView + use<> {
    let plain = snapshot.query.without_filters();
    let search = plain.with_text(Some(id)).href(&Page::Triggers);
    let id = id.to_owned();
    view! {
        <section class="notice">
            <h1>"There is no trigger “" {id} "”"</h1>
            <p>"No trigger with this id is listed, and nothing ever ran under it. It may be mistyped, or deleted since."</p>
            <p>
                <a href=search>"Look for it by its name"</a>", or "
                <a href=plain.href(&Page::Triggers)>"go through all triggers"</a>"."
            </p>
        </section>
    }
}
