//! The board that holds the panels, or says what to do while there is nothing to show.

use chrono::{DateTime, Utc};
use domain::{
    freshness::{Freshness, Trouble},
    frontier::Build,
};
use leptos::prelude::*;

use crate::browser::live;

/// Shows its panels as soon as anything ever ran.
#[island]
pub fn Board(drawn: Freshness, has_run: bool, children: Children) -> impl IntoView {
    let has_run = live::follow(has_run, |overview| &overview.summary.has_run);
    let now = live::clock(drawn.server_time);
    let freshness = live::follow_freshness(drawn);
    view! {
        <div class="board" hidden=move || !has_run.get()>
            {children()}
        </div>
        <section class="notice" hidden=move || has_run.get()>
            {move || welcome(&freshness.read(), now)}
        </section>
    }
}

/// Why there is nothing to show, and what to do.
fn welcome(freshness: &Freshness, now: Memo<DateTime<Utc>>) -> AnyView {
    match &freshness.trouble {
        Some(Trouble::DatabaseUnreachable { .. }) => view! {
            <h2>"The database does not answer"</h2>
            <p>"Tidemark keeps trying, and shows the dashboard here as soon as it can read it. No data is lost."</p>
        }
        .into_any(),
        Some(_) => view! {
            <h2>"The data could not be read"</h2>
            <p>"Tidemark keeps trying. " <code>"tidemark status"</code> " tells what the database said."</p>
        }
        .into_any(),
        None => match &freshness.build {
            _ if freshness.data_as_of.is_some() => view! { <EmptyDatabase /> }.into_any(),
            Some(build) => view! { <Counting progress=build.clone() now /> }.into_any(),
            None => view! {
                <h2>"The first look at the data is on its way"</h2>
                <p>"This page fills by itself."</p>
            }
            .into_any(),
        },
    }
}

/// How far the first count of everything is.
#[component]
fn Counting(progress: Build, now: Memo<DateTime<Utc>>) -> impl IntoView {
    let share = progress.share();
    view! {
        <h2>"Counting what is there: " {move || progress.progress(now.get())}</h2>
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
