//! Keeps Postgres running until asked to stop; and lets a guest become the owner.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use crate::binaries::Binaries;
use crate::error::ClusterError;
use crate::home::Home;
use crate::lock::Lock;
use crate::log;
use crate::postmaster::Postmaster;
use crate::running::Running;
use crate::settings::Settings;
use crate::socket;

/// The pauses between restarts that fail: doubled from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LAST_PAUSE: Duration = Duration::from_secs(30);
/// After this long without trouble the pauses begin with the first again.
const HEALTHY_AFTER: Duration = Duration::from_secs(60);
/// How often a guest looks whether the owner is gone; a file lock tells no event.
const GUEST_POLL: Duration = Duration::from_millis(200);
/// How often the log is looked at.
const LOG_CHECK: Duration = Duration::from_secs(60);

/// One process's share in a cluster.
#[derive(Debug)]
pub(crate) struct Supervisor {
    pub(crate) home: Home,
    pub(crate) binaries: Binaries,
    pub(crate) settings: Settings,
    /// Cancelled when the cluster is to stop.
    pub(crate) stop: CancellationToken,
    /// Whether this process owns the cluster.
    pub(crate) is_owner: Arc<AtomicBool>,
}

/// What the owner holds.
#[derive(Debug)]
pub(crate) struct Ownership {
    postmaster: Postmaster,
    // After the postmaster, as fields are dropped in this order.
    lock: Lock,
}

impl Supervisor {
    /// Becomes the owner of the cluster and starts it; or a guest (`None`) once it runs under another process.
    pub(crate) async fn join(&self) -> Result<Option<Ownership>, ClusterError> {
        let deadline = Instant::now() + self.settings.start_timeout;
        loop {
            if let Some(lock) = Lock::try_take(&self.home.lock())? {
                let postmaster = self.start().await?;
                return Ok(Some(Ownership { postmaster, lock }));
            }
            if Running::find(&self.home).is_some_and(|running| running.ready) {
                tracing::info!("using the Postgres that another process runs");
                return Ok(None);
            }
            if Instant::now() >= deadline {
                let (log, timeout) = (self.home.log(), self.settings.start_timeout);
                return Err(ClusterError::NotReady { timeout, log_end: log::quote(&log, 0), log });
            }
            sleep(GUEST_POLL).await;
        }
    }

    /// Supervises until asked to stop. The owner then stops Postgres, a guest just leaves.
    pub(crate) async fn run(self, ownership: Option<Ownership>) -> Result<(), ClusterError> {
        let ownership = match ownership {
            Some(ownership) => Some(ownership),
            None => self.take_over().await,
        };
        let Some(Ownership { postmaster, lock }) = ownership else { return Ok(()) };
        let stopped = match self.keep_running(postmaster).await {
            Some(postmaster) => postmaster.stop(self.settings.stop_timeout).await,
            None => Ok(()),
        };
        socket::tidy_up(&self.home);
        drop(lock);
        self.is_owner.store(false, Ordering::Relaxed);
        tracing::info!("Postgres is stopped");
        stopped
    }

    /// Waits as a guest until the owner is gone, then starts Postgres. `None` when asked to stop.
    async fn take_over(&self) -> Option<Ownership> {
        let lock = self.unless_stopped(self.wait_for_lock()).await?;
        tracing::info!("the owner of the Postgres is gone, taking over");
        let postmaster = self.restart(FIRST_PAUSE).await?;
        Some(Ownership { postmaster, lock })
    }

    async fn wait_for_lock(&self) -> Lock {
        loop {
            match Lock::try_take(&self.home.lock()) {
                Ok(Some(lock)) => return lock,
                Ok(None) => {}
                Err(error) => tracing::debug!(%error, "could not see who owns the Postgres"),
            }
            sleep(GUEST_POLL).await;
        }
    }

    /// Restarts Postgres whenever it ends. Returns when asked to stop, with what is running then.
    async fn keep_running(&self, mut postmaster: Postmaster) -> Option<Postmaster> {
        let mut pause = FIRST_PAUSE;
        let mut log_check = interval(LOG_CHECK);
        log_check.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut started = Instant::now();
        loop {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return Some(postmaster),
                _ = log_check.tick() => log::keep_short(&self.home.log()),
                status = postmaster.ended() => {
                    tracing::error!(?status, log = %self.home.log().display(), "Postgres ended, restarting it");
                    pause = if started.elapsed() > HEALTHY_AFTER { FIRST_PAUSE } else { longer(pause) };
                    postmaster = self.restart(pause).await?;
                    started = Instant::now();
                }
            }
        }
    }

    /// Starts Postgres, however often it takes. `None` when asked to stop.
    async fn restart(&self, mut pause: Duration) -> Option<Postmaster> {
        loop {
            match self.start().await {
                Ok(postmaster) => return Some(postmaster),
                Err(ClusterError::Cancelled) => return None,
                Err(error) => tracing::error!(%error, next_try = ?pause, "Postgres does not start"),
            }
            self.unless_stopped(sleep(pause)).await?;
            pause = longer(pause);
        }
    }

    async fn start(&self) -> Result<Postmaster, ClusterError> {
        let postmaster = Postmaster::start(&self.home, &self.binaries, &self.settings, &self.stop).await?;
        self.is_owner.store(true, Ordering::Relaxed);
        let pid = postmaster.pid().map(nix::unistd::Pid::as_raw);
        tracing::info!(pid, version = %self.binaries.version, data = %self.home.data().display(), "Postgres is running");
        Ok(postmaster)
    }

    async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            () = self.stop.cancelled() => None,
        }
    }
}

fn longer(pause: Duration) -> Duration {
    (pause * 2).min(LAST_PAUSE)
}
