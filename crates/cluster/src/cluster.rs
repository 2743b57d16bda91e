//! A running cluster, as the rest of Tidemark sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::error::ClusterError;
use crate::home::Home;
use crate::relocate::reachable_binaries;
use crate::settings::Settings;
use crate::socket;
use crate::supervisor::Supervisor;

/// A running Postgres cluster, supervised by a task of the current tokio runtime.
///
/// End it with [`stop`](Self::stop). Dropping it asks Postgres to stop too, but does not wait until it has.
#[derive(Debug)]
pub struct Cluster {
    url: String,
    is_owner: Arc<AtomicBool>,
    stop: CancellationToken,
    task: Option<JoinHandle<Result<(), ClusterError>>>,
}

impl Cluster {
    /// Starts the cluster in the data directory, making it first if there is none. When another process runs it
    /// already, this one becomes its guest.
    ///
    /// # Errors
    /// When the programs don't fit the data, the user of Postgres can't reach the data directory, or Postgres isn't
    /// ready within the start timeout. Nothing is left running then.
    pub async fn start(settings: Settings) -> Result<Self, ClusterError> {
        let home = Home::prepare(&settings)?;
        let binaries = reachable_binaries(&settings, home.account.as_ref())?;
        let (stop, is_owner) = (CancellationToken::new(), Arc::default());
        let supervisor = Supervisor { home, binaries, settings, stop: stop.clone(), is_owner: Arc::clone(&is_owner) };
        let ownership = supervisor.join().await?;
        let url = socket::url(&supervisor.home)?;
        let task = Some(tokio::spawn(supervisor.run(ownership)));
        Ok(Self { url, is_owner, stop, task })
    }

    /// Where to connect, as sqlx reads it: the superuser `tidemark` and the database `tidemark`. It stays the same when
    /// Postgres is restarted and when a guest takes over.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether this process runs the cluster; a guest uses the one that another process runs. A guest becomes the owner
    /// when the owner goes away.
    pub fn is_owner(&self) -> bool {
        self.is_owner.load(Ordering::Relaxed)
    }

    /// Stops the cluster and returns when it is gone; a guest just leaves it. Running statements are rolled back.
    ///
    /// # Errors
    /// When Postgres could not even be killed, or the runtime that supervised it is gone.
    pub async fn stop(mut self) -> Result<(), ClusterError> {
        self.stop.cancel();
        match self.task.take() {
            Some(task) => task.await.map_err(|_| ClusterError::SupervisorGone)?,
            None => Ok(()),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
