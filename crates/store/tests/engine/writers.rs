//! Writers never fail because of the engine, whatever they write and whoever they are; nor does a refresh afterwards.

use crate::support::Engine;

/// Values that the table takes and arithmetic does not like.
const HOSTILE: [&str; 24] = [
    "executed_at = null",
    "executed_at = 'infinity'",
    "executed_at = '-infinity'",
    "executed_at = '4713-01-01 00:00:00+00 BC'",
    "executed_at = '294276-12-31 23:59:59.999999+00'",
    "executed_at = '294276-12-31 22:00:00+00'",
    "executed_at = '1999-12-31 23:00:00+00'",
    "executed_at = '0001-01-01 00:00:00+00 BC'",
    "executed_at = clock_timestamp() + interval '1 hour'",
    "duration_ms = null",
    "duration_ms = 0",
    "duration_ms = -1",
    "duration_ms = -2147483648",
    "duration_ms = 2147483647",
    "retry_count = null",
    "retry_count = -1",
    "retry_count = -2147483648",
    "retry_count = 2147483647",
    "action_type = ''",
    "action_type = 'Ärger \"quoted\" \\ {braces, commas} ☃'",
    "error_message = repeat('x', 1000000)",
    "response_data = jsonb_build_object('x', repeat('x', 1000000))",
    "job_id = repeat('x', 1000000)",
    "event_id = repeat('x', 1000000)",
];

const NORMAL: &str = "insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms, retry_count)
    select 'r' || number, 'j', 't', 'a', (array['success', 'failed'])[1 + number % 2],
        clock_timestamp() - number % 3 * interval '1 hour', number, number % 4
    from generate_series(1, 70) as number";

#[tokio::test]
async fn hostile_values_fail_neither_a_writer_nor_a_refresh() {
    let engine = Engine::new().await;
    engine.database.run("insert into public.triggers (id, name) values ('t', 't')").await;
    engine.database.run(NORMAL).await;
    engine.assert_exact("before").await;
    for (number, hostile) in HOSTILE.into_iter().enumerate() {
        let (column, value) = hostile.split_once(" = ").unwrap();
        engine
            .database
            .run(&format!("update public.action_results set {hostile} where id in ('r{number}', 'r{}')", number + 30))
            .await;
        let kept: Vec<_> = ["executed_at", "duration_ms", "retry_count", "action_type", "job_id"]
            .into_iter()
            .filter(|kept| *kept != column)
            .collect();
        let values: Vec<_> = kept
            .iter()
            .map(|column| {
                ["clock_timestamp()", "7", "1", "'a'", "'j'"][[
                    "executed_at",
                    "duration_ms",
                    "retry_count",
                    "action_type",
                    "job_id",
                ]
                .iter()
                .position(|name| name == column)
                .unwrap()]
            })
            .collect();
        engine.database.run(&format!(
            "insert into public.action_results (id, trigger_id, status, {column}, {}) values ('h{number}', 't', 'failed', {value}, {})",
            kept.join(", "), values.join(", ")
        )).await;
        engine.assert_live(&format!("live with {hostile}")).await;
        engine.assert_exact(&format!("refreshed with {hostile}")).await;
    }
    engine.database.run("delete from public.action_results where id like 'h%' or id in (select 'r' || n + 30 from generate_series(0, 23) as n)").await;
    engine.assert_exact("when they are gone").await;
}

/// Wider than an index entry can be. The group can be in no view, yet the writer does not fail.
#[tokio::test]
async fn a_megabyte_of_action_type_fails_no_writer() {
    let engine = Engine::new().await;
    // Incompressible, and in the log (late) as well as in the tail.
    engine.database.run("insert into public.triggers (id, name) values ('t', 't')").await;
    let wide = "(select string_agg(md5(number::text), '') from generate_series(1, 32768) as number)";
    for moment in ["clock_timestamp()", "clock_timestamp() - interval '3 hours'"] {
        engine.database.run(&format!("insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at) values (md5(({moment})::text), 'j', 't', {wide}, 'success', {moment})")).await;
    }
    engine.database.run("update public.action_results set duration_ms = 5").await;
    engine.assert_live("wide").await;
    engine.database.run("update public.action_results set action_type = 'narrow'").await;
    engine.assert_exact("narrow again").await;
}

#[tokio::test]
async fn a_role_that_may_only_write_can_write() {
    let mut engine = Engine::new().await;
    let (pool, role) = engine.database.pool_as_new_role().await;
    engine
        .database
        .run(&format!("grant select, insert, update, delete, truncate on public.action_results to {role}"))
        .await;
    engine.database.run("select tidemark.fold()").await;
    for sql in [
        "insert into public.action_results (id, job_id, action_type, status, executed_at) values ('on time', 'j', 'a', 'failed', clock_timestamp() + interval '1 second')",
        "insert into public.action_results (id, job_id, action_type, status, executed_at) values ('late', 'j', 'a', 'failed', now() - interval '1 day')",
        "insert into public.action_results (id, job_id, action_type, status) values ('gone', 'j', 'a', 'failed')",
        "update public.action_results set status = 'success'",
        "delete from public.action_results where id = 'gone'",
    ] {
        sqlx::query(sql).execute(&pool).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
        engine.assert_live(sql).await;
    }
    engine.assert_exact("written without rights").await;
    sqlx::query("truncate public.action_results").execute(&pool).await.unwrap();
    engine.assert_exact("truncated without rights").await;
    let refused = sqlx::query("select tidemark.fold()").execute(&pool).await.unwrap_err();
    assert!(refused.to_string().contains("permission denied"), "{refused}");
}

/// As a restore, or the apply of logical replication, sets it.
#[tokio::test]
async fn writers_in_the_role_of_a_replica_are_captured() {
    let engine = Engine::new().await;
    engine.database.run(NORMAL.replace("'t'", "null").as_str()).await;
    engine.assert_exact("before").await;
    let mut replica = engine.session().await;
    replica.run("set session_replication_role = replica").await;
    for sql in [
        "insert into public.action_results (job_id, action_type, status, executed_at) values ('j', 'a', 'failed', now() - interval '1 day')",
        "update public.action_results set status = 'retrying' where id < 'r3'",
        "delete from public.action_results where id > 'r6'",
        "truncate public.action_results",
    ] {
        replica.run(sql).await;
        engine.assert_live(sql).await;
        engine.assert_exact(sql).await;
    }
}

#[tokio::test]
async fn whoever_owns_a_view_can_refresh_it() {
    let mut engine = Engine::new().await;
    engine.database.run(NORMAL.replace("'t'", "null").as_str()).await;
    let (pool, role) = engine.database.pool_as_new_role().await;
    engine.database.run(&format!("grant select on public.action_results to {role}")).await;
    let empty = engine.database.pool.clone();
    for view in ["action_metrics_hourly", "trigger_performance_summary", "recent_failures", "action_type_distribution"]
    {
        engine.database.run(&format!("alter materialized view public.{view} owner to {role}")).await;
        for how in ["", "concurrently"] {
            let sql = format!("refresh materialized view {how} public.{view}");
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone()))
                .execute(&pool)
                .await
                .unwrap_or_else(|error| panic!("{error}: {sql}"));
        }
    }
    drop(empty);
    engine.assert_exact("refreshed by their owner").await;
}
