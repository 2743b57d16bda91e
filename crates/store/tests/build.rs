//! Counting what was there before: in steps, while writers write, and whatever ends it in the middle.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use domain::progress::Progress;
use fresh_database::{FreshDatabase, until};
use store::build;

/// The hours as they are shown, against the rows: what is only in one of them.
const WRONG_HOURS: &str = "
    select count(*) from (
        select hour, action_type, status, execution_count, total_retries from public.action_metrics_hourly
    ) as shown
    full join (
        select date_trunc('hour', executed_at, 'UTC'), action_type, status, count(*), sum(coalesce(retry_count, 0))
        from public.action_results group by 1, 2, 3
    ) as counted (hour, action_type, status, execution_count, total_retries)
        using (hour, action_type, status, execution_count, total_retries)
    where shown.hour is null or counted.hour is null";

const SOURCE: &str = "
    create table public.triggers (id text primary key, name text, enabled boolean, created_at timestamptz);
    create table public.action_results (
        id text primary key default gen_random_uuid()::text, job_id text, trigger_id text, event_id text,
        action_type text not null, status text not null, executed_at timestamptz default now(), duration_ms integer, error_message text,
        response_data jsonb, retry_count integer
    );
    insert into public.action_results (job_id, trigger_id, action_type, status, executed_at, duration_ms, retry_count)
    select 'job', 'trigger-' || n % 7, (array['rest', 'mcp'])[1 + n % 2], (array['success', 'failed', 'retrying'])[1 + n % 3],
        date_trunc('day', now(), 'UTC') - n * interval '7 minutes', n % 1000, n % 4
    from generate_series(1, 4000) as n;
    analyze public.action_results";

/// A database with 4,000 rows over 20 whole UTC days, as steps are, that Tidemark came to, and that is not counted yet.
async fn uncounted() -> FreshDatabase {
    let database = FreshDatabase::empty().await;
    database.run(SOURCE).await;
    store::schema::migrate(&database.pool).await.unwrap();
    database
}

async fn is_exact(database: &FreshDatabase) -> bool {
    // What differs right after a refresh may have come in between; nobody writes here.
    database.refresh().await;
    let differences = "select (select count(*) from tidemark.find_differences('-infinity', 'infinity'))
        + (select count(*) from tidemark.find_trigger_differences(1))
        + (select count(*) from tidemark.find_view_differences())";
    database.number(WRONG_HOURS).await == 0 && database.number(differences).await == 0
}

#[tokio::test]
async fn what_was_there_is_counted_in_steps_and_each_is_told() {
    let database = uncounted().await;
    let mut told: Vec<Progress> = Vec::new();
    let built = build::run_in_steps(&database.pool, 500, |progress| told.push(progress)).await.unwrap().unwrap();
    assert_eq!(built.rows, 4_000);
    assert!(told.len() > 5, "{told:?}");
    assert!(told.is_sorted_by(|one, next| one.rows < next.rows), "{told:?}");
    assert!(told.iter().all(|progress| progress.of_about == Some(4_000) && progress.left.is_some()), "{told:?}");
    assert_eq!(told.last().map(|last| (last.rows, last.left)), Some((4_000, Some(Duration::ZERO))));
    assert!(is_exact(&database).await);

    let again = build::run(&database.pool, |progress| panic!("{progress:?}")).await.unwrap();
    assert_eq!(again, None, "there was nothing left to do");
}

#[tokio::test]
async fn a_day_that_has_just_begun_makes_no_step_long() {
    let database = FreshDatabase::empty().await;
    database.run(SOURCE).await;
    // One row of the newest day, and 206 of each before, whatever time it is.
    database
        .run("update public.action_results set executed_at = executed_at - interval '1 day' + interval '8 minutes'")
        .await;
    store::schema::migrate(&database.pool).await.unwrap();
    let mut told = vec![0];
    build::run_in_steps(&database.pool, 500, |progress| told.push(progress.rows)).await.unwrap().unwrap();
    let longest = told.windows(2).map(|rows| rows[1] - rows[0]).max();
    assert!(longest <= Some(500), "{told:?}");
    assert!(is_exact(&database).await);
}

#[tokio::test]
async fn the_old_views_answer_until_all_is_counted() {
    let database = uncounted().await;
    let over_rollups = "select definition like '%live_executions_hourly%' from pg_matviews
        where matviewname = 'action_metrics_hourly'";
    build::run_in_steps(&database.pool, 500, |_| ()).await.unwrap();
    assert!(database.value::<bool>(over_rollups).await);

    let database = uncounted().await;
    assert!(!database.value::<bool>(over_rollups).await);
    database.run("insert into public.action_results (action_type, status) values ('rest', 'success')").await;
    database.refresh().await;
    assert_eq!(database.number("select sum(execution_count)::bigint from public.action_metrics_hourly").await, 4_001);
}

#[tokio::test]
async fn what_is_dropped_or_killed_in_the_middle_goes_on_where_it_was() {
    let database = uncounted().await;
    let pool = database.another_pool().await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let building =
        tokio::spawn(
            async move { build::run_in_steps(&pool, 500, |progress| tell.send(progress.rows).unwrap()).await },
        );
    let first = told.recv().await.unwrap();
    building.abort();
    assert!(building.await.is_err_and(|end| end.is_cancelled()));

    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let pool = database.another_pool().await;
    let building =
        tokio::spawn(
            async move { build::run_in_steps(&pool, 500, |progress| tell.send(progress.rows).unwrap()).await },
        );
    let second = told.recv().await.unwrap();
    assert!(second > first, "{second} after {first}");
    // The one that holds the turn is the one that counts.
    database
        .run(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 4 and granted
        and database = (select oid from pg_database where datname = current_database())",
        )
        .await;
    let error = building.await.unwrap().unwrap_err();
    assert!(error.is_unreachable(), "{error:?}");

    let mut told = Vec::new();
    let built = build::run_in_steps(&database.pool, 500, |progress| told.push(progress.rows)).await.unwrap().unwrap();
    assert_eq!(built.rows, 4_000);
    assert!(told[0] > second, "{told:?} after {second}");
    assert!(is_exact(&database).await);
}

#[tokio::test]
async fn of_two_one_counts_and_the_other_watches() {
    let database = uncounted().await;
    let other = database.another_pool().await;
    let (mut one_told, mut other_told) = (0, 0);
    let (one, other) = tokio::join!(
        build::run_in_steps(&database.pool, 100, |_| one_told += 1),
        build::run_in_steps(&other, 100, |_| other_told += 1),
    );
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.is_some() as u32 + other.is_some() as u32, 1, "{one:?} {other:?}");
    assert!(is_exact(&database).await);
}

#[tokio::test]
async fn writers_go_on_while_it_counts_and_all_they_do_is_counted() {
    let database = uncounted().await;
    let writing = tokio::spawn({
        let pool = database.another_pool().await;
        async move {
            for round in 0..60 {
                let sql = [
                    "insert into public.action_results (action_type, status, executed_at, duration_ms, trigger_id)
                    select 'late', 'success', now() - random() * interval '25 days', 7, 'trigger-1' from generate_series(1, 20)",
                    "insert into public.action_results (action_type, status) values ('new', 'success'), ('new', 'failed')",
                    "update public.action_results set status = 'success' where id in
                        (select id from public.action_results where status = 'retrying' order by random() limit 15)",
                    "delete from public.action_results where id in
                        (select id from public.action_results order by random() limit 5)",
                    "insert into public.action_results (action_type, status, executed_at, trigger_id)
                    values ('never', 'success', null, 'trigger-2')",
                ][round % 5];
                sqlx::query(sql).execute(&pool).await.unwrap();
            }
        }
    });
    build::run_in_steps(&database.pool, 150, |_| ()).await.unwrap();
    writing.await.unwrap();
    assert!(database.number("select count(*) from public.action_results where action_type = 'late'").await > 150);
    assert!(database.number("select count(*) from tidemark.find_differences('-infinity', 'infinity')").await == 0);
    database.run("delete from public.action_results where executed_at is null").await;
    assert!(is_exact(&database).await);
}

#[tokio::test]
async fn what_cannot_be_trusted_is_counted_anew_and_migrating_says_why() {
    let database = uncounted().await;
    build::run(&database.pool, |_| ()).await.unwrap();
    assert!(build::problems(&database.pool).await.unwrap().is_empty());
    database
        .run(
            "alter table public.action_results disable trigger tidemark_log_delete;
            delete from public.action_results where executed_at > now() - interval '2 days'",
        )
        .await;
    assert!(store::refresh::run(&database.pool, "test", Duration::from_secs(9)).await.is_err());
    let report = store::schema::migrate(&database.pool).await.unwrap();
    assert_eq!(report.distrusted.len(), 1, "{report:?}");
    assert!(report.to_string().contains("the trigger tidemark_log_delete on action_results is not enabled always"));
    let mut told = 0;
    let built = build::run(&database.pool, |_| told += 1).await.unwrap();
    assert!(told > 0 && built.is_some());
    assert_eq!(database.number(WRONG_HOURS).await, 0, "the views show it at once");
    assert!(is_exact(&database).await);
    assert!(store::schema::migrate(&database.pool).await.unwrap().distrusted.is_empty());
}

#[tokio::test]
async fn numbers_stay_as_they_were_while_all_is_counted_anew() {
    let database = uncounted().await;
    build::run(&database.pool, |_| ()).await.unwrap();
    database.run("alter table public.action_results disable trigger tidemark_log_update").await;
    store::schema::migrate(&database.pool).await.unwrap();
    let shown = "select sum(execution_count)::bigint from public.action_metrics_hourly";
    let refreshed = store::refresh::run(&database.pool, "test", Duration::from_secs(9)).await;
    assert_eq!(database.number(shown).await, 4_000, "{refreshed:?}");
    build::run(&database.pool, |_| ()).await.unwrap();
    assert!(is_exact(&database).await);
}

#[tokio::test]
async fn a_reader_of_the_old_views_is_waited_for() {
    let database = uncounted().await;
    let mut reader = database.pool.begin().await.unwrap();
    sqlx::query("select count(*) from public.action_metrics_hourly").execute(&mut *reader).await.unwrap();
    let building = tokio::spawn({
        let pool = database.another_pool().await;
        async move { build::run(&pool, |_| ()).await }
    });
    let waits =
        "select count(*) from pg_locks where not granted and relation = 'public.action_metrics_hourly'::regclass";
    until("it waits", || async { database.number(waits).await > 0 }).await;
    until("it gave way", || async { database.number(waits).await == 0 }).await;
    assert!(!building.is_finished());
    reader.commit().await.unwrap();
    assert!(building.await.unwrap().unwrap().is_some());
    assert!(is_exact(&database).await);
}
