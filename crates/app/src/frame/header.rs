//! The header: where one is, how fresh the data is, and what can be done about it.

use std::sync::Arc;

use domain::{access::Role, page::Page};
use leptos::prelude::*;

use crate::{frame::freshness::FreshnessLine, snapshot::Snapshot};

/// The header of every page. Links to other pages keep what was asked.
#[component]
pub fn Header(snapshot: Arc<Snapshot>) -> impl IntoView {
    let query = snapshot.query.first_page();
    let here = snapshot.page.as_ref().map(Page::section);
    let link = |page: &Page| {
        let current = (here.as_ref() == Some(page)).then_some("page");
        view! { <a href=query.href(page) aria-current=current>{page.title()}</a> }
    };
    let now = snapshot.freshness.server_time;
    let offset_seconds = query.zone.offset(now).local_minus_utc();
    let zone = query.zone.at(now).format("%Z").to_string();
    let drawn = snapshot.freshness.clone();
    let may_refresh = snapshot.may(Role::Operator);
    let is_admin = snapshot.may(Role::Admin);
    let who = match snapshot.caller.as_ref() {
        Some(caller) if caller.name.is_some() => ("/account".to_owned(), caller.name.clone().unwrap_or_default()),
        _ => (login_from(&snapshot), "Log in".to_owned()),
    };
    view! {
        <header class="header">
            <div class="header-bar">
                <a class="brand" href=query.href(&Page::Overview)>
                    <svg class="brand-mark" viewBox="0 0 20 20" aria-hidden="true">
                        <rect class="brand-glass" x="1" y="1" width="18" height="18" rx="5" />
                        <path class="brand-water" d="M2 11 q2.7 -2.4 5.3 0 t5.4 0 t5.3 0 V14 a4 4 0 0 1 -4 4 H6 a4 4 0 0 1 -4 -4 z" />
                    </svg>
                    "Tidemark"
                </a>
                <nav class="nav" aria-label="Pages">
                    {Page::NAVIGATION.iter().map(link).collect_view()}
                </nav>
                <div class="header-side">
                    {here.is_some().then(|| view! { <FreshnessLine drawn offset_seconds zone may_refresh /> })}
                    <span class="tools">
                        {is_admin.then(|| view! { <a class="tool" href="/admin/refresh">"Admin"</a> })}
                        <a class="tool who" href=who.0>{who.1}</a>
                        <button type="button" class="icon" data-does="theme" aria-label="Light or dark">
                            <svg viewBox="0 0 16 16" aria-hidden="true">
                                <path d="M8 1.5 a6.5 6.5 0 1 0 0 13 a6.5 6.5 0 1 0 0 -13 z M8 3 a5 5 0 0 1 0 10 z" fill-rule="evenodd" />
                            </svg>
                        </button>
                        <button type="button" class="icon" data-does="help" aria-label="Keys and help">"?"</button>
                    </span>
                </div>
            </div>
        </header>
    }
}

/// Where one logs in and comes back from.
fn login_from(snapshot: &Snapshot) -> String {
    let here = snapshot.page.as_ref().map_or_else(|| "/".to_owned(), |page| snapshot.query.href(page));
    format!("/login?next={}", percent_encoding::utf8_percent_encode(&here, percent_encoding::NON_ALPHANUMERIC))
}
