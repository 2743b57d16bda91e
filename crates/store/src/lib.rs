//! The only crate that speaks SQL.
//!
//! One module per noun, with its queries in `sql/<noun>/<verb_noun>.sql`. Functions take a [`Pool`] and answer with the
//! types of `domain`. The views, tables and functions they ask are made by the migrations; see [`schema`].

pub mod actions;
pub mod annotations;
pub mod api_keys;
pub mod audit_log;
pub mod build;
pub mod checklist;
pub mod choices;
pub mod demo;
pub mod doctor;
pub mod executions;
pub mod exports;
pub mod failure;
pub mod failures;
pub mod freshness;
pub mod frontier;
pub mod import;
pub mod indexes;
pub mod organizations;
pub mod overview;
pub mod pages;
pub mod refresh;
pub mod resolutions;
pub mod schedule;
pub mod schema;
pub mod sessions;
pub mod statements;
pub mod storage;
pub mod trigger;
pub mod triggers;
pub mod users;
pub mod validation;

mod action_types;
mod durations;
mod error;
mod hours;
mod meter;
mod patience;
mod pool;
mod snapshot;
mod summary;

pub use error::StoreError;
pub use hours::PackedDurations;
pub use pool::{PoolSettings, connect, connect_lazy};

/// Connections to the database.
pub type Pool = sqlx::PgPool;
