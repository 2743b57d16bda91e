//! The board that holds the panels, or says what to do while there is nothing to show.

use domain::freshness::{Freshness, Trouble};
use leptos::prelude::*;

use crate::browser::live;

/// Shows its panels as soon as one execution was ever recorded. `executions_ever` is `None` before the first refresh.
#[island]
pub fn Board(drawn: Freshness, executions_ever: Option<i64>, children: Children) -> impl IntoView {
    let ever = live::follow(executions_ever.unwrap_or_default(), |overview| &overview.summary.executions_ever);
    let freshness = live::follow_freshness(drawn);
    let empty = move || ever.get() == 0;
    view! {
        <div class="board" hidden=empty>
            {children()}
        </div>
        <section class="notice" hidden=move || !empty()>
            {move || welcome(&freshness.read())}
        </section>
    }
}

/// Why there is nothing to show, and what to do.
fn welcome(freshness: &Freshness) -> AnyView {
    match &freshness.trouble {
        Some(Trouble::DatabaseUnreachable { .. }) => view! {
            <h2>"The database does not answer"</h2>
            <p>"Tidemark keeps trying, and shows the dashboard here as soon as it can read it. No data is lost."</p>
        }
        .into_any(),
        Some(_) => view! {
            <h2>"The views could not be read"</h2>
            <p>"Tidemark keeps trying. " <code>"tidemark status"</code> " names the view and what the database said."</p>
        }
        .into_any(),
        None if freshness.data_as_of.is_none() => view! {
            <h2>"The first refresh is on its way"</h2>
            <p>"This page fills by itself when it is done."</p>
        }
        .into_any(),
        None => view! { <EmptyDatabase /> }.into_any(),
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
