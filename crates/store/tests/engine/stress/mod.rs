//! Real writers, refreshes, folds and kills, all at once.
//!
//! `TIDEMARK_STRESS=10m` has it last that long (a minute in `cargo xtask test`, some seconds otherwise), and
//! `TIDEMARK_SEED=7` makes another test of it. The same seed gives each writer the same operations in the same order;
//! what they meet in the database differs from run to run.

mod refreshing;
mod script;
mod workers;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::task::JoinSet;

use crate::support::{Engine, Session, assert_none};

pub const WRITERS: usize = 8;
const DEFAULT_LENGTH: Duration = Duration::from_secs(10);
const DEFAULT_SEED: u64 = 1;

/// What everybody in a stress knows.
pub struct Stress {
    pub url: String,
    pub seed: u64,
    pub counts: Counts,
    stopped: AtomicBool,
    differences: Mutex<Vec<String>>,
}

/// What happened: a stress in which nothing happens proves nothing.
#[derive(Debug, Default)]
pub struct Counts {
    pub transactions: AtomicU32,
    pub retries: AtomicU32,
    pub truncates: AtomicU32,
    pub prepared: AtomicU32,
    pub folds: AtomicU32,
    pub held: AtomicU32,
    pub refreshes: AtomicU32,
    pub kills: AtomicU32,
    pub by_hand: AtomicU32,
    pub checks: AtomicU32,
}

impl Stress {
    pub fn is_over(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    fn tell(&self, what: impl IntoIterator<Item = String>) {
        self.differences.lock().unwrap().extend(what);
    }

    pub fn count(counter: &AtomicU32) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Runs everybody for some time, or until something is wrong; then what was wrong, while they ran and at the end.
pub async fn run(engine: &Engine, length: Duration, seed: u64) -> (Counts, Vec<String>) {
    println!("TIDEMARK_SEED={seed} TIDEMARK_STRESS={length:?}");
    let stress = Arc::new(Stress {
        url: engine.database.url.clone(),
        seed,
        counts: Counts::default(),
        stopped: AtomicBool::new(false),
        differences: Mutex::default(),
    });
    let mut everybody = JoinSet::new();
    for number in 0..WRITERS {
        everybody.spawn(workers::write(Arc::clone(&stress), number));
    }
    for number in 0..2 {
        everybody.spawn(refreshing::refresh(Arc::clone(&stress), number));
    }
    everybody.spawn(refreshing::refresh_by_hand(Arc::clone(&stress)));
    everybody.spawn(check(Arc::clone(&stress)));
    let alarm = tokio::spawn({
        let stress = Arc::clone(&stress);
        async move {
            tokio::time::sleep(length).await;
            stress.stop();
        }
    });
    while let Some(ended) = everybody.join_next().await {
        // Whoever fails stops all others, so that its failure is told at once.
        stress.stop();
        if let Err(failure) = ended {
            stress.tell([panic_message(failure)]);
        }
    }
    alarm.abort();
    assert!(alarm.await.is_err() || stress.is_over());
    let Some(stress) = Arc::into_inner(stress) else { panic!("somebody is still there") };
    let mut differences = stress.differences.into_inner().unwrap();
    if differences.is_empty() {
        differences = engine.differences().await;
    }
    (stress.counts, differences)
}

fn panic_message(failure: tokio::task::JoinError) -> String {
    let payload = failure.into_panic();
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default()
}

/// Asks the oracle all the time.
async fn check(stress: Arc<Stress>) {
    let mut session = Session::connect(&stress.url).await.unwrap();
    while !stress.is_over() {
        let differences = session.live_differences().await.unwrap();
        Stress::count(&stress.counts.checks);
        if !differences.is_empty() {
            stress.tell(differences);
            return;
        }
    }
}

fn length() -> Duration {
    let Ok(text) = std::env::var("TIDEMARK_STRESS") else { return DEFAULT_LENGTH };
    let (number, unit) = text.split_at(text.len() - 1);
    let number: u64 = number.parse().unwrap_or_else(|_| panic!("TIDEMARK_STRESS is to be like 30s, 10m or 2h"));
    match unit {
        "s" => Duration::from_secs(number),
        "m" => Duration::from_secs(number * 60),
        "h" => Duration::from_secs(number * 3600),
        _ => panic!("TIDEMARK_STRESS is to be like 30s, 10m or 2h"),
    }
}

fn seed() -> u64 {
    std::env::var("TIDEMARK_SEED").map_or(DEFAULT_SEED, |text| text.parse().expect("TIDEMARK_SEED is a number"))
}

#[tokio::test(flavor = "multi_thread")]
async fn under_stress_every_snapshot_and_the_end_are_exact() {
    let engine = Engine::new().await;
    let (counts, differences) = run(&engine, length(), seed()).await;
    println!("{counts:?}");
    assert_none(&differences, "under stress");
    for (counter, what) in [
        (&counts.transactions, "wrote"),
        (&counts.truncates, "truncated"),
        (&counts.prepared, "prepared"),
        (&counts.refreshes, "refreshed"),
        (&counts.kills, "was killed"),
        (&counts.by_hand, "refreshed by hand"),
        (&counts.checks, "checked"),
    ] {
        assert!(counter.load(Ordering::Relaxed) > 0, "nobody {what}");
    }
}
