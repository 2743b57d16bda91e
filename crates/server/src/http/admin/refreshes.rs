//! `/admin/refresh`: how refreshes go, one now, a pause, another rhythm.

use std::time::Duration;

use app::{
    api::Asker,
    screens::{Form, Screen},
};
use axum::{extract::State, response::Response};
use domain::{
    format,
    refreshes::{Refreshes, Rhythm, Wish},
};
use serde_json::json;
use store::StoreError;

use super::{refused, unknown};
use crate::http::{
    State as Server,
    screen::{Asked, lost, note, show as draw},
};

/// How long the answer to a form waits for a refresh.
const WAITED_FOR: Duration = Duration::from_secs(1);

/// How they go.
pub async fn show(State(state): State<Server>, asked: Asked) -> Response {
    list(&state, &asked, Form::default()).await
}

/// Refreshes, or says something about the next refreshes.
pub async fn submit(State(state): State<Server>, asked: Asked) -> Response {
    let outcome = match asked.field("does") {
        "refresh" => refresh(&state, &asked, None).await,
        "refresh-one" => refresh(&state, &asked, Some(asked.field("view"))).await,
        "pause" => set(&state, &asked, |wish| Wish { is_paused: true, ..wish }).await,
        "resume" => set(&state, &asked, |wish| Wish { is_paused: false, ..wish }).await,
        "change" => match Some(asked.field("rhythm")).filter(|text| !text.is_empty()).map(Rhythm::read).transpose() {
            Ok(rhythm) => set(&state, &asked, |wish| Wish { rhythm, ..wish }).await,
            Err(right) => Err(asked.refused(format!("The rhythm makes no sense: write {right}."))),
        },
        _ => Err(unknown(&asked)),
    };
    list(&state, &asked, Form::of(outcome)).await
}

async fn list(state: &Server, asked: &Asked, form: Form) -> Response {
    let (form, refreshes) = match load(state).await {
        Ok(refreshes) => (form, refreshes),
        Err(error) => {
            let none = Refreshes {
                views: vec![],
                days: vec![],
                failures: vec![],
                wish: None,
                usual: state.rhythm,
                running: None,
            };
            (asked.refused(lost(&error)), none)
        }
    };
    draw(state, asked, Screen::Refreshes { form, refreshes: Box::new(refreshes) }).await
}

async fn load(state: &Server) -> Result<Refreshes, StoreError> {
    let (days, failures) = store::refresh::history(&state.pool).await?;
    Ok(Refreshes {
        views: store::freshness::view_statuses(&state.pool).await?,
        days,
        failures,
        wish: store::schedule::find(&state.pool).await?,
        usual: state.rhythm,
        running: store::refresh::running(&state.pool).await?,
    })
}

/// Refreshes, by the same way as the button in the header. One that takes long is told as such, and shown on its way.
async fn refresh(state: &Server, asked: &Asked, view: Option<&str>) -> Result<String, Form> {
    let asker = Asker { name: asked.actor(), address: asked.identity.origin.to_string() };
    let running = state.refresher.begin(asker, view.map(str::to_owned)).await;
    let running = running.map_err(|error| asked.refused(error.to_string()))?;
    let Ok(ended) = tokio::time::timeout(WAITED_FOR, running).await else {
        return Ok("The refresh is under way.".to_owned());
    };
    let ended = ended.map_err(|error| asked.refused(format!("The refresh broke off: {error}.")))?;
    let (views, took) = ended.map_err(|error| asked.refused(format!("The refresh failed: {error}.")))?;
    if let Some(failed) = views.iter().find(|view| !view.success) {
        let said = failed.error_message.clone().unwrap_or_default();
        return Err(asked.refused(format!("{} could not be refreshed: {said}.", failed.view_name)));
    }
    #[allow(clippy::cast_precision_loss, reason = "a refresh takes less than 2^52 ms")]
    let took = format::milliseconds(Some(took.as_millis() as f64));
    let name = view.map_or_else(|| "All views were".to_owned(), |view| format!("{view} was"));
    Ok(format!("{name} refreshed in {took}."))
}

async fn set(state: &Server, asked: &Asked, change: impl FnOnce(Wish) -> Wish) -> Result<String, Form> {
    let actor = asked.actor();
    let before = store::schedule::find(&state.pool).await.map_err(refused(asked))?;
    let base = before.clone().unwrap_or_else(|| Wish {
        is_paused: false,
        rhythm: None,
        changed_by: actor.clone(),
        changed_at: chrono::Utc::now(),
    });
    let wish = change(base);
    store::schedule::set(&state.pool, wish.is_paused, wish.rhythm, &actor).await.map_err(refused(asked))?;
    let words = |wish: &Wish| json!({ "paused": wish.is_paused, "rhythm": wish.rhythm.map(Rhythm::word) });
    let changes = (before.as_ref().map(words), Some(words(&wish)));
    note(state, &asked.identity, "refresh.schedule", "all views", changes).await.map_err(refused(asked))?;
    Ok(match (wish.is_paused, wish.rhythm) {
        (true, _) => "Refreshes are paused. The leading server obeys within ten seconds.".to_owned(),
        (false, Some(rhythm)) => format!("Refreshes are due {}, within ten seconds from now.", rhythm.words()),
        (false, None) => "Refreshes are due as the server is set.".to_owned(),
    })
}
