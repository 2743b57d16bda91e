//! A: the four views as they were before there was an engine, over the same table, in a schema of their own.

use sqlx::AssertSqlSafe;
use store::Pool;

use crate::{Result, timing::timed};

/// The migration that defined them. It has landed, so it stays as it is.
const DEFINITIONS: &str = include_str!("../../../../migrations/0005_analytics_views.sql");

/// The four views that everybody reads.
pub const VIEWS: [&str; 4] =
    ["action_metrics_hourly", "trigger_performance_summary", "recent_failures", "action_type_distribution"];

/// Makes the four views with all their indexes.
pub async fn make(pool: &Pool) -> Result<()> {
    sqlx::raw_sql("create schema baseline").execute(pool).await?;
    for definition in definitions() {
        sqlx::raw_sql(AssertSqlSafe(definition)).execute(pool).await?;
    }
    Ok(())
}

/// Refreshes all four; how many milliseconds each took.
pub async fn refresh(pool: &Pool) -> Result<[f64; 4]> {
    let mut times = [0.0; 4];
    for (view, time) in VIEWS.iter().zip(&mut times) {
        let statement = format!("refresh materialized view concurrently baseline.{view}");
        let refreshing = async { Ok(sqlx::raw_sql(AssertSqlSafe(statement)).execute(pool).await?) };
        *time = timed(refreshing).await?.1;
    }
    Ok(times)
}

/// The statements that define the four views and their indexes.
fn definitions() -> impl Iterator<Item = String> {
    let code: Vec<&str> = DEFINITIONS.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
    let statements: Vec<String> = code.join("\n").split(";\n").map(|statement| statement.trim().to_owned()).collect();
    statements.into_iter().filter(|statement| statement.starts_with("create ")).filter_map(|statement| {
        let view = VIEWS.iter().find(|view| statement.contains(&format!("tidemark.{view}")))?;
        Some(statement.replace(&format!("tidemark.{view}"), &format!("baseline.{view}")))
    })
}
