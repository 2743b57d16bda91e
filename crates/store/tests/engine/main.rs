//! Whether the refresh engine (`migrations/0008…`) is exact at every moment, whatever writers do and whatever is killed.
//!
//! - [`oracle`] counts everything from scratch and names what differs; all others ask it.
//! - [`interleavings`] puts each step of a writer between any two steps of a fold.
//! - [`stress`] lets real writers and refreshes run at once: `TIDEMARK_STRESS=10m TIDEMARK_SEED=7` for longer.
//! - [`naive`] proves that these can see: each breaks the engine in a way that looks right, and they must tell.
//! - [`histories`] makes up histories, and shrinks those that go wrong.
//! - [`writers`], [`partitions`], [`watching`] and [`histograms`] look at one promise each.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod histograms;
mod histories;
mod interleavings;
mod naive;
mod oracle;
mod partitions;
mod stress;
mod support;
mod watching;
mod writers;
