//! The names, columns, types and indexes that everybody relies on.
#![allow(clippy::unwrap_used)]

use domain::histogram::bucket_of;
use fresh_database::FreshDatabase;
use store::StoreError;

const VIEWS: [(&str, &str); 4] = [
    (
        "public.action_metrics_hourly",
        "hour timestamp with time zone, action_type text, status text, execution_count bigint, \
         avg_duration_ms numeric(10,2), p50_duration_ms numeric(10,2), p95_duration_ms numeric(10,2), \
         p99_duration_ms numeric(10,2), min_duration_ms integer, max_duration_ms integer, success_count bigint, \
         failure_count bigint, retrying_count bigint, total_retries bigint, actions_with_retries bigint",
    ),
    (
        "public.trigger_performance_summary",
        "trigger_id text, total_executions bigint, success_count bigint, failure_count bigint, retrying_count bigint, \
         success_rate numeric, avg_duration_ms numeric(10,2), p50_duration_ms numeric(10,2), \
         p95_duration_ms numeric(10,2), p99_duration_ms numeric(10,2), min_duration_ms integer, \
         max_duration_ms integer, total_retries bigint, avg_retries numeric(10,2), max_retries integer, \
         last_execution_at timestamp with time zone, first_execution_at timestamp with time zone, hours_active numeric",
    ),
    (
        "public.recent_failures",
        "id text, job_id text, trigger_id text, event_id text, action_type text, error_message text, \
         retry_count integer, executed_at timestamp with time zone, duration_ms integer, response_data jsonb",
    ),
    (
        "public.action_type_distribution",
        "action_type text, total_executions bigint, success_count bigint, failure_count bigint, percentage numeric, \
         avg_duration_ms numeric(10,2), total_retries bigint, last_execution_at timestamp with time zone",
    ),
];

const INDEXES: [&str; 17] = [
    "idx_action_metrics_hourly_action_type",
    "idx_action_metrics_hourly_hour",
    "idx_action_metrics_hourly_recent",
    "idx_action_metrics_hourly_status",
    "idx_action_metrics_hourly_unique",
    "idx_action_type_distribution_executions",
    "idx_action_type_distribution_unique",
    "idx_recent_failures_action_type",
    "idx_recent_failures_error_message",
    "idx_recent_failures_executed_at",
    "idx_recent_failures_trigger_id",
    "idx_recent_failures_unique",
    "idx_trigger_performance_summary_avg_duration",
    "idx_trigger_performance_summary_executions",
    "idx_trigger_performance_summary_retries",
    "idx_trigger_performance_summary_success_rate",
    "idx_trigger_performance_summary_unique",
];

#[tokio::test]
async fn views_have_the_promised_columns() {
    let database = FreshDatabase::migrated().await;
    for (view, columns) in VIEWS {
        let found: String = database
            .value(&format!(
                "select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum)
                from pg_attribute where attrelid = '{view}'::regclass and attnum > 0"
            ))
            .await;
        assert_eq!(found, columns, "{view}");
        let kind: String =
            database.value(&format!("select relkind::text from pg_class where oid = '{view}'::regclass")).await;
        assert_eq!(kind, "m", "{view}");
    }
}

#[tokio::test]
async fn views_have_the_promised_indexes() {
    let database = FreshDatabase::migrated().await;
    let found = database
        .texts("select indexname::text from pg_indexes where schemaname = 'public' and indexname like 'idx\\_%' order by 1")
        .await;
    assert_eq!(found, INDEXES);
    let unique = database
        .texts("select indexdef from pg_indexes where indexname like 'idx\\_%\\_unique' order by indexname")
        .await;
    let columns: Vec<_> = unique.iter().map(|definition| definition.rsplit_once('(').unwrap().1).collect();
    assert_eq!(columns, ["hour, action_type, status)", "action_type)", "id)", "trigger_id)"]);
    assert!(unique.iter().all(|definition| definition.starts_with("CREATE UNIQUE INDEX")));
}

#[tokio::test]
async fn functions_answer_with_the_promised_columns() {
    let database = FreshDatabase::migrated().await;
    let result = |name: &str| format!("select pg_get_function_result('{name}()'::regprocedure)");
    let refresh: String = database.value(&result("refresh_action_analytics")).await;
    assert_eq!(
        refresh,
        "TABLE(view_name text, refresh_duration_ms integer, rows_refreshed bigint, success boolean, error_message text)"
    );
    let status: String = database.value(&result("get_analytics_refresh_status")).await;
    assert_eq!(
        status,
        "TABLE(view_name text, row_count bigint, size_bytes bigint, last_refresh timestamp with time zone, age_minutes integer)"
    );
}

#[tokio::test]
async fn everything_of_tidemark_says_what_it_is_for() {
    let database = FreshDatabase::migrated().await;
    let mute = database
        .texts(
            "select oid::regclass::text from pg_class
            where relnamespace = 'tidemark'::regnamespace and relkind in ('r', 'v', 'm', 'S')
                and relname <> 'migrations' and obj_description(oid, 'pg_class') is null
            union all
            select oid::regprocedure::text from pg_proc
            where pronamespace = 'tidemark'::regnamespace and obj_description(oid, 'pg_proc') is null",
        )
        .await;
    assert!(mute.is_empty(), "{mute:?}");
}

#[tokio::test]
async fn buckets_in_the_database_are_those_of_the_domain() {
    let database = FreshDatabase::migrated().await;
    let gamma: f64 = 1.01 / 0.99;
    let powers = (0..1100).map(|power| gamma.powi(power)).take_while(|&bound| bound < 2_147_483_647.0);
    let mut durations: Vec<i32> = powers
        .flat_map(|bound| (-3..=3).map(move |step| bound as i64 + step))
        .flat_map(|duration| [duration, -duration])
        .filter_map(|duration| i32::try_from(duration).ok())
        .chain([0, i32::MAX, i32::MAX - 1, i32::MIN, i32::MIN + 1])
        .chain(-20_000..20_000)
        .collect();
    durations.sort_unstable();
    durations.dedup();
    let found: Vec<i32> = sqlx::query_scalar("select tidemark.duration_bucket(d) from unnest($1::integer[]) as d")
        .bind(&durations)
        .fetch_all(&database.pool)
        .await
        .unwrap();
    for (&duration, &bucket) in durations.iter().zip(&found) {
        assert_eq!(bucket, bucket_of(duration), "{duration} ms");
    }
    assert_eq!(found.len(), durations.len());
}

#[tokio::test]
async fn a_duration_is_right_past_one_minute() {
    let database = FreshDatabase::migrated().await;
    let took = |later: &str| format!("select tidemark.milliseconds_between('2026-01-01 00:00:00Z', '{later}')");
    assert_eq!(database.value::<i32>(&took("2026-01-01 00:01:30.25Z")).await, 90_250);
    assert_eq!(database.value::<i32>(&took("2026-01-02 01:00:00Z")).await, 90_000_000);
    assert_eq!(database.value::<i32>(&took("2025-12-31 23:59:59Z")).await, 0);
    assert_eq!(database.value::<i32>(&took("2027-01-01 00:00:00Z")).await, i32::MAX);
}

#[tokio::test]
async fn migrating_twice_or_from_two_servers_changes_nothing_more() {
    let database = FreshDatabase::empty().await;
    assert!(!store::schema::is_current(&database.pool).await.unwrap());
    let other = database.another_pool().await;
    let (one, two) = tokio::join!(store::schema::migrate(&database.pool), store::schema::migrate(&other));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.indexes_made.len() + two.indexes_made.len(), 4, "{one:?} {two:?}");
    assert!(one.indexes_missing.is_empty() && two.indexes_missing.is_empty());
    assert!(store::schema::is_current(&database.pool).await.unwrap());
    let again = store::schema::migrate(&database.pool).await.unwrap();
    assert_eq!(again.to_string(), "The schema is up to date.");
    assert!(again.applied.is_empty() && again.indexes_made.is_empty());
}

#[tokio::test]
async fn an_owner_without_any_privilege_can_migrate_and_refresh() {
    let mut database = FreshDatabase::empty().await;
    let (pool, role) = database.pool_as_new_role().await;
    let name: String = database.value("select current_database()::text").await;
    database.run(&format!("alter database {name} owner to {role}; grant all on schema public to {role}")).await;
    store::schema::migrate(&pool).await.unwrap();
    let views = store::refresh::run(&pool, "test", std::time::Duration::from_secs(30)).await.unwrap();
    assert!(views.iter().all(|view| view.success), "{views:?}");
    assert!(
        store::overview::load(&pool, &domain::access::Scope::All, &domain::query::Query::default())
            .await
            .unwrap()
            .is_some()
    );
    // Noticing refreshes by hand is a superuser's privilege; they work all the same.
    sqlx::raw_sql("refresh materialized view public.recent_failures").execute(&pool).await.unwrap();
    assert_eq!(database.value::<i64>("select count(*) from pg_event_trigger").await, 0);
}

#[tokio::test]
async fn a_source_whose_groups_may_have_no_name_is_refused_with_the_cure() {
    let defined =
        "create table public.triggers (id text primary key, name text, enabled boolean, created_at timestamptz);
        create table public.action_results (
            id text primary key, job_id text, trigger_id text, event_id text, action_type text, status text,
            executed_at timestamptz, duration_ms integer, error_message text, response_data jsonb, retry_count integer
        )";
    let database = FreshDatabase::empty().await;
    database.run(defined).await;
    let error = store::schema::migrate(&database.pool).await.unwrap_err();
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    let text = error.to_string();
    for column in ["action_type", "status"] {
        let cure = format!("alter table public.action_results alter column {column} set not null");
        assert!(text.contains(&cure), "{cure} is not in: {text}");
        database.run(&cure).await;
    }
    store::schema::migrate(&database.pool).await.unwrap();
}

#[tokio::test]
async fn a_source_in_another_shape_is_refused_and_all_of_it_listed() {
    let database = FreshDatabase::empty().await;
    database
        .run(
            "create table public.triggers (id uuid primary key, name text, enabled boolean, created_at timestamptz);
            create table public.action_results (
                id text, job_id text, trigger_id text, action_type text, status text, executed_at timestamp,
                duration_ms bigint, error_message text, response_data jsonb, retry_count integer
            )",
        )
        .await;
    let error = store::schema::migrate(&database.pool).await.unwrap_err();
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    let text = error.to_string();
    for obstacle in [
        "public.triggers.id is uuid: text is needed",
        "public.action_results.event_id is missing: text is needed",
        "public.action_results.executed_at is timestamp without time zone: timestamp with time zone is needed",
        "public.action_results.duration_ms is bigint: integer is needed",
        "public.action_results.id is not unique",
    ] {
        assert!(text.contains(obstacle), "{obstacle} is not in: {text}");
    }
    assert_eq!(text.lines().count(), 6, "{text}");
    assert!(!store::schema::is_current(&database.pool).await.unwrap());
}

#[tokio::test]
async fn an_index_left_half_made_is_made_again_and_one_that_serves_is_left_alone() {
    let database = FreshDatabase::empty().await;
    database
        .run(
            "create table public.triggers (id text primary key, name text, enabled boolean, created_at timestamptz);
            create table public.action_results (
                id text primary key, job_id text, trigger_id text, event_id text, action_type text not null,
                status text not null, executed_at timestamptz, duration_ms integer, error_message text,
                response_data jsonb, retry_count integer
            );
            create index theirs on public.action_results (trigger_id, executed_at desc, status);
            create index tidemark_action_results_trigger_id on public.action_results (trigger_id);
            create index only_included on public.action_results (executed_at) include (status) where trigger_id is null;
            create index not_enough on public.action_results (executed_at) where status = 'retrying';
            create index tidemark_action_results_executed_at on public.action_results (executed_at);
            update pg_index set indisvalid = false
            where indexrelid = 'tidemark_action_results_executed_at'::regclass",
        )
        .await;
    let report = store::schema::migrate(&database.pool).await.unwrap();
    let made = ["tidemark_action_results_executed_at", "tidemark_action_results_failed", "tidemark_triggers_name"];
    assert_eq!(report.indexes_made, made);
    assert_eq!(report.indexes_dropped, ["tidemark_action_results_trigger_id"]);
    assert!(store::schema::migrate(&database.pool).await.unwrap().indexes_dropped.is_empty());
    let invalid: i64 = database.value("select count(*) from pg_index where not indisvalid").await;
    assert_eq!(invalid, 0);
}
