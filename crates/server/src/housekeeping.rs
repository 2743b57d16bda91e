//! What is done once in a while by every server: looks that are kept, and forgetting what is over.

use std::time::Duration;

use chrono::Utc;
use store::{Pool, StoreError, sessions::Limits};
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at};
use tokio_util::sync::CancellationToken;

use crate::{access::throttle, statements::Meter};

/// How often most of it is done.
const EVERY: Duration = Duration::from_secs(3600);

/// Not at once: whoever starts a server wants to see pages first.
const SETTLED_AFTER: Duration = Duration::from_secs(60);

/// How often what was measured is kept.
const KEEP_EVERY: Duration = Duration::from_secs(60);

/// A minute after the start and then once an hour: forgets what is over, looks at how indexes are used and how large
/// everything is, and looks after what is due. Views are due every `due_every`.
pub async fn look_after(pool: Pool, limits: Limits, due_every: Duration, stop: CancellationToken) {
    let mut hours = interval_at(Instant::now() + SETTLED_AFTER, EVERY);
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(hours.tick()).await.is_some() {
        let forget = store::sessions::forget_old(&pool, &limits, Utc::now() - throttle::WINDOW);
        tell(forget.await, "sessions that are over could not be forgotten");
        tell(store::indexes::note_usage(&pool).await, "how indexes are used could not be noted");
        tell(store::storage::note(&pool).await, "how large everything is could not be noted");
        tell(store::statements::forget_old(&pool).await, "old measures of statements could not be forgotten");
        let looked = stop.run_until_cancelled(store::checklist::look(&pool, due_every, false)).await;
        tell(looked.unwrap_or(Ok(())), "what is due could not be looked after");
    }
}

/// Once a minute, and once more at the end: keeps how long statements took.
pub async fn keep_measures(pool: Pool, meter: Meter, stop: CancellationToken) {
    let mut minutes = interval(KEEP_EVERY);
    minutes.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(minutes.tick()).await.is_some() {
        tell(meter.keep(&pool).await, "how long statements took could not be kept");
    }
    tell(meter.keep(&pool).await, "how long statements took at last could not be kept");
}

fn tell<T>(outcome: Result<T, StoreError>, trouble: &str) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "{trouble}");
    }
}
