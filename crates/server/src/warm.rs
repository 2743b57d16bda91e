//! Keeps the overview drawn while pages are asked for, off the request path and only as far as the budget allows: most
//! look at it first.

use std::time::{Duration, Instant};

use refresh::{Account, Work};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{audience::Attendance, views::Views};

/// From one drawing to the next while pages are asked for.
const DRAW_EVERY: Duration = Duration::from_secs(3);

/// The same while nobody asks for one.
const IDLE_EVERY: Duration = Duration::from_secs(30);

/// Draws what is new.
pub struct Warmer {
    views: Views,
    account: Account,
    audience: watch::Receiver<Attendance>,
    drawn_at: Option<Instant>,
    drawn_version: i64,
}

impl Warmer {
    /// One that has not drawn yet.
    pub fn new(views: Views, account: Account, audience: watch::Receiver<Attendance>) -> Self {
        Self { views, account, audience, drawn_at: None, drawn_version: 0 }
    }

    /// Runs until cancelled, or until nothing new can come.
    pub async fn run(mut self, cancel: CancellationToken) {
        let mut newest = self.views.watch();
        while let Some(pause) = cancel.run_until_cancelled(self.step()).await {
            tokio::select! {
                () = cancel.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
                changed = newest.changed() => if changed.is_err() { return },
                Ok(()) = self.audience.changed() => {}
            }
        }
    }

    /// Draws the newest data if that is due; the time to wait unless something new comes.
    pub async fn step(&mut self) -> Duration {
        let version = self.views.newest().data_version;
        if version == self.drawn_version {
            return IDLE_EVERY;
        }
        let rest = self.rest();
        if rest.is_zero() {
            self.views.keep_home().await;
            (self.drawn_at, self.drawn_version) = (Some(Instant::now()), version);
        }
        self.rest()
    }

    /// How long to wait before the next drawing.
    fn rest(&self) -> Duration {
        let Some(drawn_at) = self.drawn_at else { return Duration::ZERO };
        let every = if self.audience.borrow().wants_pages() { DRAW_EVERY } else { IDLE_EVERY };
        every.saturating_sub(drawn_at.elapsed()).max(self.account.wait(Work::Draw))
    }
}
