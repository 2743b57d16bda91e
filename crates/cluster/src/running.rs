//! A Postgres that runs on our data without being a child of this process: the owner's, seen by a guest; or an orphan
//! that a killed owner left.

use std::fs;
use std::path::Path;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::time::{Instant, sleep};

use crate::error::{ClusterError, Trying};
use crate::home::Home;

/// How often a condition that no event tells is looked at.
pub(crate) const POLL: Duration = Duration::from_millis(20);

/// What `postmaster.pid` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Running {
    /// The process of the postmaster.
    pub(crate) pid: Pid,
    /// Whether it takes connections.
    pub(crate) ready: bool,
}

impl Running {
    /// Reads `postmaster.pid`: the process is on its first line, its state on the eighth.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let pid: i32 = lines.next()?.trim().parse().ok()?;
        let state = lines.nth(6).unwrap_or_default().trim();
        (pid > 1).then(|| Self { pid: Pid::from_raw(pid), ready: state == "ready" })
    }

    /// What the file says, whether or not the process is there.
    pub(crate) fn recorded(home: &Home) -> Option<Self> {
        Self::parse(&fs::read_to_string(home.data().join("postmaster.pid")).ok()?)
    }

    /// The postmaster that runs on the data of `home`.
    pub(crate) fn find(home: &Home) -> Option<Self> {
        Self::recorded(home).filter(|running| is_postmaster_of(running.pid, &home.data()))
    }

    /// Stops it: politely first, ever less so after each `patience`. Returns when it is gone.
    async fn stop(self, home: &Home, patience: Duration) -> Result<(), ClusterError> {
        let data = home.data();
        for signal in [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGKILL] {
            // An error means that it is gone already.
            let _ = kill(self.pid, signal);
            let deadline = Instant::now() + patience;
            while Instant::now() < deadline {
                if !is_postmaster_of(self.pid, &data) {
                    return Ok(());
                }
                sleep(POLL).await;
            }
        }
        let error = std::io::Error::from(std::io::ErrorKind::TimedOut);
        Err(error).trying("stop the Postgres that is running on", &data)
    }
}

/// Makes way for a new postmaster: stops one that runs on the data, and removes a `postmaster.pid` that would mislead
/// the new one. Only for who holds the lock.
pub(crate) async fn clear_the_way(home: &Home, patience: Duration) -> Result<(), ClusterError> {
    if let Some(orphan) = Running::find(home) {
        tracing::info!(pid = orphan.pid.as_raw(), "stopping the Postgres that an earlier owner left running");
        orphan.stop(home, patience).await?;
    }
    let file = home.data().join("postmaster.pid");
    // Postgres sees by itself when the process is gone, but not when another has its number, or the file is garbage.
    // Removing it is safe: Postgres also checks that no process still uses the shared memory of these data.
    let misleads = Running::recorded(home).is_none_or(|recorded| kill(recorded.pid, None).is_ok());
    if file.exists() && misleads {
        tracing::warn!(file = %file.display(), "removing a postmaster.pid that is not of a running Postgres");
        fs::remove_file(&file).trying("remove", &file)?;
    }
    Ok(())
}

/// Whether this process is a Postgres that works in `data`, as a postmaster does.
#[cfg(target_os = "linux")]
fn is_postmaster_of(pid: Pid, data: &Path) -> bool {
    let process = Path::new("/proc").join(pid.to_string());
    let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
    let directory = fs::read_link(process.join("cwd")).ok();
    name.trim() == "postgres" && directory.is_some() && directory == fs::canonicalize(data).ok()
}

/// Whether this process is a Postgres that was started on `data`.
#[cfg(not(target_os = "linux"))]
fn is_postmaster_of(pid: Pid, data: &Path) -> bool {
    let output = std::process::Command::new("ps").args(["-ww", "-o", "command=", "-p", &pid.to_string()]).output();
    let command = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    command.contains("postgres -D ") && command.contains(&*data.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_process_and_state() {
        let text = "4711\n/data\n1700000000\n5432\n/data/socket\n\n  5432001   32768\nready   \n";
        assert_eq!(Running::parse(text), Some(Running { pid: Pid::from_raw(4711), ready: true }));
        assert_eq!(Running::parse("4711\n/data\n"), Some(Running { pid: Pid::from_raw(4711), ready: false }));
        assert_eq!(Running::parse(&text.replace("ready", "starting")).map(|running| running.ready), Some(false));
    }

    #[test]
    fn garbage_names_no_process() {
        for text in ["", "garbage", "-1\n", "0\n", "1\n", "99999999999\n"] {
            assert_eq!(Running::parse(text), None, "{text:?}");
        }
    }
}
