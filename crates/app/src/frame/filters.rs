//! The filter bar: a plain form whose fields are the address, and what of the address makes no sense.

use std::sync::Arc;

use domain::{
    breakdown::Breakdown,
    choices::Choice as Offer,
    page::Page,
    query::{ORDER_PARAMETERS, Query},
    range::{Edge, Range},
    status::Status,
    visible::visible,
    zone::COMMON,
};
use leptos::prelude::*;

use crate::snapshot::Snapshot;

/// How a day is written.
const DAY: &str = "yyyy-mm-dd";

/// The filter bar. It works without scripts; with them a change submits by itself.
#[component]
pub fn Filters(snapshot: Arc<Snapshot>) -> impl IntoView {
    let Snapshot { query, choices, .. } = &*snapshot;
    let page = snapshot.page.clone().unwrap_or(Page::Overview);
    let status = Status::ALL.map(|status| Offer::of(status.word()));
    // Chosen on the page itself; a change of a filter keeps it.
    let by = (query.by != Breakdown::default()).then_some(query.by);
    let has_organizations =
        !matches!(page, Page::Trigger(_)) && (!choices.organizations.is_empty() || query.organization.is_some());
    view! {
        <form class="filters" id="filters" method="get" action=page.path() aria-label="Filters" autocomplete="off">
            <Ranges query page=&page />
            <Choice name="type" title="Type" choices=&choices.action_types chosen=query.action_type.as_deref() />
            <Choice name="status" title="Status" choices=&status chosen=query.status.map(Status::word) />
            {(!matches!(page, Page::Trigger(_))).then(|| view! { <Search query page=&page /> })}
            {has_organizations.then(|| view! {
                <Choice name="org" title="Organization" choices=&choices.organizations chosen=query.organization.as_deref() />
            })}
            {page.searched().map(|placeholder| view! {
                <label class="filter" class:filter-on=query.text.is_some()>
                    <span>"Search"</span>
                    <input type="search" name="q" value=query.text.clone() placeholder=placeholder data-search="" autocomplete="off" />
                </label>
            })}
            <label class="filter filter-check" class:filter-on=query.compare>
                <input type="checkbox" name="compare" value="1" checked=query.compare />
                <span>"Compare"</span>
            </label>
            <Zones query />
            {by.map(|by| view! { <input type="hidden" name="by" value=by.word() /> })}
            <button type="submit" class="button apply">"Apply"</button>
            {query.is_filtered().then(|| view! { <a class="clear" href=query.without_filters().href(&page)>"Clear filters"</a> })}
        </form>
    }
}

/// Which trigger: by its id, or, where all are listed, by a part of its name. The order of a list stays.
#[component]
fn Search<'a>(query: &'a Query, page: &'a Page) -> impl IntoView + use<> {
    let (name, title, hint, value) = match page {
        Page::Triggers => ("q", "Name", "or an id", query.text.clone()),
        _ => ("trigger", "Trigger", "any id", query.trigger.clone()),
    };
    let order = query.parameters_on(page).into_iter().filter(|(name, _)| ORDER_PARAMETERS.contains(name));
    let hidden = |(name, value)| view! { <input type="hidden" name=name value=value /> };
    view! {
        <label class="filter" class:filter-on=value.is_some()>
            <span>{title}</span>
            <input type="text" name=name value=value.clone() placeholder=hint data-search="" />
        </label>
        {order.map(hidden).collect_view()}
    }
}

/// The time: links to what ends now, and a form for what does not.
#[component]
fn Ranges<'a>(query: &'a Query, page: &'a Page) -> impl IntoView + use<> {
    let preset = |range: Range| {
        let current = (query.range == range).then_some("true");
        let link = query.with_range(range).href(page);
        view! { <a href=link aria-current=current title=Query { range, ..query.clone() }.span().title()>{range.word()}</a> }
    };
    let day = |edge: Edge| if let Edge::Day(day) = edge { Some(day.to_string()) } else { None };
    let (from, to) = match query.range {
        Range::Between(from, to) => (day(from), day(to)),
        _ => (None, None),
    };
    let custom = matches!(query.range, Range::Between(..)).then(|| query.span().title());
    let hidden = (query.range != Range::default()).then(|| query.range.word());
    view! {
        <div class="ranges" role="group" aria-label="Time">
            {Range::PRESETS.map(preset).into_iter().collect_view()}
            <details class="custom">
                <summary class:custom-on=custom.is_some()>{custom.clone().unwrap_or_else(|| "Custom".to_owned())}</summary>
                <div class="popover">
                    <label>"From " <input type="text" data-picker="date" name="from" value=from placeholder=DAY /></label>
                    <label>"To " <input type="text" data-picker="date" name="to" value=to placeholder=DAY /></label>
                    <button type="submit" class="button">"Show"</button>
                </div>
            </details>
        </div>
        {hidden.map(|word| view! { <input type="hidden" name="range" value=word /> })}
    }
}

/// One of several words, or all of them.
#[component]
fn Choice<'a>(
    name: &'static str,
    title: &'static str,
    choices: &'a [Offer],
    chosen: Option<&'a str>,
) -> impl IntoView + use<> {
    // What an address asks for is chosen, also where it is not offered.
    let unknown = chosen.filter(|&chosen| choices.iter().all(|choice| choice.value != chosen)).map(Offer::of);
    let option = |choice: &Offer| {
        let selected = chosen == Some(choice.value.as_str());
        view! { <option value=choice.value.clone() selected=selected>{visible(&choice.name).into_owned()}</option> }
    };
    view! {
        <label class="filter" class:filter-on=chosen.is_some()>
            <span>{title}</span>
            <select name=name>
                <option value="" selected=chosen.is_none()>"all"</option>
                {choices.iter().chain(&unknown).map(option).collect_view()}
            </select>
        </label>
    }
}

/// The zone of the page: the viewer's own needs no parameter.
#[component]
fn Zones<'a>(query: &'a Query) -> impl IntoView + use<> {
    let (viewer, zone) = (query.viewer, query.zone);
    let mut names: Vec<&str> = COMMON.to_vec();
    if !names.contains(&zone.name()) {
        names.push(zone.name());
    }
    names.retain(|&name| name != viewer.name());
    let option = |name: &'static str| {
        view! { <option value=name selected=name == zone.name() title=name>{city(name)}</option> }
    };
    view! {
        <label class="filter" class:filter-on=zone != viewer title=zone.name()>
            <span>"Times in"</span>
            <select name="tz">
                <option value="" selected=zone == viewer title=viewer.name()>{city(viewer.name())}</option>
                {names.into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}

/// The city that a zone is named after; the foot of the page has its whole name.
fn city(name: &str) -> String {
    name.rsplit('/').next().unwrap_or(name).replace('_', " ")
}

/// What of the address makes no sense, each with what would.
#[component]
pub fn Problems(snapshot: Arc<Snapshot>) -> impl IntoView {
    let problems = &snapshot.problems;
    (!problems.is_empty()).then(|| {
        let sentence = |problem: &domain::query::Problem| view! { <li>{problem.sentence()}</li> };
        view! {
            <div class="banner banner-warning problems" role="status">
                <strong>"◆ Not all of the address makes sense. "</strong>
                <ul>{problems.iter().map(sentence).collect_view()}</ul>
            </div>
        }
    })
}
