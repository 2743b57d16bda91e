//! What heads a panel, and what is told about its numbers.

use std::borrow::Cow;

use domain::{
    export::{Export, Format},
    panel::Panel,
    visible::visible,
};
use leptos::prelude::*;

use crate::snapshot::{Snapshot, Theme};

/// The title of a panel and the one true sentence about its data.
#[component]
pub fn Head(title: Cow<'static, str>, sentence: String) -> impl IntoView {
    view! {
        <h2>{title}</h2>
        <p class="sentence">{visible(&sentence).into_owned()}</p>
    }
}

/// Links to the files of a panel: its numbers, and its chart where it has one, in the theme that the viewer chose.
#[component]
pub fn Exports<'a, P>(snapshot: &'a Snapshot, panel: &'a P) -> impl IntoView + use<P>
where
    P: Panel,
{
    let has_chart = snapshot.view.as_ref().is_some_and(|view| view.charts.contains_key(P::NAME));
    let title = panel.title().into_owned();
    let dark = snapshot.theme == Some(Theme::Dark);
    let link = |page: &domain::page::Page, format: Format| {
        let export = Export { page: page.clone(), panel: P::NAME.to_owned(), format };
        let mut address = export.href(&snapshot.query);
        if dark && format != Format::Csv {
            address.push_str(if address.contains('?') { "&theme=dark" } else { "?theme=dark" });
        }
        let label = format!("{title} as {}", format.title());
        // A tab of its own is not needed: the server says that it is a file to keep.
        view! { <a href=address aria-label=label rel="nofollow">{format.title()}</a> }
    };
    let formats = Format::ALL.into_iter().filter(move |&format| has_chart || format == Format::Csv);
    snapshot.page.as_ref().map(|page| {
        view! { <p class="exports">{formats.map(|format| link(page, format)).collect_view()}</p> }
    })
}

/// Something to know about the numbers of a page.
#[component]
pub fn Note(note: String) -> impl IntoView {
    view! { <p class="page-note"><span aria-hidden="true">"◇ "</span>{note}</p> }
}
