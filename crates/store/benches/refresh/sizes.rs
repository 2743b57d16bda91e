//! How much room the rollups take.

use sqlx::Row as _;
use store::Pool;

use crate::{Result, table::Table};

/// Measures the rollups against the rows they are counted from, indexes and all.
#[allow(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
pub async fn measure(pool: &Pool) -> Result<Table> {
    let rows = sqlx::query(include_str!("../sql/list_sizes.sql")).fetch_all(pool).await?;
    let sizes = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get::<i64, _>(1)? as f64, row.try_get(2)?)));
    let sizes: Vec<(String, f64, bool)> = sizes.collect::<Result<_>>()?;
    let sum = |of_rollups| sizes.iter().filter(|size| size.2 == of_rollups).map(|size| size.1).sum::<f64>();
    let mut table = Table::new("room, indexes included", &["", "size", "of action_results"]);
    let source = sum(false);
    for (name, bytes, _) in &sizes {
        table.row([format!("`{name}`"), megabytes(*bytes), percent(bytes / source)]);
    }
    table.row(["all rollups".to_owned(), megabytes(sum(true)), percent(sum(true) / source)]);
    Ok(table)
}

fn megabytes(bytes: f64) -> String {
    format!("{:.1} MB", bytes / 1_000_000.0)
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}
