//! Refreshes on schedule, on one server of all that share a database.

use std::time::{Duration, Instant};

use chrono::Utc;
use domain::{freshness::elapsed, refreshes::Rhythm};
use store::{
    Pool, StoreError,
    freshness::Observation,
    refresh::{Fold, Leadership, ViewRefresh},
};
use tokio_util::sync::CancellationToken;

use crate::{
    budget::{Account, Work},
    live::{self, Views},
    schedule::{Schedule, Settings, pause_after},
};

/// How often a server that does not lead asks whether it may.
const ASK_TO_LEAD_EVERY: Duration = Duration::from_secs(5);

/// How often the leader asks whether an admin said something about refreshes, at least.
const LISTEN_EVERY: Duration = Duration::from_secs(10);

/// How often old entries of the log are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(6 * 3600);

/// Who asks for the scheduler's refreshes, as the log tells.
const ASKED_BY: &str = "scheduler";

/// Refreshes on schedule while it leads.
pub struct Scheduler {
    pool: Pool,
    settings: Settings,
    /// What makes a refresh due at the moment.
    schedule: Schedule,
    account: Account,
    leadership: Option<Leadership>,
    failures: u32,
    forgot_at: Option<Instant>,
    live: LiveState,
}

/// What the profile `live` remembers from step to step.
#[derive(Debug, Default)]
struct LiveState {
    /// The pulse before the last fold.
    beat: Option<String>,
    /// Whether something was committed that the views were not refreshed for.
    views_lag: bool,
    /// Steps in a row that found nothing.
    quiet: u32,
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Another server leads, or the database does not answer.
    Followed,
    /// There is nothing to do; the next look is due after this time.
    Waited(Duration),
    /// All views were refreshed.
    Refreshed,
    /// The rollups were brought up to date, and no view was refreshed.
    Folded,
    /// Some view, or the whole run, failed.
    Failed,
}

impl Scheduler {
    /// A scheduler that has not begun. What it does is paid from `account`.
    #[must_use]
    pub fn new(pool: Pool, settings: Settings, account: Account) -> Self {
        let live = LiveState::default();
        let schedule = settings.schedule;
        Self { pool, settings, schedule, account, leadership: None, failures: 0, forgot_at: None, live }
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

    /// One step: leads if it may, folds and refreshes if that is due.
    pub async fn step(&mut self) -> Step {
        if !self.leads().await {
            return Step::Followed;
        }
        let step = match self.asked_for().await {
            Ok(None) => Ok(Step::Waited(ASK_TO_LEAD_EVERY)),
            Ok(Some(Schedule::Every(interval))) => self.step_by_time(interval).await,
            Ok(Some(Schedule::Live)) => self.step_live().await,
            Err(error) => Err(error),
        };
        let step = step.unwrap_or_else(|error| {
            tracing::warn!(%error, "cannot tell whether a refresh is due");
            Step::Followed
        });
        match step {
            Step::Refreshed | Step::Folded => self.failures = 0,
            Step::Failed => self.failures = self.failures.saturating_add(1),
            Step::Followed | Step::Waited(_) => {}
        }
        if matches!(step, Step::Refreshed | Step::Failed) {
            self.forget_old().await;
        }
        step
    }

    /// What makes a refresh due: what an admin said, else the settings; `None` while refreshes are paused.
    async fn asked_for(&mut self) -> Result<Option<Schedule>, StoreError> {
        let wish = store::schedule::find(&self.pool).await?;
        let is_paused = wish.as_ref().is_some_and(|wish| wish.is_paused);
        self.schedule = match wish.and_then(|wish| wish.rhythm) {
            Some(Rhythm::Live) => Schedule::Live,
            Some(Rhythm::Every(seconds)) => Schedule::Every(Duration::from_secs(seconds.unsigned_abs())),
            None => self.settings.schedule,
        };
        Ok((!is_paused).then_some(self.schedule))
    }

    /// How long to pause after a step.
    fn pause(&self, step: Step) -> Duration {
        match (step, self.schedule) {
            (Step::Followed, _) => ASK_TO_LEAD_EVERY,
            (Step::Waited(wait), _) => wait.min(LISTEN_EVERY),
            (Step::Refreshed | Step::Folded, Schedule::Live) => live::pause_after_quiet(self.live.quiet),
            (Step::Failed, schedule) => pause_after(self.failures, schedule.interval(), rand::random()),
            // Not for longer than it may take until somebody says something else.
            (_, schedule) => pause_after(self.failures, schedule.interval(), rand::random()).min(LISTEN_EVERY),
        }
    }

    /// Refreshes when the time has come.
    async fn step_by_time(&mut self, interval: Duration) -> Result<Step, StoreError> {
        let observation = store::freshness::observe(&self.pool).await?;
        // A view that is nearly due is due: a pause that chance shortened would otherwise be followed by a sliver.
        let due = pause_after(0, interval, 1.0);
        // Others refresh too: a cron, a person, a leader before.
        let wait = age(&observation).and_then(|age| due.checked_sub(age)).filter(|wait| !wait.is_zero());
        match wait {
            Some(wait) if self.failures == 0 => Ok(Step::Waited(wait)),
            _ => Ok(self.refresh().await),
        }
    }

    /// Folds when something was committed, and refreshes the views when they lag or need a check, as the budget allows.
    async fn step_live(&mut self) -> Result<Step, StoreError> {
        let observation = store::freshness::observe(&self.pool).await?;
        if observation.build.is_some() {
            return Ok(Step::Waited(live::SHORTEST_PAUSE));
        }
        let folded = self.fold_changes().await?;
        if folded == Step::Failed && self.failures == 0 {
            return Ok(Step::Failed);
        }
        let views = Views {
            lag: self.live.views_lag || self.failures > 0,
            age: age(&observation),
            wait: self.account.wait(Work::Views),
        };
        // A fold that keeps failing is tried as part of a refresh, which tells pages why it fails.
        if views.are_due() || folded == Step::Failed { Ok(self.refresh().await) } else { Ok(folded) }
    }

    /// Folds if something was committed since the last fold; apart from the refresh, so that pages, which hear of it,
    /// need not wait for the views.
    async fn fold_changes(&mut self) -> Result<Step, StoreError> {
        let beat = store::refresh::pulse(&self.pool).await?.beat;
        let has_moved = self.live.beat.as_ref() != Some(&beat);
        if has_moved && self.account.wait(Work::Fold).is_zero() {
            self.live.beat = Some(beat);
            match self.fold().await {
                // The pulse beats after a fold, too: then this one finds nothing.
                Some(fold) if !fold.found_changes && !fold.is_held => {}
                Some(_) => {
                    (self.live.views_lag, self.live.quiet) = (true, 0);
                    return Ok(Step::Folded);
                }
                None => return Ok(Step::Failed),
            }
        } else if has_moved {
            self.live.quiet = 0;
            return Ok(Step::Waited(live::SHORTEST_PAUSE));
        }
        self.live.quiet = self.live.quiet.saturating_add(1);
        Ok(Step::Waited(live::pause_after_quiet(self.live.quiet)))
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

    /// What a fold did; `None` when it failed.
    async fn fold(&self) -> Option<Fold> {
        let begun = Instant::now();
        match store::refresh::fold(&self.pool, ASKED_BY, self.settings.timeout).await {
            Ok(fold) => {
                let waited = Duration::from_millis(fold.waited_ms.unsigned_abs().into());
                self.account.spend(Work::Fold, begun.elapsed().saturating_sub(waited));
                Some(fold)
            }
            Err(error) => {
                tracing::error!(%error, "the changes could not be folded");
                None
            }
        }
    }

    async fn refresh(&mut self) -> Step {
        match store::refresh::run(&self.pool, ASKED_BY, self.settings.timeout).await {
            Ok(views) => {
                self.account.spend(Work::Views, taken(&views));
                let failed: Vec<_> = views.iter().filter(|view| !view.success).collect();
                for view in &failed {
                    tracing::error!(view = view.view_name, error = view.error_message, "a view could not be refreshed");
                }
                self.live.views_lag = !failed.is_empty();
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

/// The age of the oldest view; `None` before all were refreshed.
fn age(observation: &Observation) -> Option<Duration> {
    observation.views_as_of.map(|as_of| elapsed(as_of, Utc::now()))
}

/// The time that the views took, without what a run waited for others.
fn taken(views: &[ViewRefresh]) -> Duration {
    views.iter().map(|view| Duration::from_millis(view.duration_ms.unsigned_abs().into())).sum()
}
