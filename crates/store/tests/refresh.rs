//! Refreshing: what fails alone, what waits, what is logged.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use fresh_database::{FreshDatabase, until};
use store::refresh::ViewRefresh;

const TIMEOUT: Duration = Duration::from_secs(30);

const VIEWS: [&str; 4] =
    ["action_metrics_hourly", "trigger_performance_summary", "recent_failures", "action_type_distribution"];

async fn run(database: &FreshDatabase) -> Vec<ViewRefresh> {
    store::refresh::run(&database.pool, "test", TIMEOUT).await.unwrap()
}

async fn insert_one(database: &FreshDatabase) {
    database
        .run("insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'failed')")
        .await;
}

#[tokio::test]
async fn a_run_answers_for_every_view_and_logs_each() {
    let database = FreshDatabase::migrated().await;
    insert_one(&database).await;
    let views = run(&database).await;
    assert_eq!(views.iter().map(|view| view.view_name.as_str()).collect::<Vec<_>>(), VIEWS);
    assert_eq!(views.iter().map(|view| view.rows).collect::<Vec<_>>(), [1, 0, 1, 1]);
    let logged = database
        .texts("select concat_ws(' ', run_id, view_name, rows, asked_by, success, was_needed) from tidemark.refresh_log where run_id > 1 order by started_at, array_position(array['action_metrics_hourly', 'trigger_performance_summary', 'recent_failures'], view_name)")
        .await;
    let expected: Vec<_> =
        VIEWS.iter().zip([1, 0, 1, 1]).map(|(view, rows)| format!("2 {view} {rows} test t t")).collect();
    assert_eq!(logged, expected);
    insert_one(&database).await;
    database.run("select * from public.refresh_action_analytics()").await;
    assert!(
        database
            .value::<bool>("select asked_by = session_user from tidemark.refresh_log order by run_id desc limit 1")
            .await
    );
}

#[tokio::test]
async fn statuses_tell_age_rows_and_the_last_failure() {
    let database = FreshDatabase::migrated().await;
    let before = store::freshness::view_statuses(&database.pool).await.unwrap();
    assert_eq!(before.iter().map(|status| status.view_name.as_str()).collect::<Vec<_>>(), VIEWS);
    assert!(before.iter().all(|status| status.last_refresh.is_some() && status.last_failure.is_none()));
    insert_one(&database).await;
    database.refresh().await;
    database.run("drop materialized view public.recent_failures").await;
    run(&database).await;
    let after = store::freshness::view_statuses(&database.pool).await.unwrap();
    assert_eq!(after.iter().map(|status| status.row_count).collect::<Vec<_>>(), [1, 0, 0, 1]);
    assert!(after.iter().all(|status| status.last_duration_ms.is_some()));
    let failed: Vec<_> = after.iter().filter(|status| status.last_failure.is_some()).collect();
    assert_eq!(failed.iter().map(|status| status.view_name.as_str()).collect::<Vec<_>>(), ["recent_failures"]);
    let minutes: i64 = database.value("select sum(age_minutes) from get_analytics_refresh_status()").await;
    assert_eq!(minutes, 0);
}

#[tokio::test]
async fn a_failing_view_does_not_stop_the_others_and_is_reported_until_it_is_made_good() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "alter materialized view public.trigger_performance_summary rename to aside;
            create table public.divisor as select 1 as number;
            create materialized view public.trigger_performance_summary as select 1 / number as ratio, now() as last_execution_at from public.divisor;
            update public.divisor set number = 0",
        )
        .await;
    insert_one(&database).await;
    let views = run(&database).await;
    assert_eq!(views.iter().map(|view| view.success).collect::<Vec<_>>(), [true, false, true, true]);
    assert_eq!(views[1].error_message.as_deref(), Some("division by zero"));
    let failure = store::freshness::observe(&database.pool).await.unwrap().failure.unwrap();
    assert_eq!(failure.view_name.as_deref(), Some("trigger_performance_summary"));
    assert_eq!(failure.message, "division by zero");
    database.run("update public.divisor set number = 1").await;
    assert!(run(&database).await.iter().all(|view| view.success));
    assert_eq!(store::freshness::observe(&database.pool).await.unwrap().failure, None);
}

#[tokio::test]
async fn a_view_without_data_or_unique_index_is_refreshed_all_the_same() {
    let database = FreshDatabase::migrated().await;
    insert_one(&database).await;
    database
        .run(
            "drop index public.idx_recent_failures_unique;
            refresh materialized view public.action_type_distribution with no data",
        )
        .await;
    let views = run(&database).await;
    assert!(views.iter().all(|view| view.success), "{views:?}");
    assert_eq!(views[3].rows, 1);
}

#[tokio::test]
async fn of_two_runs_at_once_the_second_waits_and_reuses() {
    let database = FreshDatabase::migrated().await;
    let mut first = database.pool.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(1953064037, 1)").execute(&mut *first).await.unwrap();
    let waiting: Vec<_> = (0..3)
        .map(|_| {
            let pool = database.pool.clone();
            tokio::spawn(async move { store::refresh::run(&pool, "waiting", TIMEOUT).await })
        })
        .collect();
    until("three wait", || async {
        database.value::<i64>("select count(*) from pg_locks where locktype = 'advisory' and classid = 1953064037 and not granted and database = (select oid from pg_database where datname = current_database())").await == 3
    })
    .await;
    insert_one(&database).await;
    first.commit().await.unwrap();
    for run in waiting {
        let views = run.await.unwrap().unwrap();
        assert_eq!(views[0].rows, 1, "what was committed before the run began is in it");
    }
    // One ran after all three had called, so the two others took over what it did.
    assert_eq!(
        database.value::<i64>("select count(distinct run_id) from tidemark.refresh_log where run_id > 1").await,
        1
    );
    insert_one(&database).await;
    run(&database).await;
    assert_eq!(
        database.value::<i64>("select count(distinct run_id) from tidemark.refresh_log where run_id > 1").await,
        2
    );
}

#[tokio::test]
async fn a_run_that_began_before_the_call_is_not_reused() {
    let database = FreshDatabase::migrated().await;
    let mut first = database.pool.begin().await.unwrap();
    sqlx::query("select from public.refresh_action_analytics()").execute(&mut *first).await.unwrap();
    insert_one(&database).await;
    let pool = database.pool.clone();
    let second = tokio::spawn(async move { store::refresh::run(&pool, "second", TIMEOUT).await });
    until("the second waits", || async {
        database.value::<bool>("select exists (select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database()))").await
    })
    .await;
    first.commit().await.unwrap();
    let views = second.await.unwrap().unwrap();
    assert_eq!(views[0].rows, 1);
    assert_eq!(
        database.value::<i64>("select count(distinct run_id) from tidemark.refresh_log where run_id > 1").await,
        2
    );
}

#[tokio::test]
async fn an_isolation_that_would_show_the_past_is_refused_with_the_reason() {
    let database = FreshDatabase::migrated().await;
    for isolation in ["repeatable read", "serializable"] {
        let sql = format!("begin isolation level {isolation}; select public.refresh_action_analytics(); commit");
        let mut connection = database.pool.acquire().await.unwrap().detach();
        let error = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap_err();
        assert!(error.to_string().contains("would see the past"), "{error}");
    }
    let name: String = database.value("select current_database()::text").await;
    database.run(&format!("alter database {name} set default_transaction_isolation to 'repeatable read'")).await;
    let pool = database.another_pool().await;
    let views = store::refresh::run(&pool, "test", TIMEOUT).await.unwrap();
    assert!(views.iter().all(|view| view.success), "a default is overridden: {views:?}");
}

#[tokio::test]
async fn a_run_that_takes_too_long_is_given_up_and_recorded() {
    let database = FreshDatabase::migrated().await;
    database.refresh().await;
    let mut listener = store::refresh::listen(&database.pool).await.unwrap();
    let mut blocker = database.pool.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(1953064037, 1)").execute(&mut *blocker).await.unwrap();
    let error = store::refresh::run(&database.pool, "page", Duration::from_millis(100)).await.unwrap_err();
    assert!(!error.is_unreachable(), "{error:?}");
    let failure = store::freshness::observe(&database.pool).await.unwrap().failure.unwrap();
    assert_eq!(failure.view_name, None);
    assert!(failure.message.contains("statement timeout"), "{failure:?}");
    let heard = tokio::time::timeout(TIMEOUT, listener.next()).await.unwrap().unwrap();
    assert_eq!(heard, Some(3), "a failure is announced too");
    blocker.rollback().await.unwrap();
    database.refresh().await;
    assert_eq!(store::freshness::observe(&database.pool).await.unwrap().failure, None);
}

#[tokio::test]
async fn a_run_nobody_waits_for_ends() {
    let database = FreshDatabase::migrated().await;
    let mut blocker = database.pool.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(1953064037, 1)").execute(&mut *blocker).await.unwrap();
    let pool = database.pool.clone();
    let run = tokio::spawn(async move { store::refresh::run(&pool, "page", TIMEOUT).await });
    let waiting = || async {
        database.value::<i64>("select count(*) from pg_locks where locktype = 'advisory' and classid = 1953064037 and not granted and database = (select oid from pg_database where datname = current_database())").await
    };
    until("it waits", || async { waiting().await == 1 }).await;
    run.abort();
    until("the database noticed", || async { waiting().await == 0 }).await;
}

#[tokio::test]
async fn a_refresh_by_hand_is_logged_and_announced() {
    let database = FreshDatabase::migrated().await;
    let mut listener = store::refresh::listen(&database.pool).await.unwrap();
    insert_one(&database).await;
    for how in ["", "concurrently"] {
        database.run(&format!("refresh materialized view {how} public.recent_failures")).await;
        let heard = tokio::time::timeout(TIMEOUT, listener.next()).await.unwrap().unwrap();
        assert!(heard.is_some());
    }
    let logged = database
        .texts("select concat_ws(' ', run_id, view_name, rows, success) from tidemark.refresh_log where run_id > 1 order by run_id")
        .await;
    assert_eq!(logged, ["2 recent_failures 1 t", "3 recent_failures 1 t"]);
    database
        .run("create materialized view public.theirs as select 1 as one; refresh materialized view public.theirs")
        .await;
    assert_eq!(database.value::<i64>("select count(*) from tidemark.refresh_log where run_id > 1").await, 2);
}

#[tokio::test]
async fn a_refresh_by_hand_never_fails_of_the_log() {
    let database = FreshDatabase::migrated().await;
    database.run("alter table tidemark.refresh_log add constraint broken check (run_id < 2)").await;
    insert_one(&database).await;
    database.run("refresh materialized view public.recent_failures").await;
    assert_eq!(database.value::<i64>("select count(*) from public.recent_failures").await, 1);
}

#[tokio::test]
async fn refreshing_is_for_the_owner_and_whom_it_was_granted() {
    let mut database = FreshDatabase::migrated().await;
    let (pool, role) = database.pool_as_new_role().await;
    let call = "select count(*) from public.refresh_action_analytics()";
    let denied = sqlx::query(call).execute(&pool).await.unwrap_err();
    assert!(denied.to_string().contains("permission denied"), "{denied}");
    database.run(&format!("grant execute on function public.refresh_action_analytics() to {role}")).await;
    sqlx::query(call).execute(&pool).await.unwrap();
}

#[tokio::test]
async fn old_refreshes_are_forgotten_but_never_the_newest_success() {
    let database = FreshDatabase::migrated().await;
    database.refresh().await;
    database.refresh().await;
    database
        .run(
            "update tidemark.refresh_log set started_at = started_at - interval '40 days', data_as_of = data_as_of - interval '40 days';
            insert into tidemark.refresh_log (run_id, view_name, started_at, data_as_of, duration_ms, asked_by, success)
            values (90, 'recent_failures', now() - interval '35 days', now() - interval '35 days', 1, 'test', false),
                (91, 'recent_failures', now() - interval '1 day', now() - interval '1 day', 1, 'test', false)",
        )
        .await;
    let forgotten = store::refresh::forget_old(&database.pool, Duration::from_secs(30 * 86_400)).await.unwrap();
    assert_eq!(forgotten, 5);
    let kept = database
        .texts("select concat_ws(' ', run_id, view_name) from tidemark.refresh_log order by run_id, view_name")
        .await;
    assert_eq!(
        kept,
        [
            "2 action_metrics_hourly",
            "2 action_type_distribution",
            "2 recent_failures",
            "2 trigger_performance_summary",
            "91 recent_failures"
        ]
    );
}
