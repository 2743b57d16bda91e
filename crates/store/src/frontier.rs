//! How far the rollups have come, who holds them back, and whether they can be trusted.

use chrono::{DateTime, Utc};
use domain::frontier::{Holder, QUERY_CHARACTERS};

use crate::{Pool, StoreError, build};

/// How far the rollups have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier {
    /// The rollups hold the rows executed before this; newer ones are counted one by one where they are read.
    pub frontier_at: DateTime<Utc>,
    /// Changes of older rows that are not in the rollups yet, and are added where they are read.
    pub log_entries: i64,
    /// Open transactions that wrote, oldest first: the frontier stays where it is until they end.
    pub holders: Vec<Holder>,
    /// Why the rollups cannot be trusted, however healthy they look; nothing when all is well.
    pub problems: Vec<String>,
}

/// Looks how far the rollups have come.
///
/// # Errors
/// When the database does not answer, or is not migrated.
pub async fn find(pool: &Pool) -> Result<Frontier, StoreError> {
    let mut connection = pool.acquire().await?;
    let frontier = sqlx::query_file!("sql/frontier/find_frontier.sql").fetch_one(&mut *connection).await?;
    let holders = sqlx::query_file_as!(Holder, "sql/frontier/list_holders.sql", QUERY_CHARACTERS);
    let holders = holders.fetch_all(&mut *connection).await?;
    drop(connection);
    let problems = build::problems(pool).await?;
    Ok(Frontier { frontier_at: frontier.frontier_at, log_entries: frontier.log_entries, holders, problems })
}
