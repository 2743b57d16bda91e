//! `/admin/refresh`: how refreshes go, one now, a pause, another rhythm.

use app::{
    api::ApiError,
    screens::{Form, Screen},
};
use axum::{extract::State, response::Response};
use domain::{
    format,
    refreshes::{Refreshes, Rhythm, Wish},
};
use serde_json::json;
use store::{StoreError, refresh::ViewRefresh};

use super::refused;
use crate::http::{
    State as Server,
    screen::{Asked, lost, note, show as draw},
};

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
        _ => Err(asked.refused("This form does nothing that is known here.")),
    };
    list(&state, &asked, outcome.map_or_else(|refused| refused, Form::done)).await
}

async fn list(state: &Server, asked: &Asked, form: Form) -> Response {
    let (form, refreshes) = match load(state).await {
        Ok(refreshes) => (form, refreshes),
        Err(error) => {
            let none = Refreshes { views: vec![], days: vec![], failures: vec![], wish: None, usual: state.rhythm };
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
    })
}

async fn refresh(state: &Server, asked: &Asked, view: Option<&str>) -> Result<String, Form> {
    // The same places as those of the button in the header: whoever comes after them has nothing to add.
    let place = state.refresher.places.try_acquire();
    let _place = place.map_err(|_| asked.refused(ApiError::AlreadyRefreshing.to_string()))?;
    let (actor, begun) = (asked.actor(), std::time::Instant::now());
    let timeout = state.refresher.timeout;
    let ran = match view {
        None => store::refresh::run(&state.pool, &actor, timeout).await,
        Some(view) => store::refresh::run_one(&state.pool, view, &actor, timeout).await,
    };
    let views = ran.map_err(|error| asked.refused(format!("The refresh failed: {error}.")))?;
    note(state, &asked.identity, "refresh.run", view.unwrap_or("all views"), (None, None))
        .await
        .map_err(refused(asked))?;
    let failed: Vec<&ViewRefresh> = views.iter().filter(|view| !view.success).collect();
    if let Some(first) = failed.first() {
        let said = first.error_message.clone().unwrap_or_default();
        return Err(asked.refused(format!("{} could not be refreshed: {said}.", first.view_name)));
    }
    #[allow(clippy::cast_precision_loss, reason = "a refresh takes less than 2^52 ms")]
    let took = format::milliseconds(Some(begun.elapsed().as_millis() as f64));
    Ok(format!("{} refreshed in {took}.", view.map_or("All views were".to_owned(), |view| format!("{view} was"))))
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
