//! How large everything is, what is done with it, and what that costs.

use std::collections::BTreeMap;

use chrono::{TimeDelta, Utc};
use domain::storage::{DAYS, DayOfWork, Look, Prices, Storage, TableStorage};

use crate::{Pool, StoreError};

/// Rows are counted in tables of up to so many bytes.
const COUNTED_UP_TO_BYTES: i64 = 256 << 20;

/// Seconds from one look to the next.
const LOOK_EVERY: f64 = 3_300.0;

/// Days for which looks are kept.
const KEPT_DAYS: i32 = 400;

/// Looks at how large everything is, unless somebody just did.
///
/// # Errors
/// When the database does not answer.
pub async fn note(pool: &Pool) -> Result<(), StoreError> {
    let noted = sqlx::query_file!("sql/storage/note_storage.sql", LOOK_EVERY, COUNTED_UP_TO_BYTES, KEPT_DAYS);
    noted.execute(pool).await?;
    Ok(())
}

/// How large everything is by the last look, how it grew, and what was done, over [`DAYS`].
///
/// # Errors
/// When the database does not answer.
pub async fn load(pool: &Pool) -> Result<Storage, StoreError> {
    let since = Utc::now() - TimeDelta::days(DAYS);
    let mut looks: BTreeMap<String, Vec<Look>> = BTreeMap::new();
    for row in sqlx::query_file!("sql/storage/list_looks.sql", since).fetch_all(pool).await? {
        looks.entry(row.table_name).or_default().push(Look {
            taken_at: row.taken_at,
            rows: row.rows,
            is_counted: row.is_counted,
            table_bytes: row.table_bytes,
            index_bytes: row.index_bytes,
        });
    }
    let mut tables: Vec<_> = looks.into_iter().map(|(table_name, looks)| TableStorage { table_name, looks }).collect();
    tables.sort_by_key(|table| -table.now().bytes());
    let days = sqlx::query_file_as!(DayOfWork, "sql/storage/list_days.sql", since).fetch_all(pool).await?;
    Ok(Storage { tables, days, prices: prices(pool).await? })
}

/// What storage and computing cost; `None` where nobody said so.
///
/// # Errors
/// When the database does not answer.
pub async fn prices(pool: &Pool) -> Result<Option<Prices>, StoreError> {
    Ok(sqlx::query_file_as!(Prices, "sql/storage/find_prices.sql").fetch_optional(pool).await?)
}

/// Says what storage and computing cost.
///
/// # Errors
/// When the database does not answer.
pub async fn set_prices(pool: &Pool, prices: &Prices, changed_by: &str) -> Result<(), StoreError> {
    let set = sqlx::query_file!(
        "sql/storage/set_prices.sql",
        prices.gigabyte_month,
        prices.core_hour,
        prices.currency,
        changed_by
    );
    set.execute(pool).await?;
    Ok(())
}
