//! The numbers behind a chart, folded away: a real table for screen readers and for who wants to read them.

use domain::table::Table;
use leptos::prelude::*;

use crate::{panels::table::TableView, snapshot::Snapshot};

/// The numbers of a panel.
#[component]
pub fn Numbers<'a>(name: &'static str, table: &'a Table, snapshot: &'a Snapshot) -> impl IntoView + use<> {
    view! {
        <details class="numbers" id=format!("{name}-numbers")>
            <summary>"Numbers"</summary>
            <TableView table label="Numbers".to_owned() snapshot />
        </details>
    }
}
