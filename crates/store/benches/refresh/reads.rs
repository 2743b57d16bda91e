//! What pages wait for: the queries of a dashboard, right after a fold and with rows that came since.

use domain::histogram::Histogram;
use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::{PackedDurations, Pool};

use crate::{
    Result, engine,
    table::{Table, mark, milliseconds},
    tables,
    timing::{median, timed},
};

/// How often each query is asked; the medians are told.
const ROUNDS: usize = 200;
/// How many rows came since the fold. At 10 million rows a month, 20 come in 5 seconds; the limits are for that.
const SINCE: [u32; 3] = [0, 20, 1_000];

/// A query of a dashboard.
struct Read {
    name: &'static str,
    sql: &'static str,
    asks_for: Option<&'static str>,
    /// None for what is there to compare with.
    limit_ms: Option<f64>,
}

/// The busiest of them is asked for.
const TRIGGER: &str = "trigger";
/// Every 20th trigger belongs to it.
const ORGANIZATION: &str = "organization-1";

/// A read that is about nobody in particular.
const fn read(name: &'static str, sql: &'static str, limit_ms: f64) -> Read {
    Read { name, sql, asks_for: None, limit_ms: Some(limit_ms) }
}

impl Read {
    const fn of(self, whom: &'static str) -> Self {
        Self { asks_for: Some(whom), ..self }
    }

    const fn without_limit(self) -> Self {
        Self { limit_ms: None, ..self }
    }
}

/// Every query, and how long it may take.
const READS: [Read; 11] = [
    read("24 hours by hour, type and status", include_str!("../sql/read_last_day.sql"), 1.0),
    read("a trigger by hour, as far back as kept", include_str!("../sql/read_trigger_hours.sql"), 20.0).of(TRIGGER),
    read("an organization, 30 days", include_str!("../sql/read_organization_days.sql"), 20.0).of(ORGANIZATION),
    read("the 50 busiest triggers", include_str!("../sql/read_busiest_triggers.sql"), 1.0),
    read("a trigger, ever", include_str!("../sql/read_trigger.sql"), 1.0).of(TRIGGER),
    read("the 20 newest failures", include_str!("../sql/read_newest_failures.sql"), 1.0),
    read("action types, from the view", include_str!("../sql/read_action_types.sql"), 1.0),
    read("action types, 30 days as of now", include_str!("../sql/read_action_types_now.sql"), 1.0),
    read("percentiles of 24 hours, merged", include_str!("../sql/read_histograms_of_last_day.sql"), 1.0),
    read("percentiles of 30 days, merged from days", include_str!("../sql/read_histograms_by_day.sql"), 10.0),
    read("the same, merged from hours", include_str!("../sql/read_histograms_by_hour.sql"), 10.0).without_limit(),
];

/// Asks every query often, on one warm connection.
pub async fn measure(pool: &Pool, triggers: u32) -> Result<Table> {
    let mut connection = pool.acquire().await?;
    let busiest: String =
        sqlx::query_scalar(include_str!("../sql/list_triggers.sql")).fetch_one(&mut *connection).await?;
    let heads = ["read", "rows", "right after a fold", "20 rows later", "1,000 rows later", "limit", ""];
    let mut table = Table::new(&format!("reads, prepared, medians of {ROUNDS}"), &heads);
    let mut columns = Vec::new();
    for since in SINCE {
        engine::fold(pool).await?;
        if since > 0 {
            tables::insert(&mut connection, since, triggers, 0.0).await?;
        }
        eprint!("  reading with {since} rows since the fold: ms");
        let mut column = Vec::new();
        for read in &READS {
            let asks_for = read.asks_for.map(|whom| if whom == TRIGGER { busiest.as_str() } else { whom });
            column.push(measure_one(&mut connection, read, asks_for).await?);
        }
        eprintln!();
        columns.push(column);
    }
    for (index, read) in READS.iter().enumerate() {
        let (rows, times) = (columns[0][index].0, [columns[0][index].1, columns[1][index].1, columns[2][index].1]);
        let limit = read.limit_ms.map_or("–".to_owned(), milliseconds);
        let judged = [limit, read.limit_ms.map_or("", |limit| mark(times[1] <= limit)).to_owned()];
        let cells = [read.name.to_owned(), rows.to_string()].into_iter().chain(times.map(milliseconds)).chain(judged);
        table.row(cells);
    }
    Ok(table)
}

/// How many rows a query answers with, and the median of its times.
async fn measure_one(connection: &mut PgConnection, read: &Read, asks_for: Option<&str>) -> Result<(usize, f64)> {
    let (mut rows, mut times) = (0, Vec::new());
    for _ in 0..ROUNDS {
        let (count, time) = timed(ask(connection, read, asks_for)).await?;
        rows = count;
        times.push(time);
        // What takes so long needs no more rounds to be told apart from its limit.
        if times.iter().sum::<f64>() > 20_000.0 {
            break;
        }
    }
    let time = median(times);
    eprint!(" {time:.2}");
    Ok((rows, time))
}

async fn ask(connection: &mut PgConnection, read: &Read, asks_for: Option<&str>) -> Result<usize> {
    let query = sqlx::query(read.sql);
    let query = if let Some(asked) = asks_for { query.bind(asked) } else { query };
    let rows = query.fetch_all(connection).await?;
    if rows.first().is_some_and(|row| row.try_get_raw("durations").is_ok()) {
        std::hint::black_box(merge(&rows)?.quantile(0.95));
    }
    Ok(rows.len())
}

fn merge(rows: &[PgRow]) -> Result<Histogram> {
    let mut merged = Histogram::default();
    for row in rows {
        let PackedDurations(durations) = row.try_get("durations")?;
        durations.into_iter().for_each(|(bucket, executions)| merged.add(bucket, executions));
    }
    Ok(merged)
}
