//! What can be chosen in the filter bar, kept for a while.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use domain::{access::Scope, choices::Choices, query::Query};
use moka::sync::Cache;
use store::Pool;

/// How long they are kept: new action types are rare.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// The same where somebody asks for what is not among them: it may have come since.
const KEPT_IN_DOUBT_FOR: Duration = Duration::from_secs(5);

/// Different sights that choices are kept for, at most.
const KEPT: u64 = 1_000;

/// The choices of each sight of the data.
pub struct Kept(Cache<Scope, Arc<Choosable>>);

/// Choices and when they were loaded.
#[derive(Default)]
struct Choosable {
    loading: tokio::sync::Mutex<()>,
    kept: RwLock<(Option<Instant>, Arc<Choices>)>,
}

impl Default for Kept {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

impl Kept {
    /// The choices, loaded anew if they are old and the database can be read. Who comes meanwhile gets the old ones.
    pub async fn newest(&self, pool: &Pool, sees: &Scope, query: &Query, can_read: bool) -> Arc<Choices> {
        self.0.get_with_by_ref(sees, Arc::default).newest(pool, sees, query, can_read).await
    }
}

impl Choosable {
    async fn newest(&self, pool: &Pool, sees: &Scope, query: &Query, can_read: bool) -> Arc<Choices> {
        let (loaded_at, choices) = self.kept.read().unwrap_or_else(PoisonError::into_inner).clone();
        let kept_for = if choices.says_missing(query).is_empty() { KEPT_FOR } else { KEPT_IN_DOUBT_FOR };
        let is_old = loaded_at.is_none_or(|moment| moment.elapsed() >= kept_for);
        if !can_read || !is_old {
            return choices;
        }
        let Ok(_turn) = self.loading.try_lock() else { return choices };
        match store::choices::load(pool, sees).await {
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
