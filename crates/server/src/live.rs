//! Keeps knowing how fresh the data is: asks whether something changed, tells a new data version when it did, and says what
//! is wrong when the database goes away. While somebody looks that is every second, otherwise now and then, and never
//! more often than the budget allows.

mod trouble;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Timelike, Utc};
use domain::freshness::{Freshness, Trouble};
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

/// How often there is a new data version although nothing changed: the last 24 hours move on all the same.
const RENEW_EVERY: Duration = Duration::from_secs(60);

/// How often browsers are told that the data is as of a later moment, when that is all the news.
const TELL_EVERY: chrono::TimeDelta = chrono::TimeDelta::seconds(5);

/// Keeps up with the data.
pub struct Keeper {
    pool: Pool,
    account: Account,
    audience: watch::Receiver<Attendance>,
    /// How often the database is asked while somebody looks.
    pulse_every: Duration,
    listener: Option<Listener>,
    newest: watch::Sender<Arc<Freshness>>,
    /// The pulse of the newest data version.
    beat: Option<String>,
    renewed_at: Option<Instant>,
    observed_at: Option<Instant>,
    looked_at: Option<Instant>,
    /// Whether a fold or a refresh was announced since the last look.
    is_announced: bool,
    /// The moment of the data that browsers were told last.
    told_as_of: Option<DateTime<Utc>>,
}

impl Keeper {
    /// A keeper that knows nothing yet, and where it tells what it knows. `interval` is how often views are refreshed.
    pub fn new(
        pool: Pool,
        account: Account,
        audience: watch::Receiver<Attendance>,
        interval: Duration,
        pulse_every: Duration,
    ) -> (Self, watch::Receiver<Arc<Freshness>>) {
        let freshness = Freshness::unknown(interval, Utc::now());
        let (newest, receiver) = watch::channel(Arc::new(freshness));
        let keeper = Self {
            pool,
            account,
            audience,
            pulse_every,
            listener: None,
            newest,
            beat: None,
            renewed_at: None,
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
        let known = self.newest.borrow().clone();
        let mut seen = Freshness::clone(&known);
        let looked = tokio::time::timeout(PATIENCE, self.look(&mut seen)).await;
        if let Err(error) = looked.unwrap_or_else(|_| Err(StoreError::from_silence())) {
            seen.trouble = Some(trouble::of_error(&error, known.trouble.as_ref()));
        }
        seen.server_time = Utc::now();
        seen.spending = Some(self.account.spending());
        self.looked_at = Some(Instant::now());
        self.publish(&known, seen);
        self.rest()
    }

    /// How long to wait before the next look.
    fn rest(&self) -> Duration {
        let Some(looked_at) = self.looked_at else { return Duration::ZERO };
        let every = if self.newest.borrow().trouble.as_ref().is_some_and(Trouble::keeps_from_reading) {
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
    async fn look(&mut self, seen: &mut Freshness) -> Result<(), StoreError> {
        let begun = Instant::now();
        let is_due = self.observed_at.is_none_or(|moment| moment.elapsed() >= OBSERVE_EVERY);
        if is_due || self.is_announced || seen.trouble.is_some() {
            self.observe(seen).await?;
        }
        self.is_announced = false;
        let pulse = store::refresh::pulse(&self.pool).await?;
        // Nothing is shown before everything was counted once.
        if seen.build.is_none() {
            if !self.is_current(seen, &pulse) {
                seen.data_version = pulse.moment.timestamp_millis();
                (self.renewed_at, self.beat) = (Some(Instant::now()), Some(pulse.beat));
            }
            seen.data_as_of = seen.data_as_of.max(Some(pulse.moment));
        }
        let took = begun.elapsed();
        tracing::debug!(?took, data_version = seen.data_version, "looked at the database");
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

    /// Whether the newest data version is what a load would bring.
    fn is_current(&self, seen: &Freshness, pulse: &Pulse) -> bool {
        let Some(as_of) = seen.data_as_of else { return false };
        let is_recent = self.renewed_at.is_some_and(|moment| moment.elapsed() < RENEW_EVERY);
        let is_same_hour = as_of.hour() == pulse.moment.hour();
        self.beat.as_ref() == Some(&pulse.beat) && is_recent && is_same_hour
    }

    /// Tells what was seen, and wakes whoever listens if it is news.
    fn publish(&mut self, known: &Freshness, seen: Freshness) {
        let has_moved = seen.data_as_of.is_some_and(|now| self.told_as_of.is_none_or(|told| now - told >= TELL_EVERY));
        let is_news = has_moved || news(&seen) != news(known);
        if is_news {
            self.told_as_of = seen.data_as_of;
        }
        self.newest.send_if_modified(|newest| {
            *newest = Arc::new(seen);
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

    #[test]
    fn neither_the_clock_nor_what_was_spent_is_news() {
        let known = Freshness::unknown(Duration::from_secs(60), Utc::now());
        let later = Freshness { server_time: known.server_time + Duration::from_secs(9), ..known.clone() };
        assert_eq!(news(&later), news(&known));
        let moved = Freshness { data_as_of: Some(known.server_time), ..known.clone() };
        assert_eq!(news(&moved), news(&known), "that is told now and then");
        assert_ne!(news(&Freshness { data_version: 1, ..known.clone() }), news(&known));
        assert_ne!(news(&Freshness { views_as_of: Some(known.server_time), ..known.clone() }), news(&known));
    }
}
