//! A database that was in use before Tidemark came: nothing of it may be lost.
#![allow(clippy::unwrap_used)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use fresh_database::{FreshDatabase, Server, until};
use store::StoreError;

/// All that is to stay as it was, as lines of text.
const KEPT: &str = "
    select 'relation ' || oid::regclass || ' of ' || relowner::regrole || ', options ' || coalesce(reloptions::text, 'none')
    from pg_class where relnamespace in ('public'::regnamespace, 'reports'::regnamespace) and relkind in ('r', 'v', 'm')
        and relname not in ('organizations')
    union all
    select 'grant ' || class.oid::regclass || ' ' || acl.privilege_type || ' to ' || acl.grantee || ' ' || acl.is_grantable
    from pg_class as class, aclexplode(coalesce(class.relacl, acldefault('r', class.relowner))) as acl
    where relnamespace in ('public'::regnamespace, 'reports'::regnamespace) and relkind in ('r', 'v', 'm')
    union all
    select 'grant on column ' || attrelid::regclass || '.' || attname || ' ' || acl.privilege_type || ' to ' || acl.grantee
    from pg_attribute, aclexplode(attacl) as acl where attrelid > 16383
    union all
    select 'comment ' || objoid::regclass || '.' || objsubid || ' ' || description
    from pg_description where classoid = 'pg_class'::regclass
        and description in ('our hours', 'when', 'the slow ones', 'which day', 'asked every morning', 'what ran')
    union all
    select 'index ' || indexdef from pg_indexes
    where indexname in ('our_slowest_hours', 'daily_actions_day', 'action_results_by_time') or indexname like 'idx%unique'
    union all
    select 'view ' || schemaname || '.' || viewname || ' ' || definition from pg_views where schemaname = 'reports'
    union all
    select 'matview ' || schemaname || '.' || matviewname || ' ' || ispopulated || ' ' || definition
    from pg_matviews where schemaname = 'reports'
    union all
    select 'column ' || attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod)
    from pg_attribute join pg_class as class on class.oid = attrelid
    where relnamespace in ('public'::regnamespace, 'reports'::regnamespace) and relkind in ('r', 'v', 'm') and attnum > 0
    order by 1";

/// Rows of the tables and of everything that stands on the views.
const ROWS: &str = "
    select 'results ' || md5(string_agg(action_results::text, '|' order by id)) from public.action_results
    union all
    select 'triggers ' || md5(string_agg(triggers::text, '|' order by id)) from public.triggers
    union all
    select 'slow ' || count(*) || ' ' || round(sum(p95_duration_ms), -3) from reports.slow_triggers
    union all
    select 'failures ' || count(*) from reports.slow_failures
    union all
    select 'days ' || md5(string_agg(daily_actions::text, '|' order by day)) from reports.daily_actions
    union all
    select 'hours ' || md5(string_agg(h::text, '|' order by hour, action_type, status)) from public.action_metrics_hourly as h
    union all
    select 'failed ' || md5(string_agg(f::text, '|' order by id)) from public.recent_failures as f
    union all
    select 'types ' || md5(string_agg(t::text, '|' order by action_type)) from public.action_type_distribution as t";

/// What a writer does.
const WRITE: &str = "insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'success')";

/// The database that an earlier system left behind.
async fn plain_database() -> FreshDatabase {
    let database = FreshDatabase::empty().await;
    database.run(include_str!("fixtures/plain_database.sql")).await;
    database
}

#[tokio::test]
async fn a_database_in_use_is_adopted_and_nothing_is_lost() {
    let database = plain_database().await;
    let (kept, rows) = (database.texts(KEPT).await, database.texts(ROWS).await);
    assert!(kept.len() > 100, "{kept:?}");
    let report = store::schema::migrate(&database.pool).await.unwrap();
    let made =
        ["tidemark_action_results_trigger_executed_at", "tidemark_action_results_failed", "tidemark_triggers_name"];
    assert_eq!(report.indexes_made, made);

    keeps_all(&database, &kept, &rows).await;
    store::build::run(&database.pool, |_| ()).await.unwrap().unwrap();
    let kept_now = keeps_all(&database, &kept, &rows).await;
    assert!(store::schema::migrate(&database.pool).await.unwrap().applied.is_empty());
    assert_eq!(store::build::run(&database.pool, |_| ()).await.unwrap(), None);
    assert_eq!(database.texts(KEPT).await, kept_now);
}

/// Nothing is lost, and all of it answers as before; returns what there is now.
async fn keeps_all(database: &FreshDatabase, kept: &[String], rows: &[String]) -> Vec<String> {
    let (kept_now, rows_now) = (database.texts(KEPT).await, database.texts(ROWS).await);
    let lost: Vec<_> = kept.iter().filter(|line| !kept_now.contains(line)).collect();
    assert!(lost.is_empty(), "lost: {lost:#?}");
    assert_eq!(rows_now, rows);
    let gained: Vec<_> = kept_now.iter().filter(|line| !kept.contains(line)).collect();
    assert!(gained.iter().all(|line| line.contains("idx_action_type_distribution_unique")), "gained: {gained:#?}");
    kept_now
}

#[tokio::test]
async fn writers_wait_less_than_two_seconds_whoever_else_is_at_work() {
    let database = plain_database().await;
    let stop = Arc::new(AtomicBool::new(false));
    // Transactions that wrote or read a moment ago, and take their time.
    let lingering = tokio::spawn({
        let (pool, stop) = (database.another_pool().await, stop.clone());
        async move {
            while !stop.load(Ordering::Relaxed) {
                let mut open = pool.begin().await.unwrap();
                sqlx::raw_sql(WRITE).execute(&mut *open).await.unwrap();
                tokio::time::sleep(Duration::from_millis(2_500)).await;
                open.commit().await.unwrap();
                let mut open = pool.begin().await.unwrap();
                sqlx::raw_sql("select count(*) from public.action_results, public.recent_failures")
                    .execute(&mut *open)
                    .await
                    .unwrap();
                tokio::time::sleep(Duration::from_millis(1_500)).await;
                open.commit().await.unwrap();
            }
        }
    });
    let writing = tokio::spawn({
        let (pool, stop) = (database.another_pool().await, stop.clone());
        async move {
            let mut longest = Duration::ZERO;
            while !stop.load(Ordering::Relaxed) {
                let began = Instant::now();
                sqlx::raw_sql(WRITE).execute(&pool).await.unwrap();
                longest = longest.max(began.elapsed());
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            longest
        }
    });
    database.migrate().await;
    stop.store(true, Ordering::Relaxed);
    let longest = writing.await.unwrap();
    lingering.await.unwrap();
    assert!(longest < Duration::from_secs(2), "{longest:?}");
    database.refresh().await;
    let differences = "select count(*) from tidemark.find_differences('-infinity', 'infinity')";
    assert_eq!(database.number(differences).await, 0);
}

#[tokio::test]
async fn what_was_adopted_is_fresh_at_once_and_works() {
    let database = plain_database().await;
    database.migrate().await;
    let overview = store::overview::load(&database.pool, &domain::access::Scope::All, &domain::query::Query::default())
        .await
        .unwrap()
        .unwrap();
    assert!(overview.summary.current.counts.total() > 100);
    database.refresh().await;
    database.run("insert into public.action_results (job_id, action_type, status, error_message) values ('j', 'rest', 'failed', repeat('x', 3000))").await;
    // Their own view upon the status function is still there, and whoever could refresh still can.
    database.refresh().await;
    assert_eq!(database.value::<i64>("select count(*) from reports.ages").await, 4);
    let granted = database
        .texts("select grantee::text from information_schema.routine_privileges where routine_name = 'refresh_action_analytics' and grantee <> current_user order by 1")
        .await;
    assert_eq!(granted, ["plain_cron", "plain_owner"]);
    assert_eq!(
        database.value::<i64>("select count(*) from tidemark.trigger_directory where organization_id is null").await,
        5
    );
    assert!(database.value::<bool>("select to_regclass('public.organizations') is null").await);
}

#[tokio::test]
async fn a_lock_that_somebody_holds_for_a_while_is_waited_for() {
    let database = plain_database().await;
    let mut reader = database.pool.begin().await.unwrap();
    sqlx::query("select count(*) from public.recent_failures").execute(&mut *reader).await.unwrap();
    let pool = database.pool.clone();
    let migrating = tokio::spawn(async move { store::schema::migrate(&pool).await });
    // One attempt gives up, and another one comes: it does not stand in everybody's way meanwhile.
    let waiting = "select coalesce(min(pid), 0) from pg_locks
        where not granted and relation = 'public.recent_failures'::regclass";
    until("an attempt waits", || async { database.value::<i32>(waiting).await > 0 }).await;
    let first: i32 = database.value(waiting).await;
    until("another attempt waits", || async { ![0, first].contains(&database.value::<i32>(waiting).await) }).await;
    assert!(!migrating.is_finished());
    reader.commit().await.unwrap();
    let report = migrating.await.unwrap().unwrap();
    assert!(!report.applied.is_empty());
    assert!(store::schema::is_current(&database.pool).await.unwrap());
}

#[tokio::test]
async fn what_cannot_be_made_again_stops_it_with_a_list() {
    let database = plain_database().await;
    database
        .run(
            "create function reports.worst(recent_failures) returns text language sql as 'select $1.error_message';
            create rule no_inserts as on insert to reports.slow_triggers do instead nothing;
            create table reports.snapshots (failure public.recent_failures);
            drop view public.action_type_distribution;
            create view public.action_type_distribution as select 'rest'::varchar as action_type, 1 as our_own_column",
        )
        .await;
    let kept = database.texts(KEPT).await;
    let error = store::schema::migrate(&database.pool).await.unwrap_err();
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    let text = error.to_string();
    for obstacle in [
        "function reports.worst(public.recent_failures)",
        "rule no_inserts on view reports.slow_triggers",
        "column failure of table reports.snapshots",
        "column public.action_type_distribution.action_type character varying: it is to be text",
        "column public.action_type_distribution.our_own_column integer: Tidemark's view has no such column",
    ] {
        assert!(text.contains(obstacle), "{obstacle} is not in: {text}");
    }
    assert_eq!(database.texts(KEPT).await, kept);
    let error = store::schema::migrate(&database.pool).await.unwrap_err();
    assert_eq!(error.to_string(), text, "the same again, and nothing half done");
}

#[tokio::test]
async fn a_table_in_place_of_a_view_is_refused() {
    let database = FreshDatabase::empty().await;
    database.run("create table public.recent_failures (id text)").await;
    let error = store::schema::migrate(&database.pool).await.unwrap_err();
    assert!(error.to_string().contains("public.recent_failures is not a view"), "{error}");
}

/// Of a large table it may take hours, and it gives way to nobody who waits for less than a second.
#[tokio::test]
async fn an_automatic_vacuum_under_way_gives_way() {
    let eager = [
        ("autovacuum_naptime", "1s"),
        ("autovacuum_vacuum_cost_limit", "1"),
        ("autovacuum_vacuum_cost_delay", "100ms"),
    ];
    let server = Server::start(&eager).await;
    let table = "create table public.action_results (
            id text primary key, job_id text not null, trigger_id text, event_id text, action_type text not null,
            status text not null, executed_at timestamptz default now(), duration_ms integer, error_message text,
            response_data jsonb, retry_count integer default 0
        );
        insert into public.action_results (id, job_id, action_type, status)
        select n::text, 'j', 'rest', 'success' from generate_series(1, 50000) as n;
        delete from public.action_results where id::integer % 2 = 0";
    sqlx::raw_sql(table).execute(&server.pool).await.unwrap();
    let is_vacuumed = async || {
        let workers =
            "select exists (select from pg_stat_progress_vacuum where relid = 'public.action_results'::regclass)";
        sqlx::query_scalar::<_, bool>(workers).fetch_one(&server.pool).await.unwrap()
    };
    until("an automatic vacuum began", is_vacuumed).await;
    store::schema::migrate(&server.pool).await.unwrap();
    store::build::run(&server.pool, |_| ()).await.unwrap();
    let counted = "select sum(executions)::bigint from tidemark.live_executions_hourly";
    assert_eq!(sqlx::query_scalar::<_, i64>(counted).fetch_one(&server.pool).await.unwrap(), 25_000);
    server.stop().await;
}
