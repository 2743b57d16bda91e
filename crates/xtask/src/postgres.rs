//! Throw-away Postgres clusters for tests and for describing the queries.

use crate::{root, tools};
use anyhow::{Context, Result};
use cluster::{Binaries, Cluster, Settings};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

/// The setting for tests that prepare transactions, which Postgres forbids otherwise.
pub const PREPARES_TRANSACTIONS: [(&str, &str); 1] = [("max_prepared_transactions", "50")];

/// A cluster that is gone, with all that was in it, when this is dropped or the command is interrupted.
pub struct ThrowAway {
    runtime: Arc<Runtime>,
    url: String,
}

/// What is left to tidy up, at most one at a time. The lock is held while it starts and while it stops, so that an
/// interrupt in between waits.
static RUNNING: Mutex<Option<Running>> = Mutex::new(None);
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

struct Running {
    runtime: Arc<Runtime>,
    cluster: Cluster,
    _folder: TempDir,
}

impl ThrowAway {
    /// Starts a cluster with the given programs.
    pub fn start(binaries: &Binaries) -> Result<Self> {
        Self::start_with(binaries, &[])
    }

    /// Starts a cluster with the given programs and settings of Postgres.
    pub fn start_with(binaries: &Binaries, parameters: &[(&str, &str)]) -> Result<Self> {
        stop_at_interrupt();
        halt_if_interrupted();
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let runtime = Arc::new(runtime()?);
        // Others may enter: root runs Postgres as another user. The cluster's own folders keep them out.
        let open = Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new().prefix("tidemark-").permissions(open).tempdir()?;
        let mut settings = Settings::throw_away(folder.path().join("data"), binaries.clone());
        settings.parameters = parameters.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let started = runtime.block_on(Cluster::start(settings));
        let cluster = started.with_context(|| format!("cannot start Postgres {}", binaries.version))?;
        let url = cluster.url().to_owned();
        *running = Some(Running { runtime: Arc::clone(&runtime), cluster, _folder: folder });
        Ok(Self { runtime, url })
    }

    /// Where to connect, as its superuser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for something that talks to the cluster.
    pub fn wait_for<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        stop();
        halt_if_interrupted();
    }
}

fn stop() {
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(Running { runtime, cluster, _folder }) = running.take()
        && let Err(error) = runtime.block_on(cluster.stop())
    {
        eprintln!("warning: a throw-away Postgres did not stop cleanly: {error}");
    }
}

/// Leaves neither a process nor a folder behind at Ctrl-C.
fn stop_at_interrupt() {
    static WATCHING: Once = Once::new();
    WATCHING.call_once(|| {
        std::thread::spawn(|| {
            if runtime().is_ok_and(|runtime| runtime.block_on(interrupt()).is_ok()) {
                INTERRUPTED.store(true, Ordering::SeqCst);
                stop();
                std::process::exit(130);
            }
        });
    });
}

async fn interrupt() -> std::io::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    }
}

/// What was running has failed from the interrupt: nothing further is to begin until the process ends.
fn halt_if_interrupted() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        std::thread::park();
    }
}

fn runtime() -> Result<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(1).enable_all().build()?)
}

/// The Postgres of this machine: found, else installed, else fetched.
pub fn of_machine() -> Result<Binaries> {
    let runtime = runtime()?;
    if let Ok(found) = runtime.block_on(Binaries::find(None)) {
        return Ok(found);
    }
    if tools::apt_install("postgresql")? {
        return Ok(runtime.block_on(Binaries::find(None))?);
    }
    Ok(runtime.block_on(Binaries::find_or_fetch(&root().join("target/postgres"), None))?)
}

/// The Postgres in an npm package of end2end.
pub fn of_package(package: &Path) -> Result<Binaries> {
    if !package.is_dir() {
        anyhow::bail!("npm has no such package for this platform");
    }
    Ok(runtime()?.block_on(Binaries::in_npm_package(package))?)
}
