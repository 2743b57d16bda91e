//! What a page says while there is nothing to show.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{freshness::Trouble, frontier::Build};
use leptos::prelude::*;

use crate::snapshot::Snapshot;

/// Why there is nothing to show, and what to do.
#[component]
pub fn Welcome(snapshot: Arc<Snapshot>) -> impl IntoView {
    let freshness = &snapshot.freshness;
    let words = match (&freshness.trouble, &freshness.build) {
        (Some(Trouble::DatabaseUnreachable { .. }), _) => view! {
            <h2>"The database does not answer"</h2>
            <p>"Tidemark keeps trying, and shows the dashboard here as soon as it can read it. No data is lost."</p>
        }
        .into_any(),
        (Some(Trouble::Unreadable { .. }), _) => view! { <Unreadable /> }.into_any(),
        _ if snapshot.view.is_some() => view! { <EmptyDatabase /> }.into_any(),
        (_, Some(build)) => view! { <Counting progress=build.clone() now=freshness.server_time /> }.into_any(),
        // It was looked at, yet this page was not read.
        _ if freshness.data_as_of.is_some() => view! { <Unreadable /> }.into_any(),
        _ => view! {
            <h2>"The first look at the data is on its way"</h2>
            <p>"This page fills by itself."</p>
        }
        .into_any(),
    };
    view! { <section class="notice">{words}</section> }
}

#[component]
fn Unreadable() -> impl IntoView {
    view! {
        <h2>"The data could not be read"</h2>
        <p>"Tidemark keeps trying. " <code>"tidemark status"</code> " tells what the database said."</p>
    }
}

/// How far the first count of everything is.
#[component]
fn Counting(progress: Build, now: DateTime<Utc>) -> impl IntoView {
    let share = progress.share();
    view! {
        <h2>"Counting what is there: " {progress.progress(now)}</h2>
        <progress class="counted" max="1" value=format!("{share:.3}") aria-label="Share of the rows that is counted"></progress>
        <p>"The dashboard appears here by itself. Meanwhile nobody has to wait: writers go on, and the views answer as before."</p>
    }
}

#[component]
fn EmptyDatabase() -> impl IntoView {
    view! {
        <h2>"No action has run yet"</h2>
        <p>"This page fills by itself as soon as rows arrive in " <code>"action_results"</code> ". To put some there:"</p>
        <ul>
            <li>"point your platform at this database, or"</li>
            <li>"bring rows from a file: " <code>"tidemark import results.csv.gz"</code> ", or"</li>
            <li>"look around with made-up data: " <code>"tidemark demo"</code></li>
        </ul>
    }
}
