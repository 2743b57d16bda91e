//! What the server hands to the server functions.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use store::audit_log::NewAct;
use tokio::sync::Semaphore;

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

/// Refreshes asked for by pages at once, the waiting one included.
pub const PLACES: usize = 2;

impl Refresher {
    /// Refreshes all views for somebody, and notes that in the audit log; the time it took in milliseconds.
    pub(super) async fn refresh(&self, asker: &Asker) -> Result<i64, ApiError> {
        let _place = self.places.try_acquire().map_err(|_| ApiError::AlreadyRefreshing)?;
        let begun = Instant::now();
        let refreshed = async {
            let views = store::refresh::run(&self.pool, &asker.name, self.timeout).await?;
            let Asker { name, address } = asker;
            let act =
                NewAct { actor: name, address, act: "refresh.run", target: "all views", before: None, after: None };
            store::audit_log::add(&self.pool, &act).await.map(|()| views)
        };
        let views = refreshed.await.map_err(|error| {
            tracing::warn!(%error, "a refresh asked for by a page failed");
            if error.is_unreachable() { ApiError::DatabaseUnreachable } else { ApiError::RefreshFailed }
        })?;
        match views.iter().find(|view| !view.success) {
            Some(view) => Err(ApiError::ViewFailed { view_name: view.view_name.clone() }),
            None => Ok(i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX)),
        }
    }
}
