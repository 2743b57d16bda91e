//! The pages, all of one shape: the frame with header and filters, then panels.

mod actions;
mod failure;
mod failures;
mod not_found;
mod organizations;
mod overview;
mod trigger;
mod triggers;

use std::sync::Arc;

use domain::{page::Page, page_data::PageData, triggers::says_missing};
use leptos::prelude::*;

use crate::{
    frame::{Frame, Welcome},
    panels::Note,
    screens,
    snapshot::{Snapshot, View},
};

/// The page that a snapshot shows.
pub fn page(snapshot: Arc<Snapshot>) -> impl IntoView {
    if let Some(screen) = &snapshot.screen {
        return screens::screen(snapshot.clone(), screen);
    }
    let content = match (&snapshot.page, &snapshot.view) {
        (None, _) => not_found::content().into_any(),
        (Some(page), Some(view)) if view.data.has_run() => {
            view! { {ignored(&snapshot, page)} {missing(&snapshot, view, page)} {panels(&snapshot, &view.data)} }
                .into_any()
        }
        (Some(_), _) => view! { <Welcome snapshot=snapshot.clone() /> }.into_any(),
    };
    view! { <Frame snapshot>{content}</Frame> }.into_any()
}

/// Which filters change nothing on a page: nobody takes its numbers for narrower than they are.
fn ignored(snapshot: &Snapshot, page: &Page) -> Option<impl IntoView + use<>> {
    let names = snapshot.query.ignored(page);
    let words = || format!("No filter by {} changes this page. It stays for the pages you go to.", names.join(" or "));
    (!names.is_empty()).then(|| view! { <Note note=words() /> })
}

/// What is asked for and is not there: nobody takes a mistyped id for one that ran nothing.
fn missing(snapshot: &Snapshot, view: &View, page: &Page) -> impl IntoView + use<> {
    let trigger = view.missing_trigger.as_deref().filter(|_| !matches!(page, Page::Trigger(_))).map(says_missing);
    let mut query = snapshot.query.clone();
    query.action_type = query.action_type.filter(|_| !snapshot.query.ignored(page).contains(&"type"));
    let others = snapshot.choices.says_missing(&query);
    trigger.into_iter().chain(others).map(|note| view! { <Note note /> }).collect_view()
}

/// The panels of a page.
fn panels(snapshot: &Snapshot, data: &PageData) -> AnyView {
    match data {
        PageData::Overview(overview) => overview::content(snapshot, overview).into_any(),
        PageData::Failures(failures) => failures::content(snapshot, failures).into_any(),
        PageData::Failure(failure) => failure::content(snapshot, failure).into_any(),
        PageData::Organizations(organizations) => organizations::content(snapshot, organizations).into_any(),
        PageData::Actions(actions) => actions::content(snapshot, actions).into_any(),
        PageData::Triggers(triggers) => triggers::content(snapshot, triggers).into_any(),
        PageData::Trigger(trigger) => trigger::content(snapshot, trigger).into_any(),
    }
}

/// The title of the window.
pub fn title(snapshot: &Snapshot) -> String {
    let page = snapshot.page.as_ref().map_or("Not found", |page| page.title());
    let title = snapshot.screen.as_ref().map_or(page, screens::Screen::title);
    format!("{title} · Tidemark")
}
