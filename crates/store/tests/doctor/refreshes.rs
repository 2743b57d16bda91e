//! Which refreshes are slow, and with what plan; what pg_cron does.

use std::time::Duration;

use domain::{
    doctor::{Finding, Thresholds},
    statements::Plan,
};
use fresh_database::FreshDatabase;

use super::{Outcome, found, healed, healthy, is_advice, sick, well};

const FAILED_ROW: &str =
    "insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'failed')";

/// Refreshes that are as quick as usual.
async fn usual_refreshes(database: &FreshDatabase) {
    for _ in 0..4 {
        database.run(FAILED_ROW).await;
        database.refresh().await;
    }
}

fn has_plan_with(finding: &Finding, words: &str) -> bool {
    finding.plans.iter().any(|named| matches!(&named.plan, Plan::Known(plan) if plan.contains(words)))
}

#[tokio::test]
async fn a_fold_that_waited_for_a_writer_is_found_until_it_is_quick_again() -> Outcome {
    let (database, usual) = (healthy().await, Thresholds::default());
    usual_refreshes(&database).await;
    assert_eq!(found(&database.pool, "slow_refreshes", &usual).await?, []);
    let name: String = database.value("select current_database()::text").await;
    database.run(&format!("alter database {name} set tidemark.writer_wait = '4s'")).await;
    let mut writer = database.pool.begin().await?;
    sqlx::query(FAILED_ROW).execute(&mut *writer).await?;
    database.run(FAILED_ROW).await;
    database.refresh().await;
    writer.commit().await?;

    let finding = sick(&database.pool, "slow_refreshes", &usual, "the fold").await?;
    assert!(finding.evidence.contains("it waited for who writes") && is_advice(&finding), "{finding:?}");
    assert!(has_plan_with(&finding, "action_results") && finding.plans.len() == 2, "{:?}", finding.plans);
    database.run(FAILED_ROW).await;
    database.refresh().await;
    well(&database.pool, "slow_refreshes", &usual, "the fold").await;
    Ok(())
}

#[tokio::test]
async fn a_view_that_took_far_longer_than_usual_is_found_with_its_plan() -> Outcome {
    let (database, usual) = (healthy().await, Thresholds::default());
    usual_refreshes(&database).await;
    // Who makes an index keeps a refresh of that view waiting.
    let mut somebody = database.pool.begin().await?;
    sqlx::query("create index slow_to_make on public.recent_failures (job_id)").execute(&mut *somebody).await?;
    database.run(FAILED_ROW).await;
    let (_, committed) = tokio::join!(database.refresh(), async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        somebody.commit().await
    });
    committed?;

    let findings = found(&database.pool, "slow_refreshes", &usual).await?;
    assert_eq!(findings.len(), 1, "{findings:?}");
    let finding = &findings[0];
    assert_eq!(finding.subject, "recent_failures");
    assert!(finding.evidence.contains("1 rows had changed, action_results takes "), "{finding:?}");
    assert!(has_plan_with(finding, "action_results") && finding.plans.len() == 1, "{:?}", finding.plans);
    database.run(FAILED_ROW).await;
    healed(&database.pool, &usual, finding).await
}

/// As that extension keeps them, for a Postgres without it; `doctor_outside.rs` of the server tests the extension itself.
const CRON: &str = "create schema cron;
    create table cron.job (
        jobid bigint, schedule text, command text, nodename text default 'localhost', database text default current_database(),
        username text default current_user, active boolean default true
    );
    create table cron.job_run_details (
        jobid bigint, runid bigint, status text, return_message text, start_time timestamptz default now(), end_time timestamptz
    );
    create function cron.alter_job(job_id bigint, active boolean) returns void language sql
    begin atomic update cron.job set active = alter_job.active where jobid = job_id; end;
    create function cron.schedule(job_name text, schedule text, command text) returns void language sql
    begin atomic insert into cron.job (jobid, schedule, command) values (9, schedule, command); end;
    insert into cron.job (jobid, schedule, command)
    values (7, '* * * * *', 'select refresh_action_analytics()'), (8, '* * * * *', 'vacuum')";

#[tokio::test]
async fn jobs_of_pg_cron_that_fail_are_found() -> Outcome {
    let (database, usual) = (healthy().await, Thresholds::default());
    let pool = &database.pool;
    let idle = sick(pool, "idleness", &usual, "the schedule").await?;
    assert!(idle.evidence.ends_with("pg_cron is not here"), "{idle:?}");
    database.run(CRON).await;
    well(pool, "idleness", &usual, "the schedule").await;
    assert_eq!(sick(pool, "cron", &usual, "the job 7").await?.evidence, "it has not run yet");
    let runs = "insert into cron.job_run_details (jobid, runid, status, return_message) values
        (7, 1, 'failed', 'connection failed'), (7, 2, 'running', null)";
    database.run(runs).await;
    let failed = sick(pool, "cron", &usual, "the job 7").await?;
    assert!(failed.evidence.ends_with("connection failed") && is_advice(&failed), "{failed:?}");
    assert!(failed.fix.to_string().contains("pg_hba.conf"), "{failed:?}");
    database.run("insert into cron.job_run_details (jobid, runid, status) values (7, 3, 'succeeded')").await;
    assert_eq!(found(pool, "cron", &usual).await?, []);
    database.run("update cron.job set active = false").await;
    let idle = sick(pool, "idleness", &usual, "the schedule").await?;
    assert!(idle.evidence.ends_with("has no active job for it"), "{idle:?}");
    let inactive = sick(pool, "cron", &usual, "the job 7").await?;
    assert_eq!(idle.fix, inactive.fix);
    healed(pool, &usual, &inactive).await?;
    database.run("delete from cron.job where jobid = 7").await;
    let idle = sick(pool, "idleness", &usual, "the schedule").await?;
    healed(pool, &usual, &idle).await?;
    assert_eq!(database.number("select count(*) from cron.job where jobid = 9").await, 1);
    Ok(())
}

#[tokio::test]
async fn a_log_of_pg_cron_that_grew_is_found_and_cleared() -> Outcome {
    let (database, usual) = (healthy().await, Thresholds::default());
    database.run(CRON).await;
    database
        .run(
            "insert into cron.job_run_details (jobid, runid, status, end_time)
            select 7, n, 'succeeded', now() - interval '8 days' from generate_series(1, 1000001) as n;
            analyze cron.job_run_details",
        )
        .await;
    let finding = sick(&database.pool, "cron", &usual, "the log of pg_cron").await?;
    store::doctor::mend(&database.pool, &finding.fix).await?;
    // How many there are is known again with the next look of autovacuum.
    database.run("analyze cron.job_run_details").await;
    well(&database.pool, "cron", &usual, "the log of pg_cron").await;
    Ok(())
}

#[tokio::test]
async fn who_may_not_look_at_pg_cron_is_told_nothing_of_it() -> Outcome {
    let mut database = healthy().await;
    database.run(CRON).await;
    let (pool, role) = database.pool_as_new_role().await;
    let grants = format!(
        "grant usage on schema tidemark to {role}; grant execute on all functions in schema tidemark to {role}"
    );
    database.run(&grants).await;
    let problems: Vec<(String,)> =
        sqlx::query_as("select subject from tidemark.cron_problems()").fetch_all(&pool).await?;
    assert_eq!(problems, []);
    pool.close().await;
    Ok(())
}
