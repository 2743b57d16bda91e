//! How long statements take is added up over servers and days, and told with plans that run nothing.
#![allow(clippy::unwrap_used)]

use domain::{
    doctor::Thresholds,
    statements::{OfDatabase, Plan},
};
use fresh_database::{FreshDatabase, Server};
use store::statements::Measured;

fn measured(statement: &str, calls: i64, total_ms: f64) -> Measured {
    Measured { statement: statement.to_owned(), calls, total_ms, longest_ms: total_ms }
}

#[tokio::test]
async fn what_servers_ran_is_added_up_and_planned() {
    let database = FreshDatabase::migrated().await;
    let slow = "-- Which rows are of this trigger?\nselect * from public.action_results where trigger_id = $1";
    let quick = "-- Nothing to plan?\nlisten nowhere";
    store::statements::add(&database.pool, &[measured(slow, 2, 300.0), measured(quick, 10, 10.0)]).await.unwrap();
    store::statements::add(&database.pool, &[measured(slow, 1, 600.0)]).await.unwrap();
    store::statements::add(&database.pool, &[]).await.unwrap();
    let statements = store::statements::load(&database.pool).await.unwrap();
    assert_eq!((statements.kinds, statements.calls, statements.total_ms), (2, 13, 910.0));
    let first = &statements.own[0];
    assert_eq!((first.title().as_str(), first.calls, first.longest_ms), ("Which rows are of this trigger?", 3, 600.0));
    assert!(matches!(&first.plan, Plan::Known(plan) if plan.contains("action_results")), "{:?}", first.plan);
    assert!(matches!(&statements.own[1].plan, Plan::Unknown(_)));
    assert!(matches!(statements.of_database, OfDatabase::Absent));
}

#[tokio::test]
async fn a_text_with_another_statement_in_it_is_not_run() {
    let database = FreshDatabase::migrated().await;
    let hostile = "-- Harmless?\nselect 1; create table public.hostile (n integer)";
    let writing = "-- Who writes?\ninsert into public.triggers (id, name) values ('t', 't')";
    store::statements::add(&database.pool, &[measured(hostile, 1, 2.0), measured(writing, 1, 1.0)]).await.unwrap();
    let statements = store::statements::load(&database.pool).await.unwrap();
    assert!(matches!(&statements.own[0].plan, Plan::Unknown(_)), "{:?}", statements.own[0].plan);
    assert!(matches!(&statements.own[1].plan, Plan::Known(_)), "{:?}", statements.own[1].plan);
    let made = "select count(*) from pg_class where relname = 'hostile'";
    assert_eq!((database.number(made).await, database.number("select count(*) from public.triggers").await), (0, 0));
}

#[tokio::test]
async fn what_is_old_is_forgotten() {
    let database = FreshDatabase::migrated().await;
    store::statements::add(&database.pool, &[measured("-- Old?", 1, 1.0), measured("-- New?", 1, 1.0)]).await.unwrap();
    database.run("update tidemark.statement_days set day = day - 200 where hash = md5('-- Old?')").await;
    store::statements::forget_old(&database.pool).await.unwrap();
    assert_eq!(database.texts("select statement from tidemark.statements").await, ["-- New?"]);
    assert_eq!(database.number("select count(*) from tidemark.statement_days").await, 1);
}

/// A Postgres of its own: the extension must be loaded when it starts.
#[tokio::test]
async fn the_statements_of_everybody_are_told_where_they_are_measured() {
    let server = Server::start(&[("shared_preload_libraries", "pg_stat_statements"), ("autovacuum", "off")]).await;
    let pool = server.pool.clone();
    store::schema::migrate(&pool).await.unwrap();
    let of_database = async || store::statements::load(&pool).await.unwrap().of_database;
    assert!(matches!(of_database().await, OfDatabase::Absent), "loaded, but not made in this database");

    sqlx::raw_sql("create extension pg_stat_statements; select pg_sleep(0.1); analyze public.triggers")
        .execute(&pool)
        .await
        .unwrap();
    let OfDatabase::Known(rows) = of_database().await else { panic!("it is there") };
    let slept = rows.iter().find(|row| row.text.contains("pg_sleep")).unwrap();
    assert!(slept.calls == 1 && slept.mean_ms() > 50.0, "{slept:?}");
    assert!(matches!(&slept.plan, Plan::Known(plan) if plan.contains("Result")), "{:?}", slept.plan);

    let findings = store::doctor::examine(&pool, &Thresholds::default(), chrono::Utc::now()).await.unwrap();
    assert!(findings.iter().any(|finding| finding.subject == "autovacuum"), "{findings:?}");
    server.stop().await;
}

#[tokio::test]
async fn an_extension_that_is_not_loaded_is_told_with_what_the_database_says() {
    let database = FreshDatabase::migrated().await;
    database.run("create extension pg_stat_statements").await;
    let statements = store::statements::load(&database.pool).await.unwrap();
    match statements.of_database {
        OfDatabase::Unreadable(reason) => assert!(reason.contains("shared_preload_libraries"), "{reason}"),
        // Where somebody did load it.
        OfDatabase::Known(_) => {}
        OfDatabase::Absent => panic!("it was made"),
    }
}
