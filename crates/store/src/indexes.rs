//! Indexes: what there is, how it is used, what is missing, and making and dropping one.

use std::collections::HashMap;

use chrono::{TimeDelta, Utc};
use domain::indexes::{Circumstances, DAYS, Index, Indexes, Missing};

use crate::{Pool, StoreError, pool, schema};

/// Indexes that are listed, at most.
const LISTED: i64 = 500;

/// Seconds from one look at the counters to the next.
const LOOK_EVERY: f64 = 3_300.0;

/// Days for which looks are kept.
const KEPT_DAYS: i32 = 90;

/// Looks at the counters of all indexes, unless somebody just did.
///
/// # Errors
/// When the database does not answer.
pub async fn note_usage(pool: &Pool) -> Result<(), StoreError> {
    sqlx::query_file!("sql/indexes/note_usage.sql", LOOK_EVERY, KEPT_DAYS).execute(pool).await?;
    Ok(())
}

/// All indexes of Tidemark's and the source tables, or of the whole database.
///
/// # Errors
/// When the database does not answer.
pub async fn load(pool: &Pool, is_whole: bool) -> Result<Indexes, StoreError> {
    let mut usage: HashMap<(String, String), Vec<_>> = HashMap::new();
    let since = Utc::now() - TimeDelta::days(DAYS);
    for row in sqlx::query_file!("sql/indexes/list_usage.sql", since).fetch_all(pool).await? {
        usage.entry((row.schema_name, row.index_name)).or_default().push((row.day, row.scans));
    }
    let rows = sqlx::query_file!("sql/indexes/list_indexes.sql", is_whole, LISTED).fetch_all(pool).await?;
    let list = rows.into_iter().map(|row| Index {
        days: usage.remove(&(row.schema_name.clone(), row.index_name.clone())).unwrap_or_default(),
        schema_name: row.schema_name,
        index_name: row.index_name,
        table_name: row.table_name,
        definition: row.definition,
        method: row.method,
        is_unique: row.is_unique,
        is_primary: row.is_primary,
        is_exclusion: row.is_exclusion,
        is_replica_identity: row.is_replica_identity,
        is_valid: row.is_valid,
        is_bound: row.is_bound,
        is_of_view: row.is_of_view,
        columns: row.columns,
        condition: row.condition,
        size_bytes: row.size_bytes,
        scans: row.scans,
        tuples_read: row.tuples_read,
        tuples_fetched: row.tuples_fetched,
        blocks_hit: row.blocks_hit,
        blocks_read: row.blocks_read,
        last_used_at: row.last_used_at,
        fresh_bytes: row.fresh_bytes,
        rebuild_statement: row.rebuild_statement,
        drop_statement: row.drop_statement,
    });
    let found = sqlx::query_file!("sql/indexes/find_circumstances.sql").fetch_one(pool).await?;
    let circumstances =
        Circumstances { stats_since: found.stats_since, standbys: found.standbys, is_standby: found.is_standby };
    Ok(Indexes { list: list.collect(), missing: missing(pool).await?, circumstances, is_whole })
}

/// Those of the source tables and of the views that are not there.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn missing(pool: &Pool) -> Result<Vec<Missing>, StoreError> {
    let of_views = sqlx::query_file_as!(Missing, "sql/indexes/list_missing.sql").fetch_all(pool).await?;
    Ok([schema::missing_indexes(pool).await?, of_views].concat())
}

/// Runs a statement that [`load`] answered: it makes or drops an index while others read and write.
///
/// # Errors
/// What the database said.
pub async fn run(pool: &Pool, statement: &str) -> Result<(), StoreError> {
    pool::run_alone(pool, statement).await
}
