//! The postmaster, the first process of a running Postgres, as a child of this process.

use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::binaries::Binaries;
use crate::error::{ClusterError, Trying};
use crate::home::Home;
use crate::initialize::{command, initialize};
use crate::log;
use crate::running::{POLL, Running, clear_the_way};
use crate::settings::Settings;
use crate::socket;

/// A postmaster that takes connections, or did. Dropping it asks it to stop, without waiting.
#[derive(Debug)]
pub(crate) struct Postmaster {
    child: Child,
}

impl Postmaster {
    /// Starts Postgres on the data of `home`, making them first if need be, and waits until it takes connections.
    /// Gives up when `stop` is cancelled, and leaves nothing running when it fails. Only for who holds the lock.
    pub(crate) async fn start(
        home: &Home,
        binaries: &Binaries,
        settings: &Settings,
        stop: &CancellationToken,
    ) -> Result<Self, ClusterError> {
        let deadline = Instant::now() + settings.start_timeout;
        initialize(home, binaries, settings).await?;
        clear_the_way(home, settings.stop_timeout).await?;
        log::keep_short(&home.log());
        loop {
            match Self::start_once(home, binaries, settings, stop).await {
                Err(error) if waits_for_old_processes(&error) && Instant::now() < deadline => {
                    tracing::info!("processes of the Postgres before are still ending, waiting for them");
                    sleep(POLL * 5).await;
                }
                started => return started,
            }
        }
    }

    async fn start_once(
        home: &Home,
        binaries: &Binaries,
        settings: &Settings,
        stop: &CancellationToken,
    ) -> Result<Self, ClusterError> {
        let log_start = log::end(&home.log());
        let socket_directory = socket::prepare(home)?;
        let mut postmaster = Self::spawn(home, binaries, settings, &socket_directory)?;
        let ended = tokio::select! {
            ready = postmaster.until_ready(home, settings.start_timeout, log_start) => ready,
            () = stop.cancelled() => Err(ClusterError::Cancelled),
        };
        match ended {
            Ok(()) => Ok(postmaster),
            Err(error) => {
                postmaster.stop(settings.stop_timeout).await?;
                Err(error)
            }
        }
    }

    fn spawn(
        home: &Home,
        binaries: &Binaries,
        settings: &Settings,
        socket_directory: &Path,
    ) -> Result<Self, ClusterError> {
        let mut command = command(home, binaries, "postgres");
        command.arg("-D").arg(home.data()).kill_on_drop(false);
        set(&mut command, "listen_addresses", "");
        // Quoted, as the setting is a list.
        let quoted = format!("\"{}\"", socket_directory.to_string_lossy().replace('"', "\"\""));
        set(&mut command, "unix_socket_directories", &quoted);
        set(&mut command, "unix_socket_permissions", "0700");
        set(&mut command, "max_connections", &settings.max_connections.to_string());
        // The role is called as the schema of Tidemark's own: tables that a person makes would land there by default.
        set(&mut command, "search_path", "public");
        for name in ["timezone", "log_timezone"] {
            set(&mut command, name, "UTC");
        }
        for name in ["fsync", "full_page_writes", "synchronous_commit"] {
            set(&mut command, name, if settings.durable { "on" } else { "off" });
        }
        for (name, value) in &settings.parameters {
            set(&mut command, name, value);
        }
        let log = log::open(&home.log())?;
        command.stdout(log.try_clone().trying("open the log", &home.log())?).stderr(log);
        Ok(Self { child: command.spawn().trying("run", &binaries.program("postgres"))? })
    }

    /// Waits until it takes connections; it says so in `postmaster.pid`, which tells no event.
    async fn until_ready(&mut self, home: &Home, patience: Duration, log_start: u64) -> Result<(), ClusterError> {
        let pid = self.pid();
        let ready = async {
            while !Running::recorded(home).is_some_and(|running| running.ready && Some(running.pid) == pid) {
                sleep(POLL).await;
            }
        };
        let quote = || log::quote(&home.log(), log_start);
        tokio::select! {
            status = self.child.wait() => Err(ClusterError::EndedWhileStarting {
                status: status.trying("wait for Postgres on", &home.data())?.to_string(),
                log: home.log(),
                log_end: quote(),
            }),
            in_time = timeout(patience, ready) => in_time.map_err(|_| ClusterError::NotReady {
                timeout: patience,
                log: home.log(),
                log_end: quote(),
            }),
        }
    }

    /// Its process; `None` when it has ended.
    pub(crate) fn pid(&self) -> Option<Pid> {
        self.child.id().and_then(|pid| i32::try_from(pid).ok()).map(Pid::from_raw)
    }

    /// Waits until it ends.
    pub(crate) async fn ended(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Stops it: politely first (running statements are rolled back), ever less so after each `patience`. Returns when
    /// it is gone.
    pub(crate) async fn stop(mut self, patience: Duration) -> Result<(), ClusterError> {
        for signal in [Signal::SIGINT, Signal::SIGQUIT] {
            self.send(signal);
            if timeout(patience, self.child.wait()).await.is_ok() {
                return Ok(());
            }
            tracing::warn!(%signal, ?patience, "Postgres did not stop in time");
        }
        self.child.kill().await.trying("kill", Path::new("postgres"))
    }

    fn send(&self, signal: Signal) {
        if let Some(pid) = self.pid() {
            // It can only fail when the process is gone.
            let _ = kill(pid, signal);
        }
    }
}

impl Drop for Postmaster {
    fn drop(&mut self) {
        self.send(Signal::SIGINT);
    }
}

fn set(command: &mut Command, name: &str, value: &str) {
    command.arg("-c").arg(format!("{name}={value}"));
}

/// Whether a start failed because processes of a killed postmaster still hold its shared memory, as they do for a moment.
fn waits_for_old_processes(error: &ClusterError) -> bool {
    matches!(error, ClusterError::EndedWhileStarting { log_end, .. } if log_end.contains("shared memory block"))
}
