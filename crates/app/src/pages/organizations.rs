//! Organizations: who uses how much, how it goes for them, and how they grow.

use domain::{
    organizations::{Executions, Organizations, executions::Layer},
    visible::visible,
};
use leptos::prelude::*;

use crate::{
    panels::{ChartPanel, Key, Note, TablePanel},
    snapshot::Snapshot,
};

/// The panels of the page at `/organizations`.
pub fn content(snapshot: &Snapshot, organizations: &Organizations) -> impl IntoView + use<> {
    if !organizations.are_known {
        return view! {
            <section class="notice">
                <h1>"This database knows no organizations"</h1>
                <p>"Triggers belong to one where the table “triggers” has a column “organization_id”. Here none does."</p>
            </section>
        }
        .into_any();
    }
    view! {
        <h1 class="visually-hidden">"Organizations"</h1>
        {organizations.note.clone().map(|note| view! { <Note note /> })}
        <div class="grid grid-first">
            <ChartPanel snapshot panel=&organizations.executions key=executions_key(&organizations.executions) />
            <ChartPanel snapshot panel=&organizations.top key=Key::STATUS.to_vec() />
            <ChartPanel snapshot panel=&organizations.growth key=vec![Key::of("runs", "runs"), Key::of("before-bar", "time before")] />
            <TablePanel snapshot panel=&organizations.usage class="panel-full" note="A trigger counts for the organization that owns it now." />
        </div>
    }
    .into_any()
}

/// The layers of the bars, in their order.
fn executions_key(executions: &Executions) -> Vec<Key> {
    let key = |(place, layer): (usize, &Layer)| {
        let word = visible(&layer.name()).into_owned().into();
        if let Layer::Others(_) = layer { Key::others(word) } else { Key::layer(place, word) }
    };
    let mut keys: Vec<_> = executions.layers.iter().enumerate().map(key).collect();
    keys.extend(executions.shows_before().then_some(Key::of("before", "time before")));
    keys.push(Key::PARTIAL_LAYER);
    keys
}
