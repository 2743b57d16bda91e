//! What the server hands to the server functions.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use store::{StoreError, audit_log::NewAct, refresh::ViewRefresh};
use tokio::{sync::Semaphore, task::JoinHandle};

use crate::api::ApiError;

/// Refreshes the views on a person's behalf.
#[derive(Debug, Clone)]
pub struct Refresher {
    /// The database.
    pub pool: store::Pool,
    /// How long a refresh may take.
    pub timeout: Duration,
    /// One permit for the refresh that runs and one for the next: whoever comes after those has nothing to add.
    pub places: Arc<Semaphore>,
}

/// Who asks for something, as the audit log tells it.
#[derive(Debug, Clone)]
pub struct Asker {
    /// What they are called.
    pub name: String,
    /// From where they ask.
    pub address: String,
}

/// What a refresh did, and how long that took.
pub type Refreshed = Result<(Vec<ViewRefresh>, Duration), StoreError>;

/// Refreshes asked for by pages at once, the waiting one included.
pub const PLACES: usize = 2;

impl Refresher {
    /// Begins a refresh of one view, or of all, which goes on to its end whether or not somebody waits for it. That it
    /// begins and how it ends is noted in the audit log.
    ///
    /// # Errors
    /// When one runs and another waits, or the database does not answer.
    pub async fn begin(&self, asker: Asker, view_name: Option<String>) -> Result<JoinHandle<Refreshed>, ApiError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| ApiError::AlreadyRefreshing)?;
        let target = view_name.clone().unwrap_or_else(|| "all views".to_owned());
        note(&self.pool, &asker, "refresh.run", &target, None).await.map_err(|error| failed(&error))?;
        let (pool, timeout) = (self.pool.clone(), self.timeout);
        Ok(tokio::spawn(async move {
            let _place = place;
            let begun = Instant::now();
            let ran = match &view_name {
                None => store::refresh::run(&pool, &asker.name, timeout).await,
                Some(view_name) => store::refresh::run_one(&pool, view_name, &asker.name, timeout).await,
            };
            let took = begun.elapsed();
            if let Err(error) = note(&pool, &asker, "refresh.end", &target, Some(outcome(&ran, took))).await {
                tracing::warn!(%error, "the end of a refresh could not be noted");
            }
            ran.map(|views| (views, took))
        }))
    }

    /// Refreshes all views for somebody; the time it took in milliseconds.
    pub(super) async fn refresh(&self, asker: Asker) -> Result<i64, ApiError> {
        let ended = self.begin(asker, None).await?.await.map_err(|error| {
            tracing::warn!(%error, "a refresh broke off");
            ApiError::RefreshFailed
        })?;
        let (views, took) = ended.map_err(|error| failed(&error))?;
        match views.into_iter().find(|view| !view.success) {
            Some(view) => Err(ApiError::ViewFailed { view_name: view.view_name }),
            None => Ok(i64::try_from(took.as_millis()).unwrap_or(i64::MAX)),
        }
    }
}

/// What went wrong, in words that leak nothing.
fn failed(error: &StoreError) -> ApiError {
    tracing::warn!(%error, "a refresh asked for by a page failed");
    if error.is_unreachable() { ApiError::DatabaseUnreachable } else { ApiError::RefreshFailed }
}

async fn note(
    pool: &store::Pool,
    asker: &Asker,
    act: &'static str,
    target: &str,
    after: Option<Value>,
) -> Result<(), StoreError> {
    let Asker { name, address } = asker;
    store::audit_log::add(pool, &NewAct { actor: name, address, act, target, before: None, after }).await
}

/// How a refresh ended, as the audit log tells it.
fn outcome(ran: &Result<Vec<ViewRefresh>, StoreError>, took: Duration) -> Value {
    let views = match ran {
        Ok(views) => views,
        Err(error) => return json!({ "took_ms": took.as_millis(), "error": error.to_string() }),
    };
    let word = |view: &ViewRefresh| match &view.error_message {
        Some(error) => json!(error),
        None => json!(format!("{} rows", view.rows)),
    };
    let views: Value =
        views.iter().map(|view| (view.view_name.clone(), word(view))).collect::<serde_json::Map<_, _>>().into();
    json!({ "took_ms": took.as_millis(), "views": views })
}
