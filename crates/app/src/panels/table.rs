//! A table of any panel.

use chrono::{DateTime, Utc};
use domain::{
    annotations::{Annotation, marks},
    format,
    resolutions::ErrorState,
    table::{Cell, Column, Kind, Table, Value},
    triggers::Health,
    visible::visible,
};
use leptos::prelude::*;

use crate::{panels::Trend, snapshot::Snapshot};

/// A table with a row heading in front; it scrolls sideways inside of its panel.
#[component]
pub fn TableView<'a>(table: &'a Table, label: String, snapshot: &'a Snapshot) -> impl IntoView + use<> {
    let starts = table.bucket_starts();
    let list = snapshot.view.as_ref().map_or(&[][..], |view| &view.annotations.list);
    let marked = marks(&starts, list);
    let notes = |cells: &[Cell]| {
        let Value::Bucket(start, ..) = cells.first()?.value else { return None };
        let mark = marked.iter().find(|mark| starts.get(mark.place) == Some(&start))?;
        Some(mark.annotations.iter().copied().map(note).collect_view())
    };
    let row = |cells: &Vec<Cell>| {
        let notes = notes(cells);
        let mut cells = table.columns.iter().zip(cells);
        let first = cells.next().map(|(column, cell)| {
            view! { <th scope="row" class=class(column)>{content(column, cell, snapshot)} {notes}</th> }
        });
        let rest = cells.map(|(column, cell)| view! { <td class=class(column)>{content(column, cell, snapshot)}</td> });
        view! { <tr>{first} {rest.collect_view()}</tr> }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table>
                <thead>
                    <tr>{table.columns.iter().map(head).collect_view()}</tr>
                </thead>
                <tbody>{table.rows.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// The heading of a column; where rows can be sorted by it, a link does.
fn head(column: &Column) -> AnyView {
    let Some(sorting) = &column.sorting else {
        return view! { <th scope="col" class=class(column)>{column.title}</th> }.into_any();
    };
    let (order, mark) = match sorting.is_descending {
        Some(true) => (Some("descending"), "▾"),
        Some(false) => (Some("ascending"), "▴"),
        None => (None, ""),
    };
    view! {
        <th scope="col" class=class(column) aria-sort=order>
            <a class="sort" href=sorting.link.clone()>{column.title}<span class="sort-mark" aria-hidden="true">{mark}</span></a>
        </th>
    }
    .into_any()
}

fn class(column: &Column) -> Option<&'static str> {
    match (column.kind, column.minor) {
        (Kind::Number, false) => None,
        (Kind::Number, true) => Some("minor"),
        (Kind::Text | Kind::Message, false) => Some("text"),
        (Kind::Text | Kind::Message, true) => Some("text minor"),
    }
}

/// A cell, with the address behind it.
fn content(column: &Column, cell: &Cell, snapshot: &Snapshot) -> AnyView {
    let shown = value(column, &cell.value, snapshot);
    match &cell.link {
        Some(address) => view! { <a class="cell-link" href=address.clone()>{shown}</a> }.into_any(),
        None => shown,
    }
}

fn value(column: &Column, value: &Value, snapshot: &Snapshot) -> AnyView {
    let zone = snapshot.query.zone;
    match value {
        Value::Moment(moment) => ago(*moment, &format::moment(&zone.at(*moment)), snapshot.freshness.server_time),
        Value::Health(health) => tag(*health),
        Value::State(state) => state_tag(*state),
        Value::Text(text) if column.kind == Kind::Message => {
            let text = visible(text).into_owned();
            view! { <span class="error" title=text.clone()>{text.clone()}</span> }.into_any()
        }
        Value::Text(text) => {
            let text = visible(text).into_owned();
            view! { <span class="name" title=text.clone()>{text.clone()}</span> }.into_any()
        }
        Value::Trend(counts) => view! { <Trend counts /> }.into_any(),
        other => other.spelled(zone).into_any(),
    }
}

/// A moment as its distance from now: `8 s ago`; the browser lets it tick.
pub fn ago(moment: DateTime<Utc>, whole: &str, now: DateTime<Utc>) -> AnyView {
    let words = format::ago(moment, now);
    view! { <time class="ago" datetime=moment.to_rfc3339() title=whole.to_owned()>{words}</time> }.into_any()
}

/// What was marked at an hour or a day, beside its name.
fn note(annotation: &Annotation) -> impl IntoView + use<> {
    let (words, title) = (annotation.words(), annotation.words());
    view! {
        <span class=format!("mark mark-{}", annotation.kind.word()) title=title>
            <span aria-hidden="true">{annotation.kind.sign()}</span>
            <span class="name">{words}</span>
        </span>
    }
}

/// A verdict as shape, word and colour.
pub fn tag(health: Health) -> AnyView {
    shaped(health.word(), health.mark(), health.word())
}

/// How it stands with a kind of error, as shape, word and colour.
pub fn state_tag(state: ErrorState) -> AnyView {
    shaped(state.class(), state.mark(), state.word())
}

fn shaped(class: &str, mark: &'static str, word: &'static str) -> AnyView {
    view! {
        <span class=format!("tag tag-{class}")>
            <span aria-hidden="true">{mark}</span>
            {word}
        </span>
    }
    .into_any()
}
