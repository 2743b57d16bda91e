//! Refreshes on schedule, on one server of all that share a database.

use std::time::Duration;

use chrono::Utc;
use store::{Pool, StoreError, refresh::Leadership};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::schedule::{Settings, pause_after};

/// How often a server that does not lead asks whether it may.
const ASK_TO_LEAD_EVERY: Duration = Duration::from_secs(5);

/// How often old entries of the log are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(6 * 3600);

/// Refreshes on schedule while it leads.
pub struct Scheduler {
    pool: Pool,
    settings: Settings,
    leadership: Option<Leadership>,
    failures: u32,
    forgot_at: Option<Instant>,
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Another server leads, or the database does not answer.
    Followed,
    /// The views are fresh enough; a refresh is due after this time.
    Waited(Duration),
    /// All views were refreshed.
    Refreshed,
    /// Some view, or the whole run, failed.
    Failed,
}

impl Scheduler {
    /// A scheduler that has not begun.
    #[must_use]
    pub fn new(pool: Pool, settings: Settings) -> Self {
        Self { pool, settings, leadership: None, failures: 0, forgot_at: None }
    }

    /// Steps until cancelled. A refresh under way is given up then; the database rolls it back.
    pub async fn run(mut self, cancel: CancellationToken) {
        while let Some(step) = cancel.run_until_cancelled(self.step()).await {
            let pause = self.pause(step);
            if cancel.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                break;
            }
        }
        if let Some(leadership) = self.leadership.take() {
            leadership.resign().await;
        }
    }

    /// One step: leads if it may, refreshes if that is due.
    pub async fn step(&mut self) -> Step {
        if !self.leads().await {
            return Step::Followed;
        }
        match self.due_in().await {
            Ok(Some(wait)) if self.failures == 0 => return Step::Waited(wait),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "cannot tell when the views were refreshed");
                return Step::Followed;
            }
        }
        let step = self.refresh().await;
        self.failures = if step == Step::Refreshed { 0 } else { self.failures.saturating_add(1) };
        self.forget_old().await;
        step
    }

    /// How long to pause after a step.
    fn pause(&self, step: Step) -> Duration {
        match step {
            Step::Followed => ASK_TO_LEAD_EVERY,
            Step::Waited(wait) => wait,
            Step::Refreshed | Step::Failed => pause_after(self.failures, self.settings.interval, rand::random()),
        }
    }

    async fn leads(&mut self) -> bool {
        if let Some(leadership) = &mut self.leadership {
            if leadership.still_held().await {
                return true;
            }
            tracing::warn!("lost the lead: its connection to the database broke");
            self.leadership = None;
        }
        match store::refresh::lead(&self.pool).await {
            Ok(leadership) => self.leadership = leadership,
            Err(error) => tracing::debug!(%error, "cannot ask for the lead"),
        }
        if self.leadership.is_some() {
            tracing::info!("this server leads: it refreshes the views");
        }
        self.leadership.is_some()
    }

    /// The time until the oldest view is due, `None` when it is now. Others refresh too: a cron, a person, a leader before.
    async fn due_in(&self) -> Result<Option<Duration>, StoreError> {
        let observation = store::freshness::observe(&self.pool).await?;
        let Some(data_as_of) = observation.data_as_of else { return Ok(None) };
        let age = (Utc::now() - data_as_of).to_std().unwrap_or_default();
        // A view that is nearly due is due: a pause that chance shortened would otherwise be followed by a sliver.
        let due = pause_after(0, self.settings.interval, 1.0);
        Ok(due.checked_sub(age).filter(|wait| !wait.is_zero()))
    }

    async fn refresh(&self) -> Step {
        match store::refresh::run(&self.pool, "scheduler", self.settings.timeout).await {
            Ok(views) => {
                let failed: Vec<_> = views.iter().filter(|view| !view.success).collect();
                for view in &failed {
                    tracing::error!(view = view.view_name, error = view.error_message, "a view could not be refreshed");
                }
                if failed.is_empty() { Step::Refreshed } else { Step::Failed }
            }
            Err(error) => {
                tracing::error!(%error, "the refresh failed");
                Step::Failed
            }
        }
    }

    async fn forget_old(&mut self) {
        if self.forgot_at.is_some_and(|moment| moment.elapsed() < FORGET_EVERY) {
            return;
        }
        match store::refresh::forget_old(&self.pool, self.settings.log_retention).await {
            Ok(_) => self.forgot_at = Some(Instant::now()),
            Err(error) => tracing::warn!(%error, "old entries of the refresh log could not be forgotten"),
        }
    }
}
