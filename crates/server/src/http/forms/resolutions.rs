//! Kinds of error that are resolved, or open again, from the form of their page.

use app::snapshot::{Attempt, Typed};
use domain::{
    annotations::FieldProblem,
    failure::Kind,
    fingerprint::Fingerprint,
    page::Page,
    page_data::PageData,
    query::Query,
    resolutions::{Resolution, read_note},
};
use serde_json::{Value, json};

use super::{lost, wrong};
use crate::{
    http::{
        State as Server,
        screen::{Asked, note},
    },
    views::For,
};

/// Marks the kind of a page as resolved.
pub async fn resolve(state: &Server, asked: &Asked, page: &Page, query: &Query) -> Result<(), Attempt> {
    let typed = Typed::Resolution(asked.field("note").to_owned());
    let refused = |message| wrong(typed.clone(), vec![FieldProblem { field: "note", message }]);
    let words = read_note(asked.field("note")).map_err(refused)?;
    let kind = shown(state, asked, page, query).await.ok_or_else(|| refused(NOTHING_SHOWN.to_owned()))?;
    let kept = async {
        let resolved = store::resolutions::resolve(&state.pool, kind, &asked.actor(), words.as_deref()).await?;
        state.views.changed();
        let changes = (resolved.1.as_ref().map(spelled), Some(spelled(&resolved.0)));
        note(state, &asked.identity, "error.resolve", &kind.to_string(), changes).await
    };
    kept.await.map_err(|error| lost(typed, &error))
}

/// Opens the kind of a page again.
pub async fn reopen(state: &Server, asked: &Asked, page: &Page, query: &Query) -> Result<(), Attempt> {
    // What one does not see is not there, and what is open is open already.
    let Some(kind) = shown(state, asked, page, query).await else { return Ok(()) };
    let opened = async {
        let Some(before) = store::resolutions::reopen(&state.pool, kind).await? else { return Ok(()) };
        state.views.changed();
        note(state, &asked.identity, "error.reopen", &kind.to_string(), (Some(spelled(&before)), None)).await
    };
    opened.await.map_err(|error| lost(Typed::Resolution(String::new()), &error))
}

/// Why a kind is not marked of which a page shows nothing.
const NOTHING_SHOWN: &str = "Nothing failed like this in the time of this page.";

/// The kind of a page, if the page shows anything of it to who asks: nobody says anything of what they do not see.
async fn shown(state: &Server, asked: &Asked, page: &Page, query: &Query) -> Option<Fingerprint> {
    let (view, _) = state.views.view(&asked.caller()?.scope, page, query, For::OpenPage).await;
    let PageData::Failure(failure) = &view?.data else { return None };
    let Kind { name, seen, resolution, .. } = &failure.kind;
    Fingerprint::parse(name).filter(|_| seen.is_some() || resolution.is_some())
}

/// For the audit log.
fn spelled(resolution: &Resolution) -> Value {
    let Resolution { resolved_at, resolved_by, note } = resolution;
    json!({ "resolved_at": resolved_at, "resolved_by": resolved_by, "note": note })
}
