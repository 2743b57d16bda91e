//! Keeps the snapshot that pages are drawn from: loads it when a refresh was announced, and says what is wrong when the
//! database goes away. The last data stays.

use std::{sync::Arc, time::Duration};

use app::snapshot::Snapshot;
use chrono::{DateTime, Utc};
use domain::freshness::{Freshness, Trouble};
use render::Renderer;
use store::{Pool, StoreError, freshness::Observation, refresh::Listener};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::drawings;

/// How long a look at the database may take; a network that swallows everything does not even refuse.
const PATIENCE: Duration = Duration::from_secs(60);

/// Characters of a database's message that pages show; the log and `tidemark status` have it whole.
const MESSAGE_CHARACTERS: usize = 200;

/// How often the database is asked although nothing was announced, in case an announcement was missed.
const ASK_EVERY: Duration = Duration::from_secs(15);

/// How often a database is tried that does not answer.
const RETRY_EVERY: Duration = Duration::from_secs(2);

/// Keeps the snapshot up to date.
pub struct Keeper {
    pool: Pool,
    /// `None` in a binary without a site: then pages carry no drawings.
    renderer: Option<Renderer>,
    listener: Option<Listener>,
    snapshots: watch::Sender<Arc<Snapshot>>,
}

impl Keeper {
    /// A keeper with nothing to show yet, and where its snapshots appear.
    pub fn new(pool: Pool, renderer: Option<Renderer>, interval: Duration) -> (Self, watch::Receiver<Arc<Snapshot>>) {
        let freshness = Freshness {
            data_version: 0,
            data_as_of: None,
            newest_execution_at: None,
            interval,
            trouble: None,
            server_time: Utc::now(),
        };
        let nothing = Snapshot { freshness, dashboard: None, drawings: Arc::default() };
        let (snapshots, receiver) = watch::channel(Arc::new(nothing));
        (Self { pool, renderer, listener: None, snapshots }, receiver)
    }

    /// Runs until cancelled.
    pub async fn run(mut self, cancel: CancellationToken) {
        while let Some(pause) = cancel.run_until_cancelled(self.step()).await {
            tokio::select! {
                () = cancel.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
                () = announced(&mut self.listener) => {}
            }
        }
    }

    /// Brings the snapshot up to date; the time to wait unless something is announced.
    pub async fn step(&mut self) -> Duration {
        if self.listener.is_none() {
            self.listener = store::refresh::listen(&self.pool).await.ok();
        }
        let known = self.snapshots.borrow().clone();
        let seen = tokio::time::timeout(PATIENCE, self.look(&known)).await.unwrap_or_else(|_| silent(&known));
        let pause = if seen.freshness.trouble.is_some() { RETRY_EVERY } else { ASK_EVERY };
        self.snapshots.send_if_modified(|snapshot| {
            let changed =
                Freshness { server_time: known.freshness.server_time, ..seen.freshness.clone() } != known.freshness;
            *snapshot = Arc::new(seen);
            changed
        });
        pause
    }

    /// What there is to show now, given what is known.
    async fn look(&self, known: &Snapshot) -> Snapshot {
        let mut seen =
            Snapshot { freshness: Freshness { server_time: Utc::now(), ..known.freshness.clone() }, ..known.clone() };
        match store::freshness::observe(&self.pool).await {
            Ok(observation) => self.take_in(&mut seen, observation).await,
            Err(error) => seen.freshness.trouble = Some(trouble(&error, &known.freshness)),
        }
        seen
    }

    async fn take_in(&self, seen: &mut Snapshot, observation: Observation) {
        let known = seen.freshness.trouble.take();
        seen.freshness.trouble = observation.failure.map(|failure| Trouble::RefreshFailed {
            at: failure.at,
            view_name: failure.view_name,
            message: failure.message.chars().take(MESSAGE_CHARACTERS).collect(),
        });
        seen.freshness.newest_execution_at = observation.newest_execution_at;
        // Refreshes may commit in another order than they are numbered, so the number alone does not tell.
        let shown = (seen.freshness.data_version, seen.freshness.data_as_of);
        if seen.dashboard.is_some() && (observation.data_version, observation.data_as_of) == shown {
            return;
        }
        match store::overview::load(&self.pool).await {
            Ok(Some(overview)) => {
                seen.freshness.data_version = overview.data_version;
                seen.freshness.data_as_of = Some(overview.data_as_of);
                let (dashboard, drawings) = drawings::draw(self.renderer.as_ref(), overview).await;
                seen.dashboard = Some(Arc::new(dashboard));
                seen.drawings = Arc::new(drawings);
            }
            Ok(None) => {}
            Err(error) => {
                let known = Freshness { trouble: known, ..seen.freshness.clone() };
                seen.freshness.trouble = Some(trouble(&error, &known));
            }
        }
    }
}

/// Waits until a refresh is announced or the connection that would announce it is lost.
async fn announced(listener: &mut Option<Listener>) {
    let Some(connected) = listener else { return std::future::pending().await };
    match connected.next().await {
        Ok(Some(_)) => {}
        // To be made anew before the next look, so that nothing is missed in between.
        lost => {
            tracing::warn!(
                error = lost.err().map(tracing::field::display),
                "lost the connection that announces refreshes"
            );
            *listener = None;
        }
    }
}

/// What there is to show when the database swallowed the question.
fn silent(known: &Snapshot) -> Snapshot {
    let error = StoreError::from_silence();
    let trouble = Some(trouble(&error, &known.freshness));
    Snapshot { freshness: Freshness { trouble, server_time: Utc::now(), ..known.freshness.clone() }, ..known.clone() }
}

/// What to tell of an error, with the time since when it lasts.
fn trouble(error: &StoreError, known: &Freshness) -> Trouble {
    let since = |known: Option<DateTime<Utc>>| known.unwrap_or_else(Utc::now);
    if error.is_unreachable() {
        let before = match known.trouble {
            Some(Trouble::DatabaseUnreachable { since }) => Some(since),
            _ => None,
        };
        if before.is_none() {
            tracing::error!(%error, "the database does not answer");
        }
        return Trouble::DatabaseUnreachable { since: since(before) };
    }
    let before = match known.trouble {
        Some(Trouble::ViewsUnreadable { since }) => Some(since),
        _ => None,
    };
    if before.is_none() {
        tracing::error!(%error, "the views could not be read");
    }
    Trouble::ViewsUnreadable { since: since(before) }
}
