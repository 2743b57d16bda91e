//! Keeps the data that pages show: asks whether something changed, loads it when it did, and says what is wrong when the
//! database goes away. The last data stays. While somebody looks that is every second, otherwise now and then, and never
//! more often than the budget allows.

mod trouble;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use app::snapshot::{Dashboard, Snapshot};
use chrono::{DateTime, Timelike, Utc};
use domain::{
    figure::FIGURES,
    freshness::{Freshness, Trouble},
    overview::Overview,
};
use refresh::{Account, Work};
use store::{
    Pool, StoreError,
    refresh::{Listener, Pulse},
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::audience::Attendance;

/// How long a look at the database may take; a network that swallows everything does not even refuse.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often the database is asked while nobody looks, when a fold or a refresh was announced.
const FOLLOW_EVERY: Duration = Duration::from_secs(10);

/// How often it is asked although nobody looks and nothing was announced.
const ASK_EVERY: Duration = Duration::from_secs(15);

/// How often a database is tried that does not answer.
const RETRY_EVERY: Duration = Duration::from_secs(2);

/// How often the freshness of the views is looked at, and who holds the counting back.
const OBSERVE_EVERY: Duration = Duration::from_secs(5);

/// How often the data is loaded although nothing changed: the last 24 hours move on all the same.
const RELOAD_EVERY: Duration = Duration::from_secs(60);

/// How often browsers are told that the data is as of a later moment, when that is all the news.
const TELL_EVERY: chrono::TimeDelta = chrono::TimeDelta::seconds(5);

/// Keeps the data up to date.
pub struct Keeper {
    pool: Pool,
    account: Account,
    audience: watch::Receiver<Attendance>,
    /// How often the database is asked while somebody looks.
    pulse_every: Duration,
    listener: Option<Listener>,
    snapshots: watch::Sender<Arc<Snapshot>>,
    /// The pulse before the last load.
    beat: Option<String>,
    loaded_at: Option<Instant>,
    observed_at: Option<Instant>,
    looked_at: Option<Instant>,
    /// Whether a fold or a refresh was announced since the last look.
    is_announced: bool,
    /// The moment of the data that browsers were told last.
    told_as_of: Option<DateTime<Utc>>,
}

impl Keeper {
    /// A keeper with nothing to show yet, and where its snapshots appear. `interval` is how often views are refreshed.
    pub fn new(
        pool: Pool,
        account: Account,
        audience: watch::Receiver<Attendance>,
        interval: Duration,
        pulse_every: Duration,
    ) -> (Self, watch::Receiver<Arc<Snapshot>>) {
        let freshness = Freshness::unknown(interval, Utc::now());
        let nothing = Snapshot { freshness, dashboard: None, drawings: Arc::default() };
        let (snapshots, receiver) = watch::channel(Arc::new(nothing));
        let keeper = Self {
            pool,
            account,
            audience,
            pulse_every,
            listener: None,
            snapshots,
            beat: None,
            loaded_at: None,
            observed_at: None,
            looked_at: None,
            is_announced: false,
            told_as_of: None,
        };
        (keeper, receiver)
    }

    /// Runs until cancelled.
    pub async fn run(mut self, cancel: CancellationToken) {
        while let Some(pause) = cancel.run_until_cancelled(self.step()).await {
            tokio::select! {
                () = cancel.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
                () = announced(&mut self.listener) => self.is_announced = true,
                // The audience outlives its keeper; if it ever did not, nobody would look.
                Ok(()) = self.audience.changed() => {}
            }
        }
    }

    /// Looks at the database if that is due; the time to wait unless something is announced or somebody comes.
    pub async fn step(&mut self) -> Duration {
        let rest = self.rest();
        if !rest.is_zero() {
            return rest;
        }
        if self.listener.is_none() {
            self.listener = store::refresh::listen(&self.pool).await.ok();
        }
        let known = self.snapshots.borrow().clone();
        let mut seen = Snapshot::clone(&known);
        let looked = tokio::time::timeout(PATIENCE, self.look(&mut seen)).await;
        if let Err(error) = looked.unwrap_or_else(|_| Err(StoreError::from_silence())) {
            seen.freshness.trouble = Some(trouble::of_error(&error, known.freshness.trouble.as_ref()));
        }
        seen.freshness.server_time = Utc::now();
        seen.freshness.spending = Some(self.account.spending());
        self.looked_at = Some(Instant::now());
        self.publish(&known, seen);
        self.rest()
    }

    /// How long to wait before the next look.
    fn rest(&self) -> Duration {
        let Some(looked_at) = self.looked_at else { return Duration::ZERO };
        let every = if self.snapshots.borrow().freshness.trouble.as_ref().is_some_and(Trouble::keeps_from_reading) {
            RETRY_EVERY
        } else if self.audience.borrow().is_looking() {
            self.pulse_every
        } else if self.is_announced {
            FOLLOW_EVERY
        } else {
            ASK_EVERY
        };
        every.saturating_sub(looked_at.elapsed()).max(self.account.wait(Work::Look))
    }

    /// Takes in what there is to show now.
    async fn look(&mut self, seen: &mut Snapshot) -> Result<(), StoreError> {
        let begun = Instant::now();
        let is_due = self.observed_at.is_none_or(|moment| moment.elapsed() >= OBSERVE_EVERY);
        if is_due || self.is_announced || seen.freshness.trouble.is_some() {
            self.observe(&mut seen.freshness).await?;
        }
        self.is_announced = false;
        let pulse = store::refresh::pulse(&self.pool).await?;
        if self.is_current(seen, &pulse) {
            seen.freshness.data_as_of = seen.freshness.data_as_of.max(Some(pulse.moment));
        } else {
            if let Some(overview) = store::overview::load(&self.pool).await? {
                show(seen, overview);
                self.loaded_at = Some(Instant::now());
            }
            self.beat = Some(pulse.beat);
        }
        let took = begun.elapsed();
        tracing::debug!(?took, data_version = seen.freshness.data_version, "looked at the database");
        self.account.spend(Work::Look, took);
        Ok(())
    }

    async fn observe(&mut self, freshness: &mut Freshness) -> Result<(), StoreError> {
        let observation = store::freshness::observe(&self.pool).await?;
        freshness.views_as_of = observation.views_as_of;
        freshness.build = observation.build.map(|build| build.after(freshness.build.as_ref()));
        freshness.holder = observation.holder;
        freshness.trouble = observation.failure.map(trouble::of_failure);
        self.observed_at = Some(Instant::now());
        Ok(())
    }

    /// Whether what is shown is what a load would bring.
    fn is_current(&self, seen: &Snapshot, pulse: &Pulse) -> bool {
        let Some(dashboard) = &seen.dashboard else { return false };
        let is_recent = self.loaded_at.is_some_and(|moment| moment.elapsed() < RELOAD_EVERY);
        let is_same_hour = dashboard.overview.data_as_of.hour() == pulse.moment.hour();
        self.beat.as_ref() == Some(&pulse.beat) && is_recent && is_same_hour
    }

    /// Hands out what was seen, and wakes whoever listens if it is news.
    fn publish(&mut self, known: &Snapshot, seen: Snapshot) {
        let has_moved =
            seen.freshness.data_as_of.is_some_and(|now| self.told_as_of.is_none_or(|told| now - told >= TELL_EVERY));
        let is_news = has_moved || news(&seen.freshness) != news(&known.freshness);
        if is_news {
            self.told_as_of = seen.freshness.data_as_of;
        }
        self.snapshots.send_if_modified(|snapshot| {
            *snapshot = Arc::new(seen);
            is_news
        });
    }
}

/// What of freshness is news by itself: not the clock, nor what was spent, nor that the same data is as of a later moment.
fn news(freshness: &Freshness) -> Freshness {
    let mut news = Freshness { data_as_of: None, spending: None, ..freshness.clone() };
    news.server_time = DateTime::UNIX_EPOCH;
    news
}

/// Shows an overview, with the charts as options for browsers. One that says the same as what is shown only moves the
/// moment on.
fn show(seen: &mut Snapshot, overview: Overview) {
    seen.freshness.data_as_of = Some(overview.data_as_of);
    if let Some(shown) = &seen.dashboard {
        let Overview { data_version, data_as_of, .. } = shown.overview;
        if (Overview { data_version, data_as_of, ..overview.clone() }) == shown.overview {
            return;
        }
    }
    seen.freshness.data_version = overview.data_version;
    let options = FIGURES.map(|figure| (figure, charts::option(figure, &overview).to_string())).into();
    seen.dashboard = Some(Arc::new(Dashboard { overview, options }));
}

/// Waits until a fold or a refresh is announced, or the connection that would announce it is lost.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot() -> Snapshot {
        let freshness = Freshness::unknown(Duration::from_secs(60), Utc::now());
        Snapshot { freshness, dashboard: None, drawings: Arc::default() }
    }

    fn overview(milliseconds: i64, failed: i64) -> Overview {
        let data_as_of = DateTime::from_timestamp_millis(milliseconds).unwrap_or_default();
        let mut overview = Overview { data_version: milliseconds, data_as_of, ..Overview::default() };
        overview.summary.current.counts.failed = failed;
        overview
    }

    #[test]
    fn data_that_says_the_same_only_moves_the_moment() {
        let mut seen = snapshot();
        show(&mut seen, overview(1_000, 7));
        let first = seen.dashboard.clone();
        show(&mut seen, overview(2_000, 7));
        assert_eq!((seen.freshness.data_version, &seen.dashboard), (1_000, &first));
        assert_eq!(seen.freshness.data_as_of, DateTime::from_timestamp_millis(2_000));
        show(&mut seen, overview(3_000, 8));
        assert_eq!(seen.freshness.data_version, 3_000);
        assert!(seen.dashboard != first && seen.dashboard.is_some_and(|shown| shown.options.len() == FIGURES.len()));
    }

    #[test]
    fn neither_the_clock_nor_what_was_spent_is_news() {
        let known = snapshot().freshness;
        let later = Freshness { server_time: known.server_time + Duration::from_secs(9), ..known.clone() };
        assert_eq!(news(&later), news(&known));
        let moved = Freshness { data_as_of: Some(known.server_time), ..known.clone() };
        assert_eq!(news(&moved), news(&known), "that is told now and then");
        assert_ne!(news(&Freshness { data_version: 1, ..known.clone() }), news(&known));
        assert_ne!(news(&Freshness { views_as_of: Some(known.server_time), ..known.clone() }), news(&known));
    }
}
