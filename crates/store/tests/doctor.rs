//! Each case is really caused, found with evidence and what mends it, and healed.
#![allow(clippy::unwrap_used)]

use chrono::{TimeDelta, Utc};
use domain::doctor::{Finding, Thresholds};
use fresh_database::FreshDatabase;

async fn found(database: &FreshDatabase, name: &str) -> Vec<Finding> {
    found_with(database, name, &Thresholds::default()).await
}

/// With other thresholds, for what would take long to be caused in full.
async fn found_with(database: &FreshDatabase, name: &str, thresholds: &Thresholds) -> Vec<Finding> {
    let mut findings = store::doctor::examine(&database.pool, thresholds, Utc::now()).await.unwrap();
    findings.retain(|finding| finding.check.name == name);
    findings
}

/// A healthy database, but that no server leads.
async fn healthy() -> FreshDatabase {
    let database = FreshDatabase::migrated().await;
    database.refresh().await;
    database
}

/// Causes a case, sees it found once, mends it as it is told, and sees it gone.
async fn caused_and_healed(database: &FreshDatabase, name: &str, cause: &str, subject: &str) {
    assert_eq!(found(database, name).await, [], "{name} before");
    database.run(cause).await;
    let findings = found(database, name).await;
    assert_eq!(findings.len(), 1, "{name}: {findings:?}");
    assert!(findings[0].subject.contains(subject) && !findings[0].evidence.is_empty(), "{findings:?}");
    store::doctor::mend(&database.pool, &findings[0]).await.unwrap();
    assert_eq!(found(database, name).await, [], "{name} afterwards");
}

#[tokio::test]
async fn a_view_that_cannot_be_refreshed_is_found_and_mended() {
    let database = healthy().await;
    let refresh = "refresh materialized view public.recent_failures with no data";
    caused_and_healed(&database, "views", refresh, "recent_failures").await;
    let drop = "drop index public.idx_action_metrics_hourly_unique";
    caused_and_healed(&database, "views", drop, "action_metrics_hourly").await;
}

#[tokio::test]
async fn a_disabled_capture_is_found() {
    let database = healthy().await;
    let disable = "alter table public.action_results disable trigger tidemark_log_insert";
    caused_and_healed(&database, "capture", disable, "action_results").await;
}

#[tokio::test]
async fn a_refresh_that_failed_is_found_until_one_succeeds() {
    let database = healthy().await;
    database.run("alter materialized view public.recent_failures rename to away").await;
    database.run("select * from public.refresh_action_analytics()").await;
    let findings = found(&database, "failures").await;
    assert!(findings.iter().any(|finding| finding.subject == "recent_failures"), "{findings:?}");
    database.run("alter materialized view public.away rename to recent_failures").await;
    database.run(&findings[0].fix).await;
    assert_eq!(found(&database, "failures").await, []);
}

#[tokio::test]
async fn that_nobody_leads_or_somebody_paused_is_found() {
    let database = healthy().await;
    assert!(found(&database, "idleness").await[0].evidence.contains("no server leads"));
    let leadership = store::refresh::lead(&database.pool).await.unwrap().unwrap();
    assert_eq!(found(&database, "idleness").await, []);
    store::schedule::set(&database.pool, true, None, "Anna").await.unwrap();
    assert!(found(&database, "idleness").await[0].evidence.starts_with("Anna paused it"));
    leadership.resign().await;
}

#[tokio::test]
async fn missing_and_half_made_indexes_are_found_and_mended() {
    let database = healthy().await;
    let drop = "drop index public.tidemark_action_results_failed";
    caused_and_healed(&database, "missing_indexes", drop, "tidemark_action_results_failed").await;
    let spoil = "create index spoiled on public.action_results (job_id);
        update pg_index set indisvalid = false where indexrelid = 'public.spoiled'::regclass";
    caused_and_healed(&database, "invalid_indexes", spoil, "spoiled").await;
}

#[tokio::test]
async fn tables_that_the_planner_knows_too_little_of_are_found() {
    let database = healthy().await;
    database.run("alter table public.action_results set (autovacuum_enabled = off)").await;
    database
        .run(
            "insert into public.action_results (job_id, action_type, status)
            select 'j', 'rest', 'success' from generate_series(1, 20000)",
        )
        .await;
    // Sessions tell what they did at their end at the latest.
    fresh_database::until("the counters arrived", async || !found(&database, "statistics").await.is_empty()).await;
    database.run("analyze public.action_results").await;
    fresh_database::until("it is known", async || found(&database, "statistics").await.is_empty()).await;
}

#[tokio::test]
async fn rows_that_came_past_the_capture_are_found() {
    let database = healthy().await;
    assert_eq!(found(&database, "drift").await, []);
    // Every hour of the last day: which one is counted anew is chosen by chance.
    let insert = "insert into public.action_results (job_id, action_type, status, executed_at)
        select 'j', 'rest', 'success', now() - make_interval(hours => hour) from generate_series(0, 25) as hour";
    database.run(insert).await;
    database.refresh().await;
    assert_eq!(found(&database, "drift").await, []);
    database.run("update tidemark.executions_hourly set executions = executions + 1").await;
    let findings = found(&database, "drift").await;
    assert!(
        findings[0].subject == "rest, success"
            && findings[0].evidence.contains("2 executions are shown, and there are 1")
    );
    assert!(findings[0].fix.starts_with("tidemark rebuild --from 20"), "{findings:?}");
    store::doctor::mend(&database.pool, &findings[0]).await.unwrap();
    assert_eq!(found(&database, "drift").await, []);
}

#[tokio::test]
async fn a_view_that_got_old_is_found_and_mended() {
    let database = healthy().await;
    let thresholds = Thresholds { stale_after: TimeDelta::zero(), ..Thresholds::default() };
    let findings = found_with(&database, "stale_views", &thresholds).await;
    assert_eq!(findings.len(), 4, "{findings:?}");
    assert_eq!(found(&database, "stale_views").await, []);
}

#[tokio::test]
async fn a_refresh_that_took_far_longer_than_usual_is_found() {
    let database = healthy().await;
    let log = "insert into tidemark.refresh_log
            (run_id, view_name, started_at, data_as_of, duration_ms, rows, asked_by, success, was_needed)
        select nextval('tidemark.refresh_runs'), 'recent_failures', at, at, took, 1, 'test', true, true
        from (values (now() - interval '3 h', 100), (now() - interval '2 h', 120), (now() + interval '1 s', 9000)) as runs (at, took)";
    database.run(log).await;
    let findings = found(&database, "slow_refreshes").await;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].evidence.contains("its refresh took 9000 ms"), "{findings:?}");
}

#[tokio::test]
async fn jobs_of_pg_cron_that_fail_are_found() {
    let database = healthy().await;
    // As that extension keeps them.
    let cron = "create schema cron;
        create table cron.job (jobid bigint, schedule text, command text, database text, active boolean);
        create table cron.job_run_details
            (jobid bigint, runid bigint, status text, return_message text, start_time timestamptz);
        insert into cron.job
        values (7, '* * * * *', 'select refresh_action_analytics()', current_database(), true),
            (8, '* * * * *', 'vacuum', current_database(), false)";
    database.run(cron).await;
    assert!(found(&database, "cron").await[0].evidence.contains("it never ran"));
    database.run("insert into cron.job_run_details values (7, 1, 'failed', 'connection failed', now())").await;
    assert!(found(&database, "cron").await[0].evidence.contains("connection failed"));
    database.run("insert into cron.job_run_details values (7, 2, 'succeeded', '', now())").await;
    assert_eq!(found(&database, "cron").await, []);
    database.run("update cron.job set active = false").await;
    assert_eq!(found(&database, "cron").await[0].subject, "the job 7 of pg_cron");
}

#[tokio::test]
async fn a_writer_that_does_not_end_is_found_and_ended() {
    let database = healthy().await;
    let mut writer = database.pool.begin().await.unwrap();
    let insert = "insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'success')";
    sqlx::query(insert).execute(&mut *writer).await.unwrap();
    let at_once = Thresholds { open_after: TimeDelta::zero(), idle_after: TimeDelta::zero(), ..Thresholds::default() };
    assert_eq!(found(&database, "holders").await, [], "it has only just begun");
    assert_eq!(found_with(&database, "idle_transactions", &at_once).await.len(), 1);
    let findings = found_with(&database, "holders", &at_once).await;
    assert_eq!(findings.len(), 1, "{findings:?}");
    store::doctor::mend(&database.pool, &findings[0]).await.unwrap();
    fresh_database::until("it is gone", async || found_with(&database, "holders", &at_once).await.is_empty()).await;
    assert!(writer.commit().await.is_err(), "it was ended");
}

#[tokio::test]
async fn what_of_the_server_hurts_is_found() {
    let database = healthy().await;
    let subjects = async |thresholds: Thresholds| {
        let findings = found_with(&database, "server", &thresholds).await;
        findings.into_iter().map(|finding| finding.subject).collect::<Vec<_>>()
    };
    assert_eq!(subjects(Thresholds { connections: 0.0, ..Thresholds::default() }).await, ["connections"]);
    assert_eq!(subjects(Thresholds { transaction_age: 0, ..Thresholds::default() }).await, ["transaction numbers"]);
    let (usual, a_minute_ago) = (Thresholds::default(), Utc::now() - TimeDelta::minutes(1));
    let apart = store::doctor::examine(&database.pool, &usual, a_minute_ago).await.unwrap();
    assert!(apart.iter().any(|finding| finding.subject == "clocks"));
    // Whoever connects from now on has it.
    let name: String = database.value("select current_database()::text").await;
    database.run(&format!("alter database {name} set track_counts = off")).await;
    let pool = store::connect(&database.url, &store::PoolSettings::default()).await.unwrap();
    let findings = store::doctor::examine(&pool, &Thresholds::default(), Utc::now()).await.unwrap();
    let finding = findings.into_iter().find(|finding| finding.subject == "track_counts").unwrap();
    store::doctor::mend(&pool, &finding).await.unwrap();
    pool.close().await;
}

#[tokio::test]
async fn sorts_that_went_to_disk_are_found() {
    let database = healthy().await;
    database.run("set work_mem = '64kB'; select count(*) from (select distinct n, n::text from generate_series(1, 50000) as n) as d").await;
    let thresholds = Thresholds { spilled_bytes: 0, ..Thresholds::default() };
    fresh_database::until("it is counted", async || !found_with(&database, "server", &thresholds).await.is_empty())
        .await;
    let findings = found_with(&database, "server", &thresholds).await;
    assert!(findings[0].fix.ends_with("set work_mem = '64MB'"), "{findings:?}");
}

#[tokio::test]
async fn a_slot_that_nobody_reads_is_found_and_dropped() {
    let database = healthy().await;
    let name = format!("doctor_{}", std::process::id());
    database.run(&format!("select pg_create_physical_replication_slot('{name}', true)")).await;
    database.run("select pg_switch_wal(); create table after_the_slot (n integer); drop table after_the_slot").await;
    let thresholds = Thresholds { slot_bytes: 0, ..Thresholds::default() };
    let findings = found_with(&database, "server", &thresholds).await;
    let finding = findings.iter().find(|finding| finding.subject.ends_with(&name)).unwrap();
    store::doctor::mend(&database.pool, finding).await.unwrap();
    assert_eq!(
        database.number(&format!("select count(*) from pg_replication_slots where slot_name = '{name}'")).await,
        0
    );
}

#[tokio::test]
async fn a_full_disk_is_found_where_it_is_on_this_machine() {
    let database = healthy().await;
    // No disk is freer than empty.
    let thresholds = Thresholds { free_disk: 1.1, ..Thresholds::default() };
    let findings = found_with(&database, "disk", &thresholds).await;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].evidence.contains(" are free, "), "{findings:?}");
}
