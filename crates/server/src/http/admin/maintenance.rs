//! `/admin/maintenance`: what is to be looked after, and saying that it was.

use app::screens::{Form, Screen};
use axum::{extract::State, response::Response};
use domain::maintenance::{Maintenance, NOTE_LIMIT, item_of};
use serde_json::json;

use super::{refused, unknown};
use crate::http::{
    State as Server,
    screen::{Asked, lost, note, show as draw},
};

/// The lists.
pub async fn show(State(state): State<Server>, asked: Asked) -> Response {
    list(&state, &asked, Form::default()).await
}

/// Looks at everything, or notes what a person did.
pub async fn submit(State(state): State<Server>, asked: Asked) -> Response {
    let outcome = match asked.field("does") {
        "look" => look(&state, &asked).await,
        "tick" => tick(&state, &asked).await,
        _ => Err(unknown(&asked)),
    };
    list(&state, &asked, Form::of(outcome)).await
}

async fn list(state: &Server, asked: &Asked, form: Form) -> Response {
    let (form, maintenance) = match store::checklist::load(&state.pool).await {
        Ok(maintenance) => (form, maintenance),
        Err(error) => (asked.refused(lost(&error)), Maintenance::default()),
    };
    draw(state, asked, Screen::Maintenance { form, maintenance: Box::new(maintenance) }).await
}

async fn look(state: &Server, asked: &Asked) -> Result<String, Form> {
    let looked = async {
        state.meter.keep(&state.pool).await?;
        store::storage::note(&state.pool).await?;
        store::checklist::look(&state.pool, state.due_every, true).await
    };
    looked.await.map_err(refused(asked))?;
    note(state, &asked.identity, "maintenance.look", "all", (None, None)).await.map_err(refused(asked))?;
    Ok("Everything that Tidemark can tell was looked at.".to_owned())
}

async fn tick(state: &Server, asked: &Asked) -> Result<String, Form> {
    let item = item_of(asked.field("item")).filter(|item| item.is_for_people);
    let item = item.ok_or_else(|| asked.refused("There is nothing of this name to tick."))?;
    let words = asked.field("note").trim();
    if words.is_empty() || words.chars().count() > NOTE_LIMIT || words.chars().any(char::is_control) {
        return Err(asked.wrong("note", format!("what you saw or did, up to {NOTE_LIMIT} characters in one line")));
    }
    store::checklist::tick(&state.pool, item, &asked.actor(), words).await.map_err(refused(asked))?;
    let after = Some(json!({ "note": words }));
    note(state, &asked.identity, "maintenance.tick", item.name, (None, after)).await.map_err(refused(asked))?;
    Ok(format!("Ticked: {}.", item.title))
}
