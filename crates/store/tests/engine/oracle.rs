//! Whether the oracle sees.

use crate::support::Engine;

/// Some rows in one hour and one day, in and out of the log, with many and with few durations.
const ROWS: &str = "
    insert into public.triggers (id, name) values ('t', 't');
    insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms, retry_count)
    select
        'r' || number, 'j', case when number % 2 = 0 then 't' end, case when number < 100 then 'many' else 'few' end,
        'success', date_trunc('hour', now()) - interval '1 hour' + number * interval '1 second', number * 17 % 101, number % 3
    from generate_series(1, 130) as number";

#[tokio::test]
async fn what_is_right_is_found_right() {
    let engine = Engine::new().await;
    engine.assert_live("empty").await;
    engine.database.run(ROWS).await;
    engine.assert_live("not folded").await;
    engine.assert_exact("refreshed").await;
    engine
        .database
        .run("update public.action_results set status = 'failed', executed_at = now() where id = 'r7'")
        .await;
    engine.assert_live("changed since").await;
    let as_before =
        "update tidemark.executions_hourly set durations = null; update tidemark.executions_daily set durations = null";
    engine.database.run(as_before).await;
    engine.assert_live("stored before histograms were packed").await;
    engine.assert_exact("refreshed again").await;
}

#[tokio::test]
async fn whatever_is_wrong_is_named() {
    let engine = Engine::new().await;
    engine.database.run(ROWS).await;
    engine.assert_exact("refreshed").await;
    let damages = [
        ("executions_hourly set executions = executions + 1", "live_executions_hourly", "executions is"),
        ("executions_hourly set duration_min_ms = -1", "live_executions_hourly", "duration_min_ms is -1"),
        (
            "executions_hourly set p99_duration_ms = p99_duration_ms * 1.02 where action_type = 'many'",
            "many/success",
            "p99",
        ),
        (
            "executions_hourly set p50_duration_ms = p50_duration_ms + 0.01 where action_type = 'few'",
            "few/success",
            "p50",
        ),
        ("executions_hourly set bucket_executions[1] = 9", "live_executions_hourly", "bucket_executions is [9"),
        ("executions_hourly set few_durations[2] = 9 where action_type = 'few'", "few/success", "few_durations is"),
        ("executions_hourly set action_type = 'other' where action_type = 'few'", "other/success", "is too much"),
        ("executions_hourly set action_type = 'other' where action_type = 'few'", "few/success", "is missing"),
        // Nine executions of bucket 1.
        (r"executions_hourly set durations = '\x001009'", "live_executions_hourly_parts", "duration_buckets is [1]"),
        (r"executions_daily set durations = '\x001009'", "live_executions_daily", "durations are not"),
        ("trigger_executions set total_retries = 7777", "oracle.live_triggers of t", "total_retries is 7777"),
        ("executions_daily set executions = 7777", "live_executions_daily", "executions is 7777"),
        ("executions_daily set bucket_executions[1] = 9", "live_executions_daily", "bucket_executions is [9"),
        ("trigger_executions set first_execution_at = now()", "live_trigger_executions of t", "first_execution_at is"),
        ("trigger_executions set retry_executions[1] = 1", "live_trigger_executions of t", "retry_executions is"),
        ("trigger_executions_hourly set total_retries = 7777", "live_trigger_executions_hourly of t", "is 7777"),
        ("trigger_executions_daily set duration_sum_ms = 7777", "live_trigger_executions_daily of t", "is 7777"),
    ];
    for (damage, group, measure) in damages {
        let mut session = engine.session().await;
        session.run(&format!("begin; update tidemark.{damage}")).await;
        let named = session.texts("select oracle.live_differences()").await;
        assert!(named.iter().any(|line| line.contains(group) && line.contains(measure)), "{damage}: {named:#?}");
    }
}

#[tokio::test]
async fn whatever_is_wrong_in_a_view_is_named() {
    let engine = Engine::new().await;
    engine.database.run(ROWS).await;
    let damages = [
        ("status = 'failed' where id = 'r129'", "recent_failures of r129: is missing"),
        ("retry_count = 7 where id = 'r2'", "action_type_distribution of many: total_retries is"),
        ("duration_ms = 999 where id = 'r2'", "trigger_performance_summary of t: max_duration_ms is 89 instead of 999"),
        ("status = 'retrying' where id = 'r2'", "many/retrying: is missing"),
    ];
    for (damage, expected) in damages {
        engine.assert_exact("refreshed").await;
        engine.database.run(&format!("update public.action_results set {damage}")).await;
        let named = engine.database.texts("select oracle.view_differences()").await;
        assert!(named.iter().any(|line| line.contains(expected)), "{damage}: {named:#?}");
    }
}
