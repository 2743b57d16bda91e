//! What can be chosen in the filter bar, kept for a while.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use domain::choices::Choices;
use store::Pool;

/// How long they are kept: new action types are rare.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// The choices and when they were loaded.
#[derive(Default)]
pub struct Kept {
    loading: tokio::sync::Mutex<()>,
    kept: RwLock<(Option<Instant>, Arc<Choices>)>,
}

impl Kept {
    /// The choices, loaded anew if they are old and the database can be read. Who comes meanwhile gets the old ones.
    pub async fn newest(&self, pool: &Pool, can_read: bool) -> Arc<Choices> {
        let (loaded_at, choices) = self.kept.read().unwrap_or_else(PoisonError::into_inner).clone();
        let is_old = loaded_at.is_none_or(|moment| moment.elapsed() >= KEPT_FOR);
        if !can_read || !is_old {
            return choices;
        }
        let Ok(_turn) = self.loading.try_lock() else { return choices };
        match store::choices::load(pool).await {
            Ok(loaded) => {
                let loaded = Arc::new(loaded);
                *self.kept.write().unwrap_or_else(PoisonError::into_inner) = (Some(Instant::now()), loaded.clone());
                loaded
            }
            Err(error) => {
                tracing::warn!(%error, "the choices of the filter bar could not be loaded");
                choices
            }
        }
    }
}
