//! `action_results` in partitions, adopted as it is.

use fresh_database::FreshDatabase;

use crate::support::{Engine, sqlstate};

const TABLES: &str = "
    create table public.organizations (id text primary key, name text not null);
    create table public.triggers (id text primary key, name text not null, enabled boolean, created_at timestamptz, organization_id text);
    create table public.action_results (
        id text not null, job_id text, trigger_id text, event_id text, action_type text not null, status text not null,
        executed_at timestamptz, duration_ms integer, error_message text, response_data jsonb, retry_count integer
    ) partition by range (executed_at);
    create table public.results_before partition of public.action_results for values from (minvalue) to ('2010-01-01');
    create table public.results_2025 partition of public.action_results for values from ('2024-01-01') to ('2026-01-01');
    create table public.results_2026 partition of public.action_results for values from ('2026-01-01') to ('2027-01-01') partition by list (status);
    create table public.results_2026_good partition of public.results_2026 for values in ('success');
    create table public.results_2026_bad partition of public.results_2026 for values in ('failed', 'retrying');
    create table public.results_other partition of public.action_results default";

const ROWS: &str = "
    insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, duration_ms)
    select
        'r' || number, 'j', 't' || number % 2, 'a', (array['success', 'failed', 'retrying'])[1 + number % 3],
        case when number % 10 <> 0 then clock_timestamp() - number * interval '3 days' end, number
    from generate_series(1, 200) as number";

async fn partitioned() -> Engine {
    let engine = Engine { database: FreshDatabase::empty().await };
    engine.database.run(TABLES).await;
    store::schema::migrate(&engine.database.pool).await.unwrap();
    engine.ask_oracle().await;
    engine.database.run(ROWS).await;
    engine.assert_exact("adopted").await;
    engine
}

#[tokio::test]
async fn rows_are_captured_whatever_they_are_written_through() {
    let engine = partitioned().await;
    for sql in [
        "insert into public.results_2026_good (id, job_id, trigger_id, action_type, status, executed_at, duration_ms) values ('n1', 'j', 't1', 'a', 'success', clock_timestamp(), 5)",
        "insert into public.results_2026_good (id, job_id, trigger_id, action_type, status, executed_at, duration_ms) values ('n2', 'j', 't1', 'a', 'success', '2026-02-02', 5)",
        "insert into public.results_2026 (id, job_id, trigger_id, action_type, status, executed_at, duration_ms) values ('n3', 'j', 't1', 'a', 'failed', '2026-02-02', 5)",
        "insert into public.results_other (id, job_id, action_type, status, executed_at) values ('n4', 'j', 'a', 'failed', '2036-02-02')",
        "update public.results_2026_good set duration_ms = 1 where id = 'n1'",
        "update public.action_results set status = 'failed' where id in ('n1', 'r3')",
        "update public.action_results set executed_at = '2024-05-05' where id in ('n2', 'r6')",
        "update public.action_results set executed_at = clock_timestamp() where id in ('n2', 'r10')",
        "delete from public.results_2026_bad where id = 'n1'",
        "delete from public.action_results where id in ('n3', 'r20', 'r180')",
    ] {
        engine.database.run(sql).await;
        engine.assert_live(sql).await;
    }
    engine.assert_exact("all of them").await;
}

#[tokio::test]
async fn an_emptied_partition_takes_only_its_own_rows() {
    let engine = partitioned().await;
    for sql in [
        "truncate public.results_2026_good",
        "insert into public.action_results (id, job_id, action_type, status, executed_at) values ('a', 'j', 'a', 'success', clock_timestamp()); truncate public.results_2026_good",
        "begin; insert into public.action_results (id, job_id, action_type, status, executed_at) values ('b', 'j', 'a', 'failed', clock_timestamp() - interval '1 day'); truncate public.results_2026; insert into public.action_results (id, job_id, action_type, status, executed_at) values ('c', 'j', 'a', 'failed', clock_timestamp() - interval '1 day'); commit",
        "begin; truncate public.results_before; rollback",
        "truncate public.results_before, public.results_other",
    ] {
        engine.database.run(sql).await;
        engine.assert_live(sql).await;
        engine.assert_exact(sql).await;
    }
    engine.database.run(ROWS).await;
    engine.assert_live("filled again").await;
    engine.database.run("truncate public.action_results").await;
    engine.assert_live("all emptied").await;
    engine.assert_exact("all emptied").await;
}

#[tokio::test]
async fn a_partition_made_or_attached_later_is_captured() {
    let engine = partitioned().await;
    let row = |id: &str| {
        format!(
            "insert into public.action_results (id, job_id, action_type, status, executed_at, duration_ms) values ('{id}', 'j', 'a', 'failed', '2031-01-01', 5)"
        )
    };
    for (number, sql) in [
        "create table public.results_2031 partition of public.action_results for values from ('2031-01-01') to ('2032-01-01')",
        "create table public.results_2030 (like public.action_results); alter table public.action_results attach partition public.results_2030 for values from ('2030-01-01') to ('2031-01-01')",
    ].into_iter().enumerate() {
        engine.database.run(sql).await;
        engine.database.run(&row(&number.to_string()).replace("2031", &(2031 - number).to_string())).await;
        let table = format!("public.results_{}", 2031 - number);
        engine.database.run(&format!("insert into {table} select 'late ' || id, job_id, trigger_id, event_id, action_type, status, executed_at, duration_ms, error_message, response_data, retry_count from {table}")).await;
        engine.assert_live(sql).await;
        engine.database.run(&format!("update {table} set duration_ms = 9; delete from {table} where id like 'late%'")).await;
        engine.assert_exact(sql).await;
    }
}

/// Either it is captured, or it is told that it is not.
#[tokio::test]
async fn a_later_partition_that_is_emptied_alone_is_not_lost_in_silence() {
    for made in [
        "create table public.results_2015 partition of public.action_results for values from ('2015-01-01') to ('2016-01-01')",
        "create table public.results_2015 (like public.action_results);
        alter table public.action_results attach partition public.results_2015 for values from ('2015-01-01') to ('2016-01-01')",
    ] {
        let engine = partitioned().await;
        engine.database.run(made).await;
        engine.database.run("insert into public.action_results (id, job_id, action_type, status, executed_at) values ('x', 'j', 'b', 'failed', '2015-05-05')").await;
        let told = engine.database.texts("select capture_problems from tidemark.capture_problems()").await;
        if told.is_empty() {
            engine.assert_exact("not emptied yet").await;
            engine.database.run("truncate public.results_2015").await;
            engine.assert_exact("nothing was told of").await;
        } else {
            assert!(told[0].contains("results_2015"), "{told:?}");
        }
    }
}

#[tokio::test]
async fn a_trigger_disabled_on_a_partition_is_told() {
    let engine = partitioned().await;
    engine.database.run("alter table public.results_2026_good disable trigger tidemark_log_update").await;
    let problems = engine.database.texts("select capture_problems from tidemark.capture_problems()").await;
    assert!(problems.iter().any(|problem| problem.contains("results_2026_good")), "{problems:?}");
}

/// A snapshot that is older than the truncate does not show all rows that go, so nobody can subtract them.
#[tokio::test]
async fn a_partition_emptied_from_an_old_snapshot_is_counted_anew() {
    let engine = partitioned().await;
    let (mut old, mut other) = (engine.session().await, engine.session().await);
    old.run("begin isolation level repeatable read; select count(*) from public.triggers").await;
    other.run("insert into public.results_2026 (id, job_id, action_type, status, executed_at) values ('n', 'j', 'a', 'success', '2026-02-02')").await;
    engine.assert_exact("before").await;
    old.run("truncate public.results_2026_good; commit").await;
    let problems = store::build::problems(&engine.database.pool).await.unwrap();
    assert!(problems.iter().any(|problem| problem.contains("a partition was emptied")), "{problems:?}");
    for asked in ["select count(*) from tidemark.live_executions_hourly", "select tidemark.fold()"] {
        assert_eq!(sqlstate(&other.attempt(asked).await.unwrap_err()), "TM002", "{asked}");
    }
    engine.database.migrate().await;
    engine.assert_exact("counted anew").await;
}
