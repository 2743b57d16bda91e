//! Indexes: what each is like, and what is to be done about it.

use chrono::{DateTime, Utc};
use domain::{
    format,
    indexes::{Index, Indexes, Missing},
};
use leptos::prelude::*;

use super::{Form, ago};
use crate::panels::Trend;

/// All indexes, and those that are missing.
pub fn content(form: &Form, indexes: &Indexes, now: DateTime<Utc>) -> impl IntoView {
    let since = indexes.circumstances.stats_since.map_or_else(
        || "Postgres does not say since when it counts.".to_owned(),
        |since| format!("Counted since {}.", since.format("%-d %b %Y")),
    );
    let standbys = (indexes.circumstances.standbys > 0).then_some(" What is unused here may be used on a standby.");
    let (other, label) = if indexes.is_whole {
        ("/admin/indexes", "Tidemark's alone")
    } else {
        ("/admin/indexes?all=1", "The whole database")
    };
    let missing = indexes.missing.iter().map(missing_row).collect_view();
    let mut worst_first: Vec<&Index> = indexes.list.iter().collect();
    worst_first.sort_by_key(|index| !indexes.verdict(index, now).is_bad());
    view! {
        <section class="panel" id="indexes">
            <h2>"Indexes"</h2>
            <p class="sentence">{indexes.sentence(now)}</p>
            {form.outcome()}
            {(!indexes.missing.is_empty()).then(|| view! {
                <div class="scroll" tabindex="0">
                    <table class="list" id="missing">
                        <thead><tr><th>"Missing"</th><th>"On"</th><th>"What the button runs"</th><th>"Make"</th></tr></thead>
                        <tbody>{missing}</tbody>
                    </table>
                </div>
            })}
            <div class="scroll" tabindex="0">
                <table class="list">
                    <thead><tr><th>"Index"</th><th>"Verdict"</th><th class="number">"Size"</th><th class="number">"Scans"</th><th class="number">"Rows read"</th><th class="number">"fetched"</th><th>"Last used"</th><th>"30 days"</th></tr></thead>
                    <tbody>{worst_first.into_iter().map(|index| row(indexes, index, form, now)).collect_view()}</tbody>
                </table>
            </div>
            <p class="note">{since}{standbys} " " <a href=other>{label}</a></p>
        </section>
    }
}

fn missing_row(missing: &Missing) -> impl IntoView + use<> {
    let Missing { name, table_name, statement } = missing.clone();
    view! {
        <tr>
            <td><code>{name.clone()}</code></td>
            <td><code>{table_name}</code></td>
            <td class="words"><code>{statement}</code></td>
            <td>
                <form method="post" action="/admin/indexes">
                    <input type="hidden" name="index" value=name.clone() />
                    <button type="submit" name="does" value="make" class="button" aria-label=format!("Make {name}")>"Make it"</button>
                </form>
            </td>
        </tr>
    }
}

fn row(indexes: &Indexes, index: &Index, form: &Form, now: DateTime<Utc>) -> impl IntoView + use<> {
    let verdict = indexes.verdict(index, now);
    let used: Vec<i64> = index.days.iter().map(|&(_, scans)| scans).collect();
    let last_day = index.days.iter().rev().find(|&&(_, scans)| scans > 0).map(|&(day, _)| day);
    let last_used = match (index.last_used_at, last_day, index.scans) {
        (Some(moment), ..) => ago(Some(moment), now),
        (None, Some(day), _) => day.format("%-d %b").to_string(),
        (None, None, 0) => "–".to_owned(),
        (None, None, _) => "earlier".to_owned(),
    };
    let words = verdict.words();
    let has_days = !used.is_empty();
    view! {
        <tr>
            <td>{name(index, form)}</td>
            <td data-label="Verdict" class="words" class:field-problem=verdict.is_bad()>{words}</td>
            <td data-label="Size" class="number">{format::bytes(index.size_bytes)}</td>
            <td data-label="Scans" class="number">{format::count(index.scans)}</td>
            <td data-label="Rows read" class="number">{format::count(index.tuples_read)}</td>
            <td data-label="Rows fetched" class="number">{format::count(index.tuples_fetched)}</td>
            <td data-label="Last used">{last_used}</td>
            <td data-label="30 days">{has_days.then(|| view! { <Trend counts=&used /> })}</td>
        </tr>
    }
}

/// What it is called and on what; behind that its definition, and a way to drop it that nobody takes by accident.
fn name(index: &Index, form: &Form) -> impl IntoView + use<> {
    let id = format!("drop-{}-{}", index.schema_name, index.index_name);
    let rebuild = index.bloat().map(|_| {
        view! {
            <form method="post" action="/admin/indexes" class="form">
                <input type="hidden" name="schema" value=index.schema_name.clone() />
                <input type="hidden" name="index" value=index.index_name.clone() />
                <p>"Runs, while others read and write: "<code>{index.rebuild_statement.clone()}</code></p>
                <button type="submit" name="does" value="rebuild" class="button">"Make it anew"</button>
            </form>
        }
    });
    let name = index.index_name.clone();
    let is_asked = form.value("index") == name && form.value("schema") == index.schema_name;
    let problem = form.problem("typed").filter(|_| is_asked);
    let problem_id = format!("{id}-problem");
    let drop = match index.keeps() {
        Some(reason) => view! { <p class="note">"It stays: " {reason} "."</p> }.into_any(),
        None => view! {
            <form method="post" action="/admin/indexes" class="form">
                <input type="hidden" name="schema" value=index.schema_name.clone() />
                <input type="hidden" name="index" value=name.clone() />
                <p>"To run this, type the name of the index: "<code>{index.drop_statement.clone()}</code></p>
                <div class="field">
                    <label for=id.clone()>"Name of the index"</label>
                    <input type="text" name="typed" id=id autocomplete="off" aria-invalid=problem.as_ref().map(|_| "true") aria-describedby=problem_id.clone() />
                    <p class="field-problem" id=problem_id>{problem}</p>
                </div>
                <button type="submit" name="does" value="drop" class="button">"Drop it"</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <details open=is_asked>
            <summary aria-label=format!("More about {name}")><code>{name.clone()}</code></summary>
            <pre>{index.definition.clone()}</pre>
            {rebuild}
            {drop}
        </details>
        <p class="note">"on "{index.table_name.clone()}</p>
    }
}
