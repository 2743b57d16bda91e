//! Organizations: who uses how much, how it goes for them, and how they grow.

use domain::organizations::Organizations;
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
            <ChartPanel snapshot panel=&organizations.top key=Key::STATUS.to_vec() />
            <ChartPanel snapshot panel=&organizations.growth key=vec![Key::of("runs", "runs"), Key::of("before-bar", "time before")] />
            <TablePanel snapshot panel=&organizations.usage class="panel-full" note="A trigger counts for the organization that owns it now." />
        </div>
    }
    .into_any()
}
