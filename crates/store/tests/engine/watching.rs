//! What the engine tells of itself, when it refuses, and that it does not grow.

use crate::support::{Engine, sqlstate};

const INSERT: &str = "insert into public.action_results (job_id, action_type, status, executed_at, duration_ms)
    values ('j', 'a', 'failed', clock_timestamp() - interval '1 hour', 5)";

async fn problems(engine: &Engine) -> Vec<String> {
    engine.database.texts("select capture_problems from tidemark.capture_problems()").await
}

#[tokio::test]
async fn nothing_is_wrong_at_first() {
    let engine = Engine::new().await;
    assert_eq!(problems(&engine).await, [""; 0]);
}

#[tokio::test]
async fn what_keeps_changes_from_being_captured_is_told_and_a_refresh_refuses() {
    let damages = [
        ("alter table public.action_results disable trigger tidemark_log_delete", "tidemark_log_delete"),
        ("alter table public.action_results disable trigger all", "tidemark_log_insert"),
        (
            "alter table public.action_results disable trigger all; alter table public.action_results enable trigger all",
            "tidemark_log_update",
        ),
        ("drop trigger tidemark_log_truncate on public.action_results", "tidemark_log_truncate"),
        ("alter table public.action_results enable replica trigger tidemark_log_insert", "tidemark_log_insert"),
        (
            "create table public.kept as select * from public.action_results; drop table public.action_results cascade; alter table public.kept rename to action_results",
            "another table",
        ),
        ("select setval('tidemark.watermark', 1)", "watermark"),
        ("update tidemark.frontier set system_identifier = 1", "copied or restored"),
        ("update tidemark.frontier set database_id = 1", "copied or restored"),
    ];
    for (damage, told) in damages {
        let engine = Engine::new().await;
        engine.database.run(INSERT).await;
        engine.assert_exact("before").await;
        engine.database.run(damage).await;
        let problems = problems(&engine).await;
        assert!(problems.iter().any(|problem| problem.contains(told)), "{damage}: {problems:?}");
        for call in ["select tidemark.fold()", "select public.refresh_action_analytics()"] {
            let refused = engine.session().await.attempt(call).await.unwrap_err();
            assert_eq!(sqlstate(&refused), "TM002", "{damage}: {refused}");
            assert!(refused.to_string().contains(told), "{damage}: {refused}");
        }
    }
}

#[tokio::test]
async fn thousands_of_folds_leave_nothing_to_grow() {
    let engine = Engine::new().await;
    let mut session = engine.session().await;
    session.run(INSERT).await;
    // Each in a transaction of its own; vacuum may clean up in between, as autovacuum does.
    for _ in 0..20 {
        session
            .run(
                "do $$ begin
                    for fold in 1..100 loop
                        insert into public.action_results (job_id, action_type, status, executed_at)
                        values ('j', 'a', 'failed', clock_timestamp() - interval '1 hour');
                        perform tidemark.fold();
                        commit;
                    end loop;
                end $$",
            )
            .await;
        for table in ["change_log", "frontier", "executions_hourly"] {
            session.run(&format!("vacuum tidemark.{table}")).await;
        }
    }
    for (table, most) in [("change_log", 64), ("frontier", 512), ("executions_hourly", 512)] {
        let size: i64 = session.value(&format!("select pg_total_relation_size('tidemark.{table}') / 1024")).await;
        assert!(size <= most, "tidemark.{table} has {size} kB after 2000 folds, {most} are enough");
    }
    engine.assert_exact("after 2000 folds").await;
}

#[tokio::test]
async fn a_fold_tells_what_it_did() {
    let engine = Engine::new().await;
    let fold =
        "select concat_ws(' ', rows_folded, late_rows, is_held, found_changes, change_number) from tidemark.fold()";
    assert_eq!(engine.database.texts(fold).await, ["0 0 f f 0"]);
    engine.database.run(INSERT).await;
    engine.database.run("insert into public.action_results (job_id, action_type, status, executed_at) values ('j', 'a', 'success', clock_timestamp())").await;
    assert_eq!(engine.database.texts(fold).await, ["2 1 f t 1"]);
    engine.database.run("update public.action_results set status = 'success'").await;
    assert_eq!(engine.database.texts(fold).await, ["4 4 f t 2"]);
    assert_eq!(engine.database.texts(fold).await, ["0 0 f f 2"]);
    engine.assert_exact("in the end").await;
}
