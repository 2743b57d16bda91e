//! Truncating, which closes the table to all others until its transaction ends.

use super::walk::{GAPS, Gap, Walker};
use crate::support::{Background, Engine, Session, assert_none, sqlstate};

const ROWS: &str = "insert into public.action_results (job_id, action_type, status, executed_at, duration_ms)
    select 'j', 'a', 'success', clock_timestamp() - number * interval '1 hour', number from generate_series(0, 5) as number";

#[tokio::test]
async fn a_fold_waits_for_who_is_truncating() {
    for end in ["commit", "rollback"] {
        let engine = Engine::new().await;
        engine.database.run(ROWS).await;
        engine.assert_exact("before").await;
        let (mut truncating, mut watch) = (engine.session().await, engine.session().await);
        truncating.run("begin; truncate public.action_results").await;
        truncating.run(ROWS).await;
        let refresh = engine.session().await.start("select public.refresh_action_analytics()");
        watch.until_waits(refresh.pid, "relation").await;
        truncating.run(end).await;
        refresh.finish().await;
        engine.assert_exact(end).await;
    }
}

#[tokio::test]
async fn a_truncate_at_any_step_is_exact() {
    let engine = Engine::new().await;
    let mut walker = Walker::new(&engine.database.url).await;
    for last in GAPS.into_iter().filter(|&gap| gap != Gap::DuringWait) {
        walker.prepare().await;
        let fold = walker.start_fold("30ms").await;
        for gap in GAPS.into_iter().filter(|&gap| gap != Gap::DuringWait && gap <= last) {
            assert_eq!(walker.barriers.arrival(&fold, gap).await, gap);
            if gap < last {
                walker.barriers.leave(gap).await;
            }
        }
        let truncating = engine
            .session()
            .await
            .start(format!("begin isolation level repeatable read; {ROWS}; truncate public.action_results; {ROWS}"));
        // One waits for the other; which one depends on who came first.
        if waits(&mut walker.asker, &truncating).await {
            walker.barriers.open().await;
            fold.finish().await;
            truncating.finish().await.run("commit").await;
        } else {
            let mut truncating = truncating.finish().await;
            walker.barriers.open().await;
            truncating.run("commit").await;
            fold.finish().await;
        }
        assert_none(&walker.asker.live_differences().await.unwrap(), &format!("truncated at {last:?}"));
        assert_none(&walker.asker.differences_after_refresh().await, &format!("refreshed after {last:?}"));
    }
}

/// It waits for the fold, and the fold for it: the patience of the fold ends that.
#[tokio::test]
async fn who_writes_and_then_truncates_does_not_deadlock_with_a_fold() {
    let engine = Engine::new().await;
    engine.database.run(ROWS).await;
    let (mut writer, mut watch) = (engine.session().await, engine.session().await);
    writer.run("begin").await;
    writer.run(ROWS).await;
    let fold = engine.session().await.start("set tidemark.writer_wait = '2s'; select tidemark.fold()");
    watch
        .until_true(&format!(
            "select wait_event is not distinct from 'PgSleep' from pg_stat_activity where pid = {}",
            fold.pid
        ))
        .await;
    let writer = writer.start("truncate public.action_results; commit");
    fold.finish().await;
    writer.finish().await;
    engine.assert_exact("truncated").await;
}

/// As when a table is loaded anew: truncate, fill, refresh, commit, while the scheduler wants to refresh as well.
#[tokio::test]
async fn who_truncates_and_then_refreshes_does_not_deadlock_with_another_refresh() {
    let engine = Engine::new().await;
    engine.database.run(ROWS).await;
    let (mut loader, mut watch) = (engine.session().await, engine.session().await);
    loader.run("begin; truncate public.action_results").await;
    loader.run(ROWS).await;
    let refresh = engine.session().await.start("select public.refresh_action_analytics()");
    watch.until_waits(refresh.pid, "relation").await;
    let (_, outcome) = loader.start("select public.refresh_action_analytics(); commit").outcome().await;
    assert!(outcome.is_ok(), "who loads the table must not fail: {}", sqlstate(&outcome.unwrap_err()));
    refresh.finish().await;
    engine.assert_exact("loaded").await;
}

/// The other way round: who refreshes first holds the refresh lock when it comes to empty the table.
#[tokio::test]
async fn who_refreshes_and_then_truncates_does_not_deadlock_with_another_refresh() {
    let engine = Engine::new().await;
    engine.database.run(ROWS).await;
    let (mut loader, mut watch) = (engine.session().await, engine.session().await);
    loader.run("begin; select public.refresh_action_analytics()").await;
    let refresh = engine.session().await.start("select public.refresh_action_analytics()");
    watch.until_waits(refresh.pid, "advisory").await;
    loader.run(&format!("truncate public.action_results; {ROWS}; commit")).await;
    refresh.finish().await;
    engine.assert_exact("loaded").await;
}

/// A truncate takes rows away from snapshots that are older than it, but not from the rollups that they show.
#[tokio::test]
async fn who_waited_for_a_truncate_is_told_to_try_again() {
    let readings = [
        "select count(*) from tidemark.live_executions_hourly",
        "select count(*) from tidemark.live_executions_daily",
        "select count(*) from tidemark.live_trigger_executions",
        "select count(*) from tidemark.live_trigger_executions_daily",
        "refresh materialized view concurrently public.action_metrics_hourly",
        "refresh materialized view public.trigger_performance_summary",
    ];
    for reading in readings {
        let engine = Engine::new().await;
        engine.database.run(ROWS).await;
        engine.assert_exact("before").await;
        engine.database.run(ROWS).await;
        let (mut truncating, mut watch) = (engine.session().await, engine.session().await);
        truncating.run("begin; truncate public.action_results").await;
        let reader = engine.session().await.start(reading);
        watch.until_waits(reader.pid, "relation").await;
        truncating.run("commit").await;
        let (mut reader, outcome) = reader.outcome().await;
        assert_eq!(outcome.err().map(|error| sqlstate(&error)), Some("40001".to_owned()), "{reading}");
        reader.run(reading).await;
        engine.assert_exact(reading).await;
    }
}

/// Whether a session comes to wait for a lock of the table, rather than to its end.
async fn waits(asker: &mut Session, session: &Background) -> bool {
    let question = format!(
        "select exists (select from pg_locks where pid = {} and locktype = 'relation' and not granted)",
        session.pid
    );
    while !session.is_finished() {
        if asker.value(&question).await {
            return true;
        }
    }
    false
}
