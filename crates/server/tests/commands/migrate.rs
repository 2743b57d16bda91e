//! `tidemark migrate` where there are rows already.

use fresh_database::{FreshDatabase, until};
use serde_json::Value;

use super::running::{Server, tidemark, told};

/// A database that was in use before, with 600 rows.
async fn in_use() -> FreshDatabase {
    let database = FreshDatabase::empty().await;
    database.run(include_str!("../../../store/tests/fixtures/plain_database.sql")).await;
    database
}

#[tokio::test]
async fn what_is_there_is_counted_and_told() {
    let database = in_use().await;
    let migrated = told(&mut tidemark(&database.url, &["migrate"]));
    assert_eq!(migrated.code, Some(0), "{migrated:?}");
    assert!(migrated.stderr.contains("counted 600"), "{migrated:?}");
    assert!(migrated.stdout.contains("\ncounted 600 rows in "), "{migrated:?}");
    assert!(migrated.stdout.ends_with("the four views are exact from now on\n"), "{migrated:?}");
    let again = told(&mut tidemark(&database.url, &["migrate"]));
    assert_eq!((again.stdout.as_str(), again.stderr.as_str()), ("The schema is up to date.\n", ""));
    assert_eq!(told(&mut tidemark(&database.url, &["validate"])).code, Some(0));
}

#[tokio::test]
async fn a_server_counts_while_it_serves() {
    let database = in_use().await;
    let server = Server::start(&database, &["--interval", "1h"]);
    assert_eq!(server.get("/healthz").status, 200);
    until("everything is counted", async || database.value("select is_built from tidemark.frontier").await).await;
    until("it says so", async || server.log().contains("the four views are exact from now on")).await;
    drop(server);
    let status = told(&mut tidemark(&database.url, &["status", "--json"]));
    let answer: Value = serde_json::from_str(&status.stdout).unwrap();
    assert_eq!(answer["build"], Value::Null);
    let frontier = &answer["frontier"];
    assert!(frontier["frontier_at"].is_string() && frontier["age_seconds"].is_u64(), "{frontier}");
    assert_eq!((&frontier["holders"], &frontier["problems"]), (&Value::Array(vec![]), &Value::Array(vec![])));
}
