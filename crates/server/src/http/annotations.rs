//! What changes annotations, whether a form of a page or a program asks for it. Each change is in the audit log.

use domain::annotations::{Annotation, Draft};
use serde_json::json;
use store::StoreError;

use super::{State, screen::note};
use crate::access::Identity;

/// Adds an annotation.
pub async fn add(state: &State, by: &Identity, draft: Draft) -> Result<Annotation, StoreError> {
    let name = by.caller.as_ref().and_then(|caller| caller.name.as_deref());
    let added = store::annotations::add(&state.pool, draft, name).await?;
    state.views.changed();
    note(state, by, "annotation.add", &added.id.to_string(), (None, Some(json!(added)))).await?;
    Ok(added)
}

/// Removes an annotation; whether it was there.
pub async fn remove(state: &State, by: &Identity, id: i64) -> Result<bool, StoreError> {
    let Some(removed) = store::annotations::remove(&state.pool, id).await? else { return Ok(false) };
    state.views.changed();
    note(state, by, "annotation.remove", &id.to_string(), (Some(json!(removed)), None)).await?;
    Ok(true)
}
