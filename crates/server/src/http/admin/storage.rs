//! `/admin/storage`: how large everything is, and what that costs.

use app::screens::{Form, Screen};
use axum::{extract::State, response::Response};
use domain::storage::{Prices, Storage};
use serde_json::json;
use store::StoreError;

use super::{refused, unknown};
use crate::http::{
    State as Server,
    screen::{Asked, lost, note, show as draw},
};

/// How large it is.
pub async fn show(State(state): State<Server>, asked: Asked) -> Response {
    list(&state, &asked, Form::default()).await
}

/// Says what it costs.
pub async fn submit(State(state): State<Server>, asked: Asked) -> Response {
    let outcome = match asked.field("does") {
        "price" => set_prices(&state, &asked).await,
        _ => Err(unknown(&asked)),
    };
    list(&state, &asked, Form::of(outcome)).await
}

async fn list(state: &Server, asked: &Asked, form: Form) -> Response {
    let (form, storage) = match load(state).await {
        Ok(storage) => (form, storage),
        Err(error) => (asked.refused(lost(&error)), Storage::default()),
    };
    draw(state, asked, Screen::Storage { form, storage: Box::new(storage) }).await
}

async fn load(state: &Server) -> Result<Storage, StoreError> {
    // What this server ran just now, and what nobody has looked at yet, is part of it.
    state.meter.keep(&state.pool).await?;
    store::storage::note(&state.pool).await?;
    store::storage::load(&state.pool).await
}

async fn set_prices(state: &Server, asked: &Asked) -> Result<String, Form> {
    let prices = Prices::read(asked.field("gigabyte_month"), asked.field("core_hour"), asked.field("currency"))
        .map_err(|problems| Form { values: asked.typed(), problems, ..Form::default() })?;
    let before = store::storage::prices(&state.pool).await.map_err(refused(asked))?;
    store::storage::set_prices(&state.pool, &prices, &asked.actor()).await.map_err(refused(asked))?;
    let words = |prices: &Prices| {
        json!({
            "gigabyte_month": prices.gigabyte_month,
            "core_hour": prices.core_hour,
            "currency": prices.currency,
        })
    };
    let changes = (before.as_ref().map(words), Some(words(&prices)));
    note(state, &asked.identity, "storage.price", "all", changes).await.map_err(refused(asked))?;
    Ok("The prices are kept.".to_owned())
}
