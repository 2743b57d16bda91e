//! Statements: which take longest, and how the database runs them.

use domain::{
    format,
    statements::{OfDatabase, Plan, Statement, Statements},
};
use leptos::prelude::*;

/// Tidemark's own, and those of the whole database.
pub fn content(statements: Statements) -> impl IntoView {
    let sentence = statements.sentence();
    let of_database = match statements.of_database {
        OfDatabase::Known(rows) => table(&rows).into_any(),
        OfDatabase::Unreadable(reason) => {
            view! { <p class="field-problem">"pg_stat_statements is there, but cannot be read: " {reason} "."</p> }.into_any()
        }
        OfDatabase::Absent => view! {
            <p class="note">
                "The extension pg_stat_statements is not there. With it the slowest statements of everybody are listed: add it to "
                <code>"shared_preload_libraries"</code> ", restart Postgres, and make the extension in this database."
            </p>
        }
        .into_any(),
    };
    view! {
        <section class="panel" id="own">
            <h2>"Tidemark's slowest queries"</h2>
            <p class="sentence">{sentence}</p>
            {(!statements.own.is_empty()).then(|| table(&statements.own))}
            <p class="note">"Measured by every server that runs, the network and waiting included. Plans are made for any values, and nothing is run for them."</p>
        </section>
        <section class="panel" id="of-database">
            <h2>"Slowest statements of this database"</h2>
            {of_database}
        </section>
    }
}

fn table(statements: &[Statement]) -> impl IntoView + use<> {
    view! {
        <div class="scroll" tabindex="0">
            <table class="list">
                <thead><tr><th>"What it asks"</th><th class="number">"Mean"</th><th class="number">"Longest"</th><th class="number">"Calls"</th><th class="number">"In all"</th></tr></thead>
                <tbody>{statements.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn row(statement: &Statement) -> impl IntoView + use<> {
    view! {
        <tr>
            <td class="words">
                <details>
                    <summary>{statement.title()}</summary>
                    <pre class="plan" tabindex="0">{statement.text.clone()}</pre>
                    {plan(&statement.plan)}
                </details>
            </td>
            <td data-label="Mean" class="number">{format::milliseconds(Some(statement.mean_ms()))}</td>
            <td data-label="Longest" class="number">{format::milliseconds(Some(statement.longest_ms))}</td>
            <td data-label="Calls" class="number">{format::count(statement.calls)}</td>
            <td data-label="In all" class="number">{format::milliseconds(Some(statement.total_ms))}</td>
        </tr>
    }
}

/// How the database would run something.
pub fn plan(plan: &Plan) -> impl IntoView + use<> {
    match plan.clone() {
        Plan::Known(plan) => view! { <pre class="plan" tabindex="0">{plan}</pre> }.into_any(),
        Plan::Unknown(reason) => view! { <p class="note">"It has no plan to show: " {reason} "."</p> }.into_any(),
    }
}
