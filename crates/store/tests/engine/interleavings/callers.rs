//! Who calls a refresh, and from where: two at once, from an old snapshot, with rows of one's own, by hand.

use crate::support::{Engine, sqlstate};

const INSERT: &str = "insert into public.action_results (job_id, action_type, status, executed_at, duration_ms)
    values ('j', 'a', 'failed', clock_timestamp(), 5)";
const VIEWS: [&str; 4] =
    ["action_metrics_hourly", "trigger_performance_summary", "recent_failures", "action_type_distribution"];
const RUNS: &str = "select count(distinct run_id) from tidemark.refresh_log where fold_ms is not null";

#[tokio::test]
async fn of_two_refreshes_the_second_reuses_only_what_began_after_its_call() {
    let engine = Engine::new().await;
    engine.database.run(INSERT).await;
    let (mut blocker, mut watch) = (engine.session().await, engine.session().await);
    // The first is under way (it waits for the view), the others call after it began.
    blocker.run("begin; refresh materialized view public.action_metrics_hourly").await;
    let first = engine.session().await.start("select public.refresh_action_analytics()");
    watch.until_waits(first.pid, "relation").await;
    engine.database.run(INSERT).await;
    let second = engine.session().await.start("select public.refresh_action_analytics()");
    let third = engine.session().await.start("select public.refresh_action_analytics()");
    watch.until_waits(second.pid, "advisory").await;
    watch.until_waits(third.pid, "advisory").await;
    blocker.run("rollback").await;
    first.finish().await;
    second.finish().await;
    third.finish().await;
    assert_eq!(engine.database.number(RUNS).await, 2, "the first could not be reused, the second was");
    let counted = "select execution_count from public.action_metrics_hourly";
    assert_eq!(engine.database.number(counted).await, 2);
    engine.assert_exact("two at once").await;
}

#[tokio::test]
async fn folds_at_once_count_nothing_twice() {
    let engine = Engine::new().await;
    for round in 0..10 {
        let mut folds = Vec::new();
        for _ in 0..4 {
            engine.database.run(INSERT).await;
            engine.database.run("update public.action_results set duration_ms = duration_ms + 1").await;
            folds
                .push(engine.session().await.start("select tidemark.fold(); select public.refresh_action_analytics()"));
        }
        for fold in folds {
            fold.finish().await;
        }
        engine.assert_exact(&format!("round {round}")).await;
    }
}

#[tokio::test]
async fn a_caller_who_sees_the_past_is_refused() {
    let engine = Engine::new().await;
    for level in ["repeatable read", "serializable"] {
        for call in ["public.refresh_action_analytics()", "tidemark.fold()"] {
            let mut caller = engine.session().await;
            caller.run(&format!("begin isolation level {level}; select 1")).await;
            engine.database.run(INSERT).await;
            let refused = caller.attempt(&format!("select {call}")).await.unwrap_err();
            assert_eq!(sqlstate(&refused), "0A000", "{refused}");
            assert!(refused.to_string().contains(level), "{refused}");
        }
    }
    engine.assert_exact("after refusals").await;
}

#[tokio::test]
async fn a_caller_with_rows_of_its_own_counts_them_once() {
    let engine = Engine::new().await;
    for (round, end) in
        ["commit", "rollback", "rollback to a; commit", "savepoint b; release a; commit"].into_iter().enumerate()
    {
        let (mut caller, mut other) = (engine.session().await, engine.session().await);
        other.run("begin; set local statement_timeout = 0").await;
        caller.run("begin; savepoint a; set local tidemark.writer_wait = '10ms'; create temporary table mine ()").await;
        for _ in 0..2 {
            caller.run(INSERT).await;
            other.run(INSERT).await;
            caller.run("update public.action_results set duration_ms = duration_ms + 1, retry_count = 3").await;
            caller.run("select public.refresh_action_analytics()").await;
            let differences =
                caller.texts("select oracle.live_differences() union all select oracle.view_differences()").await;
            crate::support::assert_none(&differences, &format!("within {end}"));
            engine.assert_live(&format!("beside {end}")).await;
        }
        caller.run(end).await;
        engine.assert_live(&format!("after {end}, round {round}")).await;
        other.run("commit").await;
        engine.assert_exact(&format!("after {end}, round {round}")).await;
    }
}

#[tokio::test]
async fn views_refreshed_by_hand_from_an_old_snapshot_come_right_again() {
    for how in ["", "concurrently"] {
        let engine = Engine::new().await;
        engine.assert_exact("empty").await;
        let mut hand = engine.session().await;
        hand.run("begin isolation level repeatable read; select pg_current_snapshot()").await;
        engine.database.run("insert into public.triggers (id, name) values ('t', 't')").await;
        engine.database.run(INSERT).await;
        engine.database.run("update public.action_results set trigger_id = 't'").await;
        engine.assert_exact("before").await;
        for view in VIEWS {
            hand.run(&format!("refresh materialized view {how} public.{view}")).await;
        }
        hand.run("commit").await;
        for view in VIEWS {
            // Concurrently, Postgres compares with the view of the past, and leaves what came since.
            let shown = engine.database.number(&format!("select count(*) from public.{view}")).await;
            assert_eq!(shown, if how.is_empty() { 0 } else { 1 }, "{view} {how}");
        }
        engine.assert_exact(how).await;
    }
}

/// What proves that a view is unchanged, and what is written down of it, must be one.
#[tokio::test]
async fn a_view_refreshed_by_hand_while_a_refresh_leaves_it_alone_comes_right_again() {
    let engine = Engine::new().await;
    let (mut hand, mut blocker, mut watch) = (engine.session().await, engine.session().await, engine.session().await);
    engine.assert_exact("empty").await;
    hand.run("begin isolation level repeatable read; select pg_current_snapshot()").await;
    engine.database.run(INSERT).await;
    engine.assert_exact("before").await;
    // Only the second view has to be refreshed. The refresh is stopped there, after it left the first alone.
    engine.database.run("refresh materialized view public.trigger_performance_summary").await;
    blocker.run("begin; refresh materialized view public.trigger_performance_summary").await;
    engine.database.run(STOP_AFTER_PROOF).await;
    blocker.run("select pg_advisory_lock(7701, 7)").await;
    let refresh = engine.session().await.start("select public.refresh_action_analytics()");
    watch.until_waits(refresh.pid, "advisory").await;
    hand.run("refresh materialized view public.action_metrics_hourly; commit").await;
    blocker.run("rollback; select pg_advisory_unlock_all()").await;
    refresh.finish().await;
    assert_eq!(
        engine.database.number("select count(*) from public.action_metrics_hourly").await,
        0,
        "the past is shown"
    );
    engine.assert_exact("refreshed by hand in between").await;
}

/// A refresh that stops each time it has proven that the first view is unchanged, the look at all views left out.
const STOP_AFTER_PROOF: &str = "
    alter function tidemark.is_unchanged(text) rename to is_unchanged_itself;
    create function tidemark.is_unchanged(view_name text) returns boolean language plpgsql as $$
    declare
        answer boolean := tidemark.is_unchanged_itself(view_name);
    begin
        if view_name = 'action_metrics_hourly' and current_setting('tidemark.refreshing', true) = 'on' then
            perform pg_advisory_lock_shared(7701, 7);
            perform pg_advisory_unlock_shared(7701, 7);
        end if;
        return answer;
    end
    $$";
