//! `/admin/doctor`: what is wrong, and mending it.

use app::screens::{Form, Screen};
use axum::{extract::State, response::Response};
use chrono::Utc;
use domain::{
    doctor::{Finding, Thresholds},
    freshness,
};
use serde_json::json;
use store::StoreError;

use super::{refused, to_its_end, unknown};
use crate::http::{
    State as Server,
    screen::{Asked, lost, note, show as draw},
};

/// Examines the database, and shows what was found.
pub async fn show(State(state): State<Server>, asked: Asked) -> Response {
    list(&state, &asked, Form::default()).await
}

/// Mends something.
pub async fn submit(State(state): State<Server>, asked: Asked) -> Response {
    let outcome = match asked.field("does") {
        "mend" => mend(&state, &asked).await,
        _ => Err(unknown(&asked)),
    };
    list(&state, &asked, Form::of(outcome)).await
}

async fn list(state: &Server, asked: &Asked, form: Form) -> Response {
    let (form, findings) = match examine(state).await {
        Ok(findings) => (form, Some(findings)),
        Err(error) => (asked.refused(lost(&error)), None),
    };
    draw(state, asked, Screen::Doctor { form, findings }).await
}

async fn examine(state: &Server) -> Result<Vec<Finding>, StoreError> {
    let stale_after = freshness::Thresholds::for_interval(state.due_every).critical;
    let stale_after = chrono::TimeDelta::from_std(stale_after).unwrap_or(chrono::TimeDelta::MAX);
    store::doctor::examine(&state.pool, &Thresholds { stale_after, ..Thresholds::default() }, Utc::now()).await
}

/// Runs the statement that was shown, where it is still what mends something that is still wrong.
async fn mend(state: &Server, asked: &Asked) -> Result<String, Form> {
    let (check, subject, fix) = (asked.field("check"), asked.field("subject"), asked.field("fix"));
    let findings = examine(state).await.map_err(refused(asked))?;
    let found = findings
        .into_iter()
        .filter(|finding| finding.fix.can_be_run())
        .find(|finding| finding.check.name == check && finding.subject == subject && finding.fix.to_string() == fix);
    let finding =
        found.ok_or_else(|| asked.refused("Nothing was run: this is not wrong any more, or not like that."))?;
    let pool = state.pool.clone();
    // Before it runs: what broke off half-way was begun all the same.
    let (before, after) = (json!({ "seen": finding.evidence }), json!({ "runs": fix }));
    note(state, &asked.identity, "doctor.mend", subject, (Some(before), Some(after))).await.map_err(refused(asked))?;
    to_its_end(asked, async move { store::doctor::mend(&pool, &finding.fix).await }).await?;
    Ok(format!("This ran: {fix}"))
}
