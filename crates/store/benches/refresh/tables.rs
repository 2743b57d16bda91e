//! The tables: loaded before anything of Tidemark's is there, as in a database that is adopted.

use std::time::Duration;

use sqlx::Row as _;
use store::{Pool, PoolSettings};

use crate::Result;

/// What is loaded ran within this time.
const DAYS: u32 = 30;
/// The same, as the statements want it.
pub const SECONDS: f64 = DAYS as f64 * 86_400.0;

/// The tables as a new database gets them.
const SOURCE_TABLES: &str = include_str!("../../../../migrations/0001_source_tables.sql");

/// A pool whose statements may take their time.
pub async fn connect(url: &str) -> Result<Pool> {
    let settings = PoolSettings {
        max_connections: 4,
        statement_timeout: Duration::ZERO,
        application_name: "bench".to_owned(),
        ..PoolSettings::default()
    };
    Ok(store::connect(url, &settings).await?)
}

/// Makes and fills the source tables.
pub async fn load(pool: &Pool, rows: u32, triggers: u32) -> Result<()> {
    let mut connection = pool.acquire().await?;
    sqlx::raw_sql(SOURCE_TABLES).execute(&mut *connection).await?;
    sqlx::query(include_str!("../sql/insert_triggers.sql")).bind(i64::from(triggers)).execute(&mut *connection).await?;
    // The rows are right as they are made: looking each trigger up would take longer than all the rest.
    sqlx::raw_sql("set session_replication_role = replica").execute(&mut *connection).await?;
    insert(&mut connection, rows, triggers, SECONDS).await?;
    sqlx::raw_sql("reset session_replication_role").execute(&mut *connection).await?;
    sqlx::raw_sql("analyze").execute(&mut *connection).await?;
    Ok(())
}

/// Inserts executions of the last so many seconds.
pub async fn insert(connection: &mut sqlx::PgConnection, rows: u32, triggers: u32, seconds: f64) -> Result<()> {
    sqlx::query(include_str!("../sql/insert_executions.sql"))
        .bind(i32::try_from(rows)?)
        .bind(i32::try_from(triggers)?)
        .bind(seconds)
        .execute(connection)
        .await?;
    Ok(())
}

/// Makes all that is Tidemark's.
pub async fn migrate(pool: &Pool) -> Result<()> {
    store::schema::migrate(pool).await?;
    Ok(())
}

/// What autovacuum would get to within minutes.
pub async fn vacuum(pool: &Pool) -> Result<()> {
    sqlx::raw_sql("vacuum analyze").execute(pool).await?;
    Ok(())
}

/// The server, the machine and the settings, in a sentence.
pub async fn describe(pool: &Pool) -> Result<String> {
    let rows = sqlx::query(include_str!("../sql/list_settings.sql")).fetch_all(pool).await?;
    let settings = rows.iter().map(|row| Ok(format!("{} {}", row.try_get::<&str, _>(0)?, row.try_get::<&str, _>(1)?)));
    let settings = settings.collect::<Result<Vec<_>>>()?.join(", ");
    let cores = std::thread::available_parallelism()?;
    // On a busy machine only ratios say something. Where this can't be told, it goes without saying.
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().nth(2).map_or(String::new(), |load| format!(" with a load of {load}"));
    Ok(format!("Over {DAYS} days, 20 organizations. {cores} cores{load}; {settings}."))
}
