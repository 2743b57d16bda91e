//! `tidemark demo`: made-up history that looks like the real thing, and a trickle of rows that keeps it alive.

mod catalog;
mod history;
mod sampling;
#[cfg(test)]
mod tests;
mod trickle;

use std::time::Instant;

use anyhow::{Context as _, bail};
use chrono::Utc;
use clap::Args;
use domain::format;
use store::import::{Batch, Import, Merge};
use tokio::sync::mpsc::{self, Sender};

use history::{History, Settings};
pub use trickle::trickle;

/// Bytes sent to the database at once.
const BATCH_BYTES: usize = 128 * 1024;
/// Batches made ahead of the database.
const BATCHES_AHEAD: usize = 8;

/// What history to make up.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Days of history
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=365))]
    pub days: u32,
    /// Executions on an average day
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    pub executions_per_day: u32,
    /// Another number makes up another history
    #[arg(long, value_name = "N", default_value_t = 2013)]
    pub seed: u64,
}

/// Loads a history that ends now, when there are neither triggers nor action results yet. Where an earlier demonstration
/// has loaded one, it says so.
///
/// # Errors
/// When there is data of another kind, which made-up rows must not be mixed into; when the database is out of reach or
/// refuses the rows. Nothing is loaded then.
pub async fn load_history(pool: &store::Pool, args: &DemoArgs) -> anyhow::Result<()> {
    if !store::demo::is_empty(pool).await.context("cannot look for data")? {
        if !store::demo::is_demonstration(pool).await.context("cannot look for data")? {
            bail!(
                "this database holds data that is not a demonstration's, and gets no made-up rows: show it with \
                 `tidemark serve`, or name an empty database or another --data-dir"
            );
        }
        println!("there is a history already: none was made up");
        return Ok(());
    }
    let started = Instant::now();
    let history = History::new(&Settings {
        days: args.days,
        executions_per_day: args.executions_per_day,
        seed: args.seed,
        end: Utc::now(),
    });
    let triggers = history.triggers();
    let mut import = Import::begin(pool).await.context("cannot begin to load the history")?;
    let (sender, mut batches) = mpsc::channel(BATCHES_AHEAD);
    let making = tokio::task::spawn_blocking(move || send(history, &sender));
    let staged = import.stage(&mut batches).await;
    drop(batches);
    let made = making.await.context("making up the history broke off")?;
    let staged = staged.context("cannot load the history")?;
    if !made {
        bail!("cannot load the history: the database took only a part of it");
    }
    import.summarize().await.context("cannot load the history")?;
    let merge = Merge { triggers: &triggers, ..Merge::default() };
    import.merge(&merge, |_| {}).await.context("cannot load the history")?;
    println!(
        "made up {} over {} for {} triggers in {}",
        format::counted(staged.cast_signed(), "execution", "executions"),
        format::counted(args.days.into(), "day", "days"),
        triggers.len(),
        format::duration(started.elapsed())
    );
    Ok(())
}

/// Sends the whole history in batches; whether all of it was taken.
fn send(history: History, sender: &Sender<Batch>) -> bool {
    let mut batch = Batch::default();
    let mut row_number = 0;
    for execution in history {
        row_number += 1;
        batch.push(row_number, &execution.row(row_number));
        if batch.len() >= BATCH_BYTES && sender.blocking_send(std::mem::take(&mut batch)).is_err() {
            return false;
        }
    }
    batch.is_empty() || sender.blocking_send(batch).is_ok()
}
