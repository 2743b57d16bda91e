//! How large everything is, as it is: counted, growing, and what was done.
#![allow(clippy::unwrap_used)]

use domain::storage::{Prices, Storage, TableStorage};
use fresh_database::FreshDatabase;

fn table<'a>(storage: &'a Storage, name: &str) -> &'a TableStorage {
    storage.tables.iter().find(|table| table.table_name == name).unwrap()
}

#[tokio::test]
async fn tables_views_and_rollups_are_looked_at_and_counted() {
    let database = FreshDatabase::migrated().await;
    let insert = "insert into public.action_results (job_id, action_type, status)
        select 'j', 'rest', 'success' from generate_series(1, 1234)";
    database.run(insert).await;
    store::storage::note(&database.pool).await.unwrap();
    let storage = store::storage::load(&database.pool).await.unwrap();
    let source = table(&storage, "public.action_results").now();
    assert_eq!((source.rows, source.is_counted), (1234, true), "also what is not folded yet");
    assert!(source.table_bytes > 0 && source.index_bytes > 0);
    assert_eq!(table(&storage, "public.recent_failures").now().rows, 0, "it was never refreshed");
    table(&storage, "tidemark.executions_hourly");
    assert_eq!(storage.bytes_a_day(), None, "one look tells nothing about growth");

    store::storage::note(&database.pool).await.unwrap();
    assert_eq!(database.number("select count(distinct taken_at) from tidemark.storage_looks").await, 1, "none is due");
    let before = "insert into tidemark.storage_looks
        select taken_at - interval '2 days', schema_name, table_name, 0, true, 0, 0 from tidemark.storage_looks";
    database.run(before).await;
    let storage = store::storage::load(&database.pool).await.unwrap();
    let grown = table(&storage, "public.action_results");
    assert_eq!(grown.rows_a_day().map(f64::round), Some(617.0));
    assert_eq!(grown.bytes_in(2.0), Some(2 * grown.now().bytes()));
}

#[tokio::test]
async fn a_partitioned_table_is_as_large_as_its_parts() {
    let database = FreshDatabase::empty().await;
    let partitioned = "create table public.action_results (
            id text not null, job_id text not null, trigger_id text, event_id text, action_type text not null,
            status text not null, executed_at timestamptz not null default now(), duration_ms integer, error_message text,
            response_data jsonb, retry_count integer default 0, primary key (id, executed_at)
        ) partition by range (executed_at);
        create table public.all_of_it partition of public.action_results default;
        insert into public.action_results (id, job_id, action_type, status)
        select n::text, 'j', 'rest', 'success' from generate_series(1, 500) as n";
    database.run(partitioned).await;
    database.migrate().await;
    store::storage::note(&database.pool).await.unwrap();
    let storage = store::storage::load(&database.pool).await.unwrap();
    let source = table(&storage, "public.action_results").now();
    assert!(source.rows == 500 && source.table_bytes > 8192 && source.index_bytes > 0, "{source:?}");
    assert!(!storage.tables.iter().any(|table| table.table_name == "public.all_of_it"));
}

#[tokio::test]
async fn work_and_prices_are_kept() {
    let database = FreshDatabase::migrated().await;
    database.refresh().await;
    let query =
        store::statements::Measured { statement: "-- Who?".to_owned(), calls: 4, total_ms: 8.0, longest_ms: 3.0 };
    let refresh = store::statements::Measured {
        statement: "-- What came of it?\nselect * from public.refresh_action_analytics()".to_owned(),
        ..query.clone()
    };
    store::statements::add(&database.pool, &[query, refresh]).await.unwrap();
    let prices = Prices { gigabyte_month: 0.115, core_hour: 0.05, currency: "EUR".to_owned() };
    store::storage::set_prices(&database.pool, &prices, "Anna").await.unwrap();
    let storage = store::storage::load(&database.pool).await.unwrap();
    assert_eq!(storage.prices, Some(prices));
    let day = &storage.days[0];
    let told = (storage.days.len(), day.refreshes, day.calls, day.calls_ms);
    assert_eq!(told, (1, 2, 4, 8.0), "that of the migration counts too, and refreshes have their log");
}
