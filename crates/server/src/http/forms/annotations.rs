//! Annotations from the form of any page.

use app::snapshot::{Attempt, Typed};
use chrono::Utc;
use domain::{
    annotations::{Draft, Fields},
    query::Query,
};

use super::{lost, wrong};
use crate::http::{State as Server, annotations, screen::Asked};

/// Adds an annotation.
pub async fn add(state: &Server, asked: &Asked, query: &Query) -> Result<(), Attempt> {
    let field = |name| asked.field(name).to_owned();
    let fields = Fields { kind: field("kind"), at: field("at"), until: field("until"), text: field("text") };
    let read = Draft::read(&fields, query.zone, Utc::now());
    let typed = Typed::Annotation(fields);
    match read {
        Ok(draft) => {
            let added = annotations::add(state, &asked.identity, draft).await;
            added.map(drop).map_err(|error| lost(typed, &error))
        }
        Err(problems) => Err(wrong(typed, problems)),
    }
}

/// Removes an annotation.
pub async fn remove(state: &Server, asked: &Asked) -> Result<(), Attempt> {
    // What is no number, or not there any more, is gone already.
    let Ok(id) = asked.field("id").parse() else { return Ok(()) };
    let removed = annotations::remove(state, &asked.identity, id).await;
    removed.map(drop).map_err(|error| lost(Typed::default(), &error))
}
