//! Indexes, and what the planner knows of tables.

use domain::doctor::Thresholds;

use super::{Outcome, caused_and_healed, healed, healthy, sick};

#[tokio::test]
async fn missing_and_half_made_indexes_are_found_and_mended() -> Outcome {
    let database = healthy().await;
    let drop = "drop index public.tidemark_action_results_failed";
    caused_and_healed(&database, "missing_indexes", drop, "tidemark_action_results_failed").await?;
    let spoil = "create index spoiled on public.action_results (job_id);
        update pg_index set indisvalid = false where indexrelid = 'public.spoiled'::regclass";
    caused_and_healed(&database, "invalid_indexes", spoil, "spoiled").await
}

#[tokio::test]
async fn tables_that_the_planner_knows_too_little_of_are_found_and_analyzed() -> Outcome {
    let database = healthy().await;
    database.run("alter table public.action_results set (autovacuum_enabled = off)").await;
    let insert = "insert into public.action_results (job_id, action_type, status)
        select 'j', 'rest', 'success' from generate_series(1, 20000)";
    database.run(insert).await;
    // Sessions tell what they did at their end at the latest.
    let finding = sick(&database.pool, "statistics", &Thresholds::default(), "public.action_results").await?;
    healed(&database.pool, &Thresholds::default(), &finding).await
}
