//! Refreshes and folds of two callers, every seventh of them killed; and views refreshed by hand.

use std::{sync::Arc, time::Duration};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::Stress;
use crate::support::{Session, sqlstate};

const VIEWS: [&str; 4] =
    ["action_metrics_hourly", "trigger_performance_summary", "recent_failures", "action_type_distribution"];

/// How long a fold waits for writers: mostly in vain, and mostly not.
const PATIENCES: [&str; 3] = ["20ms", "100ms", "500ms"];

/// Refreshes and folds in turns.
pub async fn refresh(stress: Arc<Stress>, number: u64) {
    let mut random = StdRng::seed_from_u64(stress.seed ^ (1000 + number));
    let mut killer = Session::connect(&stress.url).await.unwrap();
    let mut session = Session::connect(&stress.url).await.unwrap();
    for turn in 4_u32.. {
        if stress.is_over() {
            return;
        }
        session.run(&format!("set tidemark.writer_wait = '{}'", PATIENCES[random.random_range(0..3)])).await;
        if turn % 7 == 0 {
            let killed = session.start(
                ["select tidemark.fold()", "select public.refresh_action_analytics()"][random.random_range(0..2)],
            );
            tokio::time::sleep(Duration::from_millis(random.random_range(0..200))).await;
            killer.run(&format!("select pg_terminate_backend({})", killed.pid)).await;
            if killed.outcome().await.1.is_err() {
                Stress::count(&stress.counts.kills);
            }
            session = Session::connect(&stress.url).await.unwrap();
        } else if random.random_bool(0.5) {
            let is_held = session.value("select is_held from tidemark.fold()").await;
            Stress::count(if is_held { &stress.counts.held } else { &stress.counts.folds });
        } else {
            let failures =
                session.texts("select error_message from public.refresh_action_analytics() where not success").await;
            assert_eq!(failures, [""; 0]);
            Stress::count(&stress.counts.refreshes);
        }
    }
}

/// Refreshes one view after the other by hand.
pub async fn refresh_by_hand(stress: Arc<Stress>) {
    let mut random = StdRng::seed_from_u64(stress.seed ^ 2000);
    let mut session = Session::connect(&stress.url).await.unwrap();
    while !stress.is_over() {
        let how = if random.random_bool(0.8) { "concurrently" } else { "" };
        let view = VIEWS[random.random_range(0..VIEWS.len())];
        match session.attempt(&format!("refresh materialized view {how} public.{view}")).await {
            Ok(()) => Stress::count(&stress.counts.by_hand),
            // It waited for a truncate, and its snapshot is older than that.
            Err(error) if sqlstate(&error) == "40001" => Stress::count(&stress.counts.retries),
            Err(error) => panic!("{error}: {view}"),
        }
        tokio::time::sleep(Duration::from_millis(random.random_range(0..400))).await;
    }
}
