//! All triggers: how each of them is, in any order, a page at a time.

use domain::{
    format,
    page::Page,
    panel::Panel,
    query::Query,
    triggers::{OF_A_PAGE, Order, SavedView, TriggerList, Triggers},
};
use leptos::prelude::*;

use crate::{
    panels::{Exports, Head, TableView},
    snapshot::Snapshot,
};

/// The panels of the page at `/triggers`.
pub fn content(snapshot: &Snapshot, triggers: &Triggers) -> impl IntoView + use<> {
    let (list, query) = (&triggers.list, &snapshot.query);
    let table = list.table(query);
    let label = list.title().into_owned();
    view! {
        <h1 class="visually-hidden">"Triggers"</h1>
        <Views list query />
        <section class="panel panel-full" id=TriggerList::NAME>
            <Exports snapshot panel=list />
            <Head title=list.title() sentence=list.sentence() />
            {(!table.rows.is_empty()).then(|| view! { <TableView table=&table label snapshot /> })}
            <Pager list query />
            <p class="note">{note(list, query)}</p>
        </section>
    }
}

/// The saved views, and all triggers.
#[component]
fn Views<'a>(list: &'a TriggerList, query: &'a Query) -> impl IntoView + use<> {
    let current = list.order.view;
    let link = |view: Option<SavedView>| {
        let order = view.map_or(Order::default(), Order::of_view);
        let title = view.map_or("All", SavedView::title);
        let current = (current == view).then_some("page");
        view! { <a href=query.with_order(order).href(&Page::Triggers) aria-current=current>{title}</a> }
    };
    view! {
        <nav class="views" aria-label="Saved views">
            {link(None)} {SavedView::ALL.map(|view| link(Some(view))).into_iter().collect_view()}
        </nav>
    }
}

/// To the next triggers, and back to the first ones.
#[component]
fn Pager<'a>(list: &'a TriggerList, query: &'a Query) -> impl IntoView + use<> {
    let first = (!list.is_first).then(|| query.first_page().href(&Page::Triggers));
    let next = list.next.clone().map(|next| query.with_after(next).href(&Page::Triggers));
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages of the list">
                {first.map(|address| view! { <a class="button" href=address>"First page"</a> })}
                {next.map(|address| view! { <a class="button" href=address rel="next">{format!("Next {OF_A_PAGE}")}</a> })}
            </nav>
        }
    })
}

/// What the numbers and the order are of.
fn note(list: &TriggerList, query: &Query) -> String {
    let order = list.order_words();
    let ranked = list.ranked_at.map(|moment| format!(", as of {}", format::moment(&query.zone.at(moment))));
    format!(
        "Numbers are live, over all recorded runs; p95 within 1%. {order}{}; what has no value there, as what never ran, comes last. Days are UTC days.",
        ranked.unwrap_or_default()
    )
}
