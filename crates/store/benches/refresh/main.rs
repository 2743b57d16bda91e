//! `cargo xtask bench refresh`: what the refresh engine costs, beside the four plain views it takes the place of.
//!
//! A is `refresh materialized view concurrently` on four plain views, one after the other; C is
//! `refresh_action_analytics()`. Both are over the same table and take turns, so that a slow moment of the machine is
//! one for both. Nothing fails here: what is over a limit is marked.

mod arguments;
mod baseline;
mod builds;
mod engine;
mod inserts;
mod reads;
mod scenarios;
mod sizes;
mod table;
mod tables;
mod timing;

use std::error::Error;

use arguments::Arguments;
use builds::Builds;
use fresh_database::FreshDatabase;
use scenarios::Measured;
use store::Pool;
use table::Table;

/// Whatever stops a measurement.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    // `cargo test --all-targets` starts benches too, and means something else.
    let Some(arguments) = Arguments::parse(std::env::args().skip(1))? else { return Ok(()) };
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?.block_on(run(&arguments))
}

async fn run(arguments: &Arguments) -> Result<()> {
    if arguments.only_load {
        return load(&std::env::var("DATABASE_URL")?, arguments).await;
    }
    if arguments.only_reads {
        let pool = tables::connect(&std::env::var("DATABASE_URL")?).await?;
        reads::measure(&pool, arguments.triggers).await?.print();
        pool.close().await;
        return Ok(());
    }
    let mut sizes = Vec::new();
    for &rows in &arguments.rows {
        sizes.push(measure_size(arguments, rows, sizes.is_empty()).await?);
    }
    print_growth(&sizes);
    Ok(())
}

/// Makes a database as a server of Tidemark leaves it.
async fn load(url: &str, arguments: &Arguments) -> Result<()> {
    let pool = tables::connect(url).await?;
    let rows = arguments.rows.first().copied().unwrap_or_default();
    let title = table::thousands(f64::from(rows));
    timing::told(&format!("{title} rows: loading"), tables::load(&pool, rows, arguments.triggers)).await?;
    tables::migrate(&pool).await?;
    timing::told("building the rollups", engine::build(&pool)).await?;
    engine::Engine::new(&pool).refresh().await?;
    timing::told("vacuum analyze", tables::vacuum(&pool)).await?;
    pool.close().await;
    Ok(())
}

/// What [`print_growth`] compares between sizes.
struct Size {
    rows: u32,
    builds: Builds,
    scenarios: Vec<Measured>,
}

/// Everything about one size. Inserts are measured in the smallest, where a twin of the table costs least.
async fn measure_size(arguments: &Arguments, rows: u32, with_inserts: bool) -> Result<Size> {
    let database = FreshDatabase::empty().await;
    let pool = tables::connect(&database.url).await?;
    let (triggers, title) = (arguments.triggers, table::thousands(f64::from(rows)));
    timing::told(&format!("{title} rows: loading"), tables::load(&pool, rows, triggers)).await?;
    // Whoever reads new rows first marks them as committed: that is no cost of a build.
    timing::told("vacuum analyze", tables::vacuum(&pool)).await?;
    let migration_ms = timing::told("migrating", tables::migrate(&pool)).await?.1;
    timing::told("making the plain views", baseline::make(&pool)).await?;
    let builds = Builds::measure(&pool).await?;
    timing::told("vacuum analyze", tables::vacuum(&pool)).await?;
    let mut scenarios = scenarios::measure(&pool, triggers, &scenarios::SMALL).await?;
    let reads = reads::measure(&pool, triggers).await?;
    let room = sizes::measure(&pool).await?;
    scenarios.extend(scenarios::measure(&pool, triggers, &scenarios::LARGE).await?);
    let inserts = if with_inserts { Some(measure_inserts(&pool).await?) } else { None };
    println!("\n## {title} executions of {} triggers\n", table::thousands(f64::from(triggers)));
    println!("{}\n", tables::describe(&pool).await?);
    println!("Migrating took {:.1} s, the initial build {:.1} s.\n", migration_ms / 1000.0, builds.first_ms() / 1000.0);
    scenarios::print(&scenarios, rows);
    [Some(reads), Some(room), inserts].iter().flatten().for_each(Table::print);
    pool.close().await;
    Ok(Size { rows, builds, scenarios })
}

async fn measure_inserts(pool: &Pool) -> Result<Table> {
    timing::told("making a twin of the table, without the engine", inserts::make_twin(pool)).await?;
    inserts::measure(pool).await
}

/// How the costs of the engine follow the size of the table.
fn print_growth(sizes: &[Size]) {
    let mut growth = Table::new("costs against each other", &["", "C", "against", "ratio", "limit", ""]);
    for size in sizes {
        let name = format!("a build against one A, {} rows", table::thousands(f64::from(size.rows)));
        let limit = (size.rows >= scenarios::WANTED_FROM).then_some(1.0);
        growth.row_at_most(&name, size.builds.build_ms(), size.builds.full_ms(), limit);
    }
    if let [first, .., last] = sizes
        && let (Some(small), Some(large)) =
            (scenarios::new_rows_ms(&first.scenarios), scenarios::new_rows_ms(&last.scenarios))
    {
        let name = format!("1,000 new rows, {} times the table", last.rows / first.rows.max(1));
        growth.row_at_most(&name, large, small, Some(1.5));
    }
    println!("\n## Growth\n");
    growth.print();
}
