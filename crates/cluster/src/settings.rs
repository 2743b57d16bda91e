//! What a cluster is started with.

use std::path::PathBuf;
use std::time::Duration;

use crate::binaries::Binaries;

/// What a cluster is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Holds the cluster, its log and its lock. Made when missing.
    pub data_dir: PathBuf,
    /// Started by root only: where the cluster goes (with a link in `data_dir`) when the user that runs Postgres can't
    /// reach `data_dir`, as under `/root`; and copies of programs that it can't reach.
    pub state_dir: PathBuf,
    /// The programs to run it with.
    pub binaries: Binaries,
    /// Whether a commit survives a crash of the machine. `false` only for throw-away clusters of tests.
    pub durable: bool,
    /// The most connections at once, at least 10 (Postgres keeps a few for itself).
    pub max_connections: u32,
    /// How long a start may take, recovery after a crash included.
    pub start_timeout: Duration,
    /// How long a stop may take before Postgres is made to stop without tidying up (it recovers at the next start).
    pub stop_timeout: Duration,
    /// Further settings of Postgres, by name, for example `("shared_buffers", "1GB")`.
    pub parameters: Vec<(String, String)>,
}

impl Settings {
    /// For data that matter: `/var/lib/tidemark` for what root can't keep in `data_dir`, 100 connections, 120 s to start, 30 s to stop.
    pub fn new(data_dir: impl Into<PathBuf>, binaries: Binaries) -> Self {
        Self {
            data_dir: data_dir.into(),
            state_dir: PathBuf::from("/var/lib/tidemark"),
            binaries,
            durable: true,
            max_connections: 100,
            start_timeout: Duration::from_secs(120),
            stop_timeout: Duration::from_secs(30),
            parameters: Vec::new(),
        }
    }

    /// For the throw-away cluster of a test: fast, and lost when the machine crashes. Never moved out of `data_dir`.
    pub fn throw_away(data_dir: impl Into<PathBuf>, binaries: Binaries) -> Self {
        Self { durable: false, ..Self::new(data_dir, binaries) }
    }
}
