//! What surrounds every page: the header, the banner, the filter bar, the foot, the help.

mod annotations;
mod filters;
mod freshness;
mod header;
mod help;
mod welcome;

use std::sync::Arc;

use leptos::prelude::*;

use crate::{browser::page, shell::ContentStyle, snapshot::Snapshot};
use annotations::Marks;
use filters::{Filters, Problems};
use freshness::{FreshnessBanner, SpendingLine};
use header::Header;
use help::Help;
pub use welcome::Welcome;

/// Follows what is under way on a screen that shows no data.
#[island]
fn Follower() -> impl IntoView {
    Effect::new(move |_| page::follow());
}

/// The frame of a page. What is inside of `content` follows the data in an open page; it holds no islands.
#[component]
pub fn Frame(snapshot: Arc<Snapshot>, children: Children) -> impl IntoView {
    let freshness = snapshot.freshness.clone();
    let as_of = freshness.data_as_of.map(|as_of| as_of.to_rfc3339());
    let shows = snapshot.page.is_some();
    view! {
        <a class="skip" href="#main">"Skip to the content"</a>
        <Header snapshot=snapshot.clone() />
        <main id="main" class="main">
            {shows.then(|| view! { <FreshnessBanner drawn=freshness.clone() /> })}
            {shows.then(|| view! {
                <div class="bar">
                    <Filters snapshot=snapshot.clone() />
                    <Marks snapshot=snapshot.clone() />
                </div>
            })}
            {(!shows).then(|| view! { <Follower /> })}
            <Problems snapshot=snapshot.clone() />
            <ContentStyle />
            <div
                id="content"
                data-live=""
                data-version=freshness.data_version
                data-as-of=as_of
                data-waits=snapshot.view.is_none().then_some("")
            >
                {children()}
            </div>
        </main>
        <footer class="foot">
            <span>"Times are in " {snapshot.query.zone.name()} ". Percentiles are within ±1%. "</span>
            {shows.then(|| view! { <SpendingLine drawn=freshness.clone() /> })}
        </footer>
        <Help snapshot />
    }
}
