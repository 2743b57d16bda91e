//! What keeps a page live: the pulse, folds, how far the views are, and who holds the counting back.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use fresh_database::FreshDatabase;
use sqlx::{Postgres, Transaction};
use store::{
    freshness::observe,
    refresh::{Fold, Pulse},
};

const TIMEOUT: Duration = Duration::from_secs(30);

const INSERT: &str = "insert into public.action_results (id, job_id, action_type, status, executed_at)";

async fn pulse(database: &FreshDatabase) -> Pulse {
    store::refresh::pulse(&database.pool).await.unwrap()
}

async fn fold(database: &FreshDatabase) -> Fold {
    store::refresh::fold(&database.pool, "test", TIMEOUT).await.unwrap()
}

#[tokio::test]
async fn the_pulse_beats_when_something_was_committed_and_only_then() {
    let database = FreshDatabase::migrated().await;
    let mut before = pulse(&database).await;
    let still = pulse(&database).await;
    assert_eq!(still.beat, before.beat);
    assert!(still.moment > before.moment);
    for (change, what) in [
        (format!("{INSERT} values ('new', 'j', 'rest', 'retrying', now())"), "a new row"),
        (format!("{INSERT} values ('late', 'j', 'rest', 'success', now() - interval '3 days')"), "a late row"),
        (format!("{INSERT} values ('never', 'j', 'rest', 'success', 'infinity')"), "a row at no time"),
        ("update public.action_results set status = 'failed' where id = 'new'".to_owned(), "an update of a new row"),
        ("update public.action_results set duration_ms = 7 where id = 'late'".to_owned(), "an update of a late row"),
        ("select tidemark.fold()".to_owned(), "a fold may beat, and changes nothing"),
        ("delete from public.action_results where id = 'late'".to_owned(), "a delete"),
        (
            format!(
                "begin; delete from public.action_results where id = 'new'; {INSERT} values ('other', 'j', 'rest', 'failed', now()); commit"
            ),
            "one row for another",
        ),
        ("truncate public.action_results".to_owned(), "a truncate"),
    ] {
        database.run(&change).await;
        let after = pulse(&database).await;
        assert_ne!(after.beat, before.beat, "{what}");
        before = after;
    }
    database.run(&format!("begin; {INSERT} values ('undone', 'j', 'rest', 'success', now()); rollback")).await;
    assert_eq!(pulse(&database).await.beat, before.beat);
}

#[tokio::test]
async fn a_fold_is_announced_when_it_found_something() {
    let database = FreshDatabase::migrated().await;
    let mut listener = store::refresh::listen(&database.pool).await.unwrap();
    assert!(!fold(&database).await.found_changes);
    database.run(&format!("{INSERT} values ('one', 'j', 'rest', 'success', now())")).await;
    let found = fold(&database).await;
    assert!(found.found_changes && !found.is_held, "{found:?}");
    assert_eq!(found.rows_folded, 1);
    let heard = tokio::time::timeout(TIMEOUT, listener.next()).await.unwrap().unwrap();
    let number: i64 = database.value("select change_number from tidemark.frontier").await;
    assert_eq!(heard, Some(number), "the first fold found nothing and was not announced");
}

#[tokio::test]
async fn a_check_that_finds_nothing_makes_every_view_as_fresh_as_a_refresh() {
    let database = FreshDatabase::migrated().await;
    database.run(&format!("{INSERT} values ('one', 'j', 'rest', 'success', now())")).await;
    database.refresh().await;
    let runs = "select count(distinct run_id) from tidemark.refresh_log";
    let before = database.number(runs).await;
    database.run("update tidemark.refresh_log set data_as_of = data_as_of - interval '1 hour'").await;
    let old = observe(&database.pool).await.unwrap().views_as_of.unwrap();
    assert!(Utc::now() - old > TimeDelta::minutes(59), "{old}");
    database.refresh().await;
    let new = observe(&database.pool).await.unwrap().views_as_of.unwrap();
    assert!(Utc::now() - new < TimeDelta::minutes(1), "{new}");
    assert_eq!(database.number(runs).await, before, "nothing was done");
    for status in store::freshness::view_statuses(&database.pool).await.unwrap() {
        assert_eq!(status.last_refresh, Some(new), "{}", status.view_name);
    }
    let spent = store::freshness::spent_on_refreshes(&database.pool).await.unwrap();
    assert!((0.0..0.5).contains(&spent), "{spent}");
}

/// A transaction that wrote and stays open.
async fn writer(database: &FreshDatabase) -> Transaction<'static, Postgres> {
    let mut transaction = database.pool.begin().await.unwrap();
    let insert = format!("{INSERT} values ('held', 'j', 'rest', 'success', now()) /* {} */", "é".repeat(300));
    sqlx::query(sqlx::AssertSqlSafe(insert)).execute(&mut *transaction).await.unwrap();
    transaction
}

#[tokio::test]
async fn a_transaction_that_holds_the_counting_back_is_named_and_nothing_is_missing() {
    let database = FreshDatabase::migrated().await;
    assert_eq!(observe(&database.pool).await.unwrap().holder, None);
    let mut open = writer(&database).await;
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *open).await.unwrap();
    let holder = observe(&database.pool).await.unwrap().holder.unwrap();
    assert_eq!((holder.pid, holder.prepared_as.as_deref()), (Some(pid), None));
    assert_eq!(holder.application_name.as_deref(), Some("tidemark"));
    assert!(holder.user_name.is_some_and(|name| !name.is_empty()));
    assert!((Utc::now() - holder.since).abs() < TimeDelta::seconds(30));
    assert!(holder.query.is_some_and(|query| query.chars().count() <= 200));

    database.run(&format!("{INSERT} values ('other', 'j', 'rest', 'failed', now())")).await;
    let held = fold(&database).await;
    assert!(held.is_held && held.waited_ms >= 400, "{held:?}");
    let shown = store::overview::load(&database.pool, &domain::access::Scope::All, &domain::query::Query::default())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(shown.summary.current.counts.failed, 1, "it is counted all the same");
    open.commit().await.unwrap();
    assert_eq!(observe(&database.pool).await.unwrap().holder, None);
    let shown = store::overview::load(&database.pool, &domain::access::Scope::All, &domain::query::Query::default())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(shown.summary.current.counts.total(), 2);
    assert!(!fold(&database).await.is_held);
}
