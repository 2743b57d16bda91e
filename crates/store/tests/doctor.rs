//! Each case is really caused, found with evidence and what mends it, and healed.
#![allow(clippy::unwrap_used)]

use domain::doctor::Finding;
use fresh_database::FreshDatabase;

async fn found(database: &FreshDatabase, name: &str) -> Vec<Finding> {
    let mut findings = store::doctor::examine(&database.pool).await.unwrap();
    findings.retain(|finding| finding.check.name == name);
    findings
}

/// A healthy database, but that no server leads.
async fn healthy() -> FreshDatabase {
    let database = FreshDatabase::migrated().await;
    database.refresh().await;
    database
}

/// Causes a case, sees it found once, mends it as it is told or otherwise, and sees it gone.
async fn caused_and_healed(database: &FreshDatabase, name: &str, cause: &str, subject: &str, heal: Option<&str>) {
    assert_eq!(found(database, name).await, [], "{name} before");
    database.run(cause).await;
    let findings = found(database, name).await;
    assert_eq!(findings.len(), 1, "{name}: {findings:?}");
    assert!(findings[0].subject.contains(subject) && !findings[0].evidence.is_empty(), "{findings:?}");
    match heal {
        Some(heal) => database.run(heal).await,
        None => database.run(&findings[0].fix).await,
    }
    assert_eq!(found(database, name).await, [], "{name} afterwards");
}

#[tokio::test]
async fn a_view_that_cannot_be_refreshed_is_found_and_mended() {
    let database = healthy().await;
    let refresh = "refresh materialized view public.recent_failures with no data";
    caused_and_healed(&database, "views", refresh, "recent_failures", None).await;
    let drop = "drop index public.idx_action_metrics_hourly_unique";
    caused_and_healed(&database, "views", drop, "action_metrics_hourly", None).await;
}

#[tokio::test]
async fn a_disabled_capture_is_found() {
    let database = healthy().await;
    let disable = "alter table public.action_results disable trigger tidemark_log_insert";
    let enable = "alter table public.action_results enable always trigger tidemark_log_insert";
    caused_and_healed(&database, "capture", disable, "action_results", Some(enable)).await;
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
    caused_and_healed(&database, "missing_indexes", drop, "tidemark_action_results_failed", None).await;
    let spoil = "create index spoiled on public.action_results (job_id);
        update pg_index set indisvalid = false where indexrelid = 'public.spoiled'::regclass";
    caused_and_healed(&database, "invalid_indexes", spoil, "spoiled", None).await;
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
