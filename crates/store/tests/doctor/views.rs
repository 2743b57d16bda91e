//! That the views can be read and refreshed, by whom, how old and how right they are.

use std::time::Duration;

use chrono::TimeDelta;
use domain::doctor::Thresholds;

use super::{Outcome, caused_and_healed, found, healed, healthy, is_advice, sick, well};

#[tokio::test]
async fn a_view_that_cannot_be_refreshed_is_found_and_mended() -> Outcome {
    let database = healthy().await;
    let refresh = "refresh materialized view public.recent_failures with no data";
    caused_and_healed(&database, "views", refresh, "recent_failures").await?;
    let drop = "drop index public.idx_action_metrics_hourly_unique";
    caused_and_healed(&database, "views", drop, "action_metrics_hourly").await?;
    let drop = "drop materialized view public.trigger_performance_summary";
    caused_and_healed(&database, "views", drop, "trigger_performance_summary").await?;
    database.refresh().await;
    Ok(())
}

#[tokio::test]
async fn a_unique_index_that_was_left_half_made_is_made_anew() -> Outcome {
    let database = healthy().await;
    let spoil = "update pg_index set indisvalid = false
        where indexrelid = 'public.idx_action_type_distribution_unique'::regclass";
    caused_and_healed(&database, "views", spoil, "action_type_distribution").await?;
    assert_eq!(found(&database.pool, "invalid_indexes", &Thresholds::default()).await?, []);
    database.refresh().await;
    Ok(())
}

#[tokio::test]
async fn a_capture_that_was_disabled_or_dropped_is_found_and_mended() -> Outcome {
    let database = healthy().await;
    let disable = "alter table public.action_results disable trigger tidemark_log_insert";
    caused_and_healed(&database, "capture", disable, "action_results").await?;
    let drop = "drop trigger tidemark_log_insert on public.action_results";
    caused_and_healed(&database, "capture", drop, "action_results").await
}

#[tokio::test]
async fn a_refresh_that_failed_is_found_until_one_succeeds() -> Outcome {
    let (database, usual) = (healthy().await, Thresholds::default());
    database.run("alter materialized view public.recent_failures rename to away").await;
    database.run("select * from public.refresh_action_analytics()").await;
    let finding = sick(&database.pool, "failures", &usual, "recent_failures").await?;
    database.run("alter materialized view public.away rename to recent_failures").await;
    healed(&database.pool, &usual, &finding).await
}

#[tokio::test]
async fn that_nobody_leads_or_somebody_paused_is_found() -> Outcome {
    let (database, usual) = (healthy().await, Thresholds::default());
    let pool = &database.pool;
    let finding = sick(pool, "idleness", &usual, "the schedule").await?;
    assert!(finding.evidence.contains("no server leads") && is_advice(&finding), "{finding:?}");
    let leadership = store::refresh::lead(pool).await?.ok_or("somebody else leads")?;
    well(pool, "idleness", &usual, "the schedule").await;
    store::schedule::set(pool, true, None, "Anna").await?;
    let finding = sick(pool, "idleness", &usual, "the schedule").await?;
    assert!(finding.evidence.starts_with("Anna paused it"), "{finding:?}");
    healed(pool, &usual, &finding).await?;
    leadership.resign().await;
    Ok(())
}

#[tokio::test]
async fn rows_that_came_past_the_capture_are_found_and_counted() -> Outcome {
    let (database, usual) = (healthy().await, Thresholds::default());
    // Every hour of the last day: which one is counted anew is chosen by chance.
    let insert = "insert into public.action_results (job_id, action_type, status, executed_at)
        select 'j', 'rest', 'success', now() - make_interval(hours => hour) from generate_series(0, 25) as hour";
    database.run(insert).await;
    database.refresh().await;
    assert_eq!(found(&database.pool, "drift", &usual).await?, []);
    database.run("update tidemark.executions_hourly set executions = executions + 1").await;
    let finding = sick(&database.pool, "drift", &usual, "rest, success").await?;
    assert!(finding.evidence.contains("2 executions are shown, and there are 1"), "{finding:?}");
    assert!(finding.fix.to_string().starts_with("tidemark rebuild --from 20"), "{finding:?}");
    healed(&database.pool, &usual, &finding).await
}

#[tokio::test]
async fn a_view_that_got_old_is_found_and_mended() -> Outcome {
    let database = healthy().await;
    let thresholds = Thresholds { stale_after: TimeDelta::seconds(3), ..Thresholds::default() };
    assert_eq!(found(&database.pool, "stale_views", &Thresholds::default()).await?, []);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let finding = sick(&database.pool, "stale_views", &thresholds, "recent_failures").await?;
    assert_eq!(found(&database.pool, "stale_views", &thresholds).await?.len(), 4);
    healed(&database.pool, &thresholds, &finding).await
}
