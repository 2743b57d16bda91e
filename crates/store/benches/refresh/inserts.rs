//! What writers pay: inserts into `action_results`, and into a table that is the same but for the engine.

use std::time::{Duration, Instant};

use sqlx::{Connection as _, PgConnection};
use store::Pool;

use crate::{
    Result,
    table::{Table, mark, thousands},
    timing::median,
};

/// How often each of the two is measured.
const ROUNDS: usize = 61;
/// How long each time: short, so that whatever else the machine does falls on both.
const SPAN: Duration = Duration::from_millis(250);
/// Rows of a statement with many.
const BATCH: usize = 100;

/// Makes a table like `action_results` with the same rows and indexes, without the engine.
pub async fn make_twin(pool: &Pool) -> Result<()> {
    sqlx::raw_sql(include_str!("../sql/make_twin.sql")).execute(pool).await?;
    sqlx::raw_sql("vacuum analyze").execute(pool).await?;
    sqlx::raw_sql("checkpoint").execute(pool).await?;
    Ok(())
}

/// Rows a second into each, in turn.
pub async fn measure(pool: &Pool) -> Result<Table> {
    let triggers = sqlx::query_scalar(include_str!("../sql/list_triggers.sql")).fetch_all(pool).await?;
    let mut plain = Writer::new(pool, "baseline", &triggers).await?;
    let mut captured = Writer::new(pool, "public", &triggers).await?;
    let heads = ["inserts, with synchronous_commit off", "without the engine", "with it", "ratio", "at least", ""];
    let mut table = Table::new(&format!("one writer, {ROUNDS} rounds of {SPAN:?} each in turn, medians"), &heads);
    for (name, size, limit) in [("single rows", 1, 0.90), ("batches of 100", BATCH, 0.95)] {
        eprint!("  inserting {name}: with the engine / without");
        let mut rounds = Vec::new();
        for round in 0..ROUNDS {
            let rates = if round % 2 == 0 {
                let without = plain.rate(size).await?;
                (without, captured.rate(size).await?)
            } else {
                let with = captured.rate(size).await?;
                (plain.rate(size).await?, with)
            };
            eprint!(" {:.3}", rates.1 / rates.0);
            rounds.push(rates);
        }
        eprintln!();
        let (without, with) = (median(rounds.iter().map(|it| it.0)), median(rounds.iter().map(|it| it.1)));
        let ratio = median(rounds.iter().map(|it| it.1 / it.0));
        let rates = [without, with].map(|rate| format!("{}/s", thousands(rate)));
        let judged = [format!("{ratio:.2}"), format!("{limit:.2}"), mark(ratio >= limit).to_owned()];
        table.row([name.to_owned()].into_iter().chain(rates).chain(judged));
    }
    Ok(table)
}

/// A connection that inserts.
struct Writer {
    connection: PgConnection,
    triggers: Vec<String>,
    /// Of a linear congruential generator: the same rows in every run.
    state: u64,
}

/// Columns of the rows to insert.
#[derive(Default)]
struct Rows {
    job_ids: Vec<String>,
    trigger_ids: Vec<String>,
    action_types: Vec<String>,
    statuses: Vec<String>,
    durations: Vec<i32>,
}

impl Writer {
    async fn new(pool: &Pool, schema: &str, triggers: &[String]) -> Result<Self> {
        let options = pool.connect_options().as_ref().clone();
        let options = options.options([("search_path", schema), ("synchronous_commit", "off")]);
        let connection = PgConnection::connect_with(&options).await?;
        Ok(Self { connection, triggers: triggers.to_vec(), state: 1 })
    }

    /// How many rows a second it inserts, with so many to a statement.
    #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    async fn rate(&mut self, size: usize) -> Result<f64> {
        let (started, mut inserted) = (Instant::now(), 0);
        while started.elapsed() < SPAN {
            let rows = self.draw(size);
            if size == 1 {
                self.insert_one(&rows).await?
            } else {
                self.insert_batch(&rows).await?
            }
            inserted += size;
        }
        Ok(inserted as f64 / started.elapsed().as_secs_f64())
    }

    async fn insert_one(&mut self, rows: &Rows) -> Result<()> {
        sqlx::query(include_str!("../sql/insert_one.sql"))
            .bind(rows.job_ids.first())
            .bind(rows.trigger_ids.first())
            .bind(rows.action_types.first())
            .bind(rows.statuses.first())
            .bind(rows.durations.first())
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    async fn insert_batch(&mut self, rows: &Rows) -> Result<()> {
        sqlx::query(include_str!("../sql/insert_batch.sql"))
            .bind(&rows.job_ids)
            .bind(&rows.trigger_ids)
            .bind(&rows.action_types)
            .bind(&rows.statuses)
            .bind(&rows.durations)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    fn draw(&mut self, size: usize) -> Rows {
        let mut rows = Rows::default();
        for _ in 0..size {
            let number = self.next();
            let place = usize::try_from(number).unwrap_or_default();
            rows.job_ids.push(format!("{:08x}-0000-4000-8000-{number:012x}", self.next()));
            rows.trigger_ids.extend(self.triggers.get(place % self.triggers.len().max(1)).cloned());
            rows.action_types.push(["rest", "telegram", "mcp"][place % 3].to_owned());
            rows.statuses.push(if place.is_multiple_of(33) { "failed" } else { "success" }.to_owned());
            rows.durations.push(i32::try_from(20 + number % 5_000).unwrap_or_default());
        }
        rows
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.state >> 33
    }
}
