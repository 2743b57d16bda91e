//! Leading, listening, and a database that goes away.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use fresh_database::{FreshDatabase, until};

/// Ends all other connections that hold the lead.
const END_LEADER: &str = "select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and classid = 1953064037 and objid = 2
        and database = (select oid from pg_database where datname = current_database())";

#[tokio::test]
async fn one_of_two_servers_leads_until_its_connection_breaks() {
    let database = FreshDatabase::migrated().await;
    let other = database.another_pool().await;
    let mut first = store::refresh::lead(&database.pool).await.unwrap().unwrap();
    assert!(first.still_held().await);
    assert!(store::refresh::lead(&other).await.unwrap().is_none());

    assert!(database.value::<bool>(END_LEADER).await);
    until("the other leads", || async { store::refresh::lead(&other).await.unwrap().is_some() }).await;
    assert!(!first.still_held().await);

    let mut second = None;
    while second.is_none() {
        second = store::refresh::lead(&database.pool).await.unwrap();
    }
    assert!(second.unwrap().still_held().await, "who lost the lead may win it again, on a new connection");
}

#[tokio::test]
async fn who_resigns_makes_room_at_once() {
    let database = FreshDatabase::migrated().await;
    let leadership = store::refresh::lead(&database.pool).await.unwrap().unwrap();
    leadership.resign().await;
    until("the lead is free", || async { store::refresh::lead(&database.pool).await.unwrap().is_some() }).await;
}

#[tokio::test]
async fn a_refresh_is_heard_and_a_lost_connection_is_told_then_mended() {
    let database = FreshDatabase::migrated().await;
    let mut listener = store::refresh::listen(&database.pool).await.unwrap();
    database.refresh().await;
    let run: i64 = database.value("select max(run_id) from tidemark.refresh_log").await;
    let heard = tokio::time::timeout(Duration::from_secs(10), listener.next()).await.unwrap().unwrap();
    assert_eq!(heard, Some(run));

    database
        .value::<bool>(
            "select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen%'",
        )
        .await;
    let lost = tokio::time::timeout(Duration::from_secs(10), listener.next()).await.unwrap();
    assert!(matches!(&lost, Ok(None)) || lost.as_ref().is_err_and(store::StoreError::is_unreachable), "{lost:?}");

    let waiting = tokio::spawn(async move { listener.next().await });
    until("it listens again", || async {
        database
            .value::<i64>(
                "select count(*) from pg_stat_activity
            where datname = current_database() and query ilike 'listen%'",
            )
            .await
            == 1
    })
    .await;
    database.refresh().await;
    let heard = tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap().unwrap().unwrap();
    assert_eq!(heard, Some(run), "nothing changed, so no run is numbered; that it was proven is heard all the same");
}

#[tokio::test]
async fn a_terminated_connection_is_unreachable_and_a_wrong_query_is_not() {
    let database = FreshDatabase::migrated().await;
    let pool = database.pool.clone();
    let long = tokio::spawn(async move {
        let slept = sqlx::query("select pg_sleep(60)").execute(&pool).await;
        store::StoreError::from(slept.unwrap_err())
    });
    let other = database.another_pool().await;
    until("it sleeps", || async {
        sqlx::query_scalar::<_, i64>("select count(*) from pg_stat_activity where query = 'select pg_sleep(60)' and datname = current_database()")
            .fetch_one(&other).await.unwrap() == 1
    })
    .await;
    sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where query = 'select pg_sleep(60)' and datname = current_database()")
        .execute(&other).await.unwrap();
    let error = long.await.unwrap();
    assert!(error.is_unreachable(), "{error:?}");

    let error = store::StoreError::from(sqlx::query("select 1 / 0").execute(&other).await.unwrap_err());
    assert!(!error.is_unreachable(), "{error:?}");
    assert_eq!(error.to_string(), "division by zero");
}
