//! Indexes as they really are: bloated, of parts, used over time.
#![allow(clippy::unwrap_used)]

use chrono::Utc;
use domain::indexes::{Index, Indexes, Verdict};
use fresh_database::FreshDatabase;

async fn load(database: &FreshDatabase) -> Indexes {
    store::indexes::load(&database.pool, true).await.unwrap()
}

fn index<'a>(indexes: &'a Indexes, name: &str) -> &'a Index {
    indexes.list.iter().find(|index| index.index_name == name).unwrap()
}

#[tokio::test]
async fn an_index_full_of_air_is_found_and_made_anew() {
    let database = FreshDatabase::migrated().await;
    let fill = "create table public.emptied (n bigint, word text) with (autovacuum_enabled = off);
        insert into public.emptied select n, md5(n::text) from generate_series(1, 600000) as n;
        create index emptied_n on public.emptied (n);
        create index emptied_word on public.emptied (lower(word));
        analyze public.emptied";
    database.run(fill).await;
    let full = load(&database).await;
    for name in ["emptied_n", "emptied_word"] {
        let index = index(&full, name);
        let fresh = index.fresh_bytes.unwrap();
        // What was just made is as large as it needs to be: so good is the estimate.
        assert!(
            (0.8..1.25).contains(&(index.size_bytes as f64 / fresh as f64)),
            "{name}: {} {fresh}",
            index.size_bytes
        );
        assert_eq!(index.bloat(), None);
    }
    database.run("delete from public.emptied where n % 20 <> 0").await;
    database.run("vacuum (analyze) public.emptied").await;
    let emptied = load(&database).await;
    let bloated = index(&emptied, "emptied_n");
    assert!(bloated.bloat().unwrap() > 10_000_000, "{bloated:?}");
    store::indexes::run(&database.pool, &bloated.rebuild_statement).await.unwrap();
    let anew = load(&database).await;
    assert_eq!(index(&anew, "emptied_n").bloat(), None);
    assert!(!matches!(anew.verdict(index(&anew, "emptied_n"), Utc::now()), Verdict::Bloated(_)));
}

#[tokio::test]
async fn the_parts_of_an_index_count_as_one() {
    let database = FreshDatabase::migrated().await;
    let parts = "create table public.parted (n bigint) partition by range (n);
        create table public.parted_1 partition of public.parted for values from (0) to (1000);
        create table public.parted_2 partition of public.parted for values from (1000) to (2000);
        create index parted_n on public.parted (n);
        insert into public.parted select generate_series(0, 1999)";
    database.run(parts).await;
    let indexes = load(&database).await;
    let whole = index(&indexes, "parted_n");
    let of_parts = database.number(
        "select sum(pg_relation_size(inhrelid))::bigint from pg_inherits where inhparent = 'public.parted_n'::regclass",
    );
    assert_eq!(whole.size_bytes, of_parts.await);
    assert!(!indexes.list.iter().any(|index| index.table_name.starts_with("public.parted_")), "no part is told alone");
}
