//! Annotations: what is found in a time, what the table refuses, and that every server hears of a change.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::annotations::{Annotation, Draft, Kind};
use fresh_database::FreshDatabase;

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn add(database: &FreshDatabase, text: &str, at: &str, until: Option<&str>) -> Annotation {
    let draft = Draft { kind: Kind::Incident, at: moment(at), until: until.map(moment), text: text.to_owned() };
    store::annotations::add(&database.pool, draft, None).await.unwrap()
}

async fn texts(database: &FreshDatabase, limit: i64) -> (Vec<String>, bool) {
    let (begins, until) = (moment("2026-11-23T00:00:00Z"), moment("2026-11-24T00:00:00Z"));
    let found = store::annotations::list(&database.pool, begins, until, limit).await.unwrap();
    (found.list.into_iter().map(|annotation| annotation.text).collect(), found.has_more)
}

#[tokio::test]
async fn what_touches_a_time_is_found_oldest_first_up_to_a_limit() {
    let database = FreshDatabase::migrated().await;
    add(&database, "over before", "2026-11-22T20:00:00Z", Some("2026-11-22T23:59:59Z")).await;
    add(&database, "lasts into it", "2026-10-25T00:00:00Z", Some("2026-11-23T00:00:00Z")).await;
    add(&database, "inside", "2026-11-23T12:00:00Z", None).await;
    add(&database, "at its begin", "2026-11-23T00:00:00Z", None).await;
    add(&database, "at its end", "2026-11-24T00:00:00Z", None).await;
    let all = ["lasts into it", "at its begin", "inside"].map(str::to_owned).to_vec();
    assert_eq!(texts(&database, 3).await, (all.clone(), false));
    assert_eq!(texts(&database, 2).await, (all[1..].to_vec(), true));
}

#[tokio::test]
async fn what_is_added_comes_back_whole_and_can_be_removed_once() {
    let database = FreshDatabase::migrated().await;
    let hostile = "'); drop table triggers; -- <b>{a}</b> \u{202e} 😀";
    let added = add(&database, hostile, "2026-11-23T12:00:00Z", Some("2026-11-23T13:00:00Z")).await;
    let (begins, until) = (moment("2026-11-23T12:30:00Z"), moment("2026-11-23T12:31:00Z"));
    let found = store::annotations::list(&database.pool, begins, until, 10).await.unwrap();
    assert_eq!(found.list, std::slice::from_ref(&added));
    assert_eq!(store::annotations::remove(&database.pool, added.id).await.unwrap(), Some(added.clone()));
    assert_eq!(store::annotations::remove(&database.pool, added.id).await.unwrap(), None);
}

#[tokio::test]
async fn the_table_refuses_what_makes_no_sense() {
    let database = FreshDatabase::migrated().await;
    let insert = "insert into tidemark.annotations (at, until, kind, text) values ";
    for values in [
        "('infinity', null, 'note', 'x')",
        "('1969-12-31', null, 'note', 'x')",
        "('2026-11-23', '2026-11-23', 'note', 'x')",
        "('2026-11-23', '2026-12-25', 'note', 'x')",
        "('2026-11-23', null, 'party', 'x')",
        "('2026-11-23', null, 'note', '')",
        "('2026-11-23', null, 'note', repeat('é', 201))",
        "('2026-11-23', null, 'note', e'two\\nlines')",
    ] {
        let result = sqlx::raw_sql(sqlx::AssertSqlSafe(format!("{insert}{values}"))).execute(&database.pool).await;
        assert!(result.is_err(), "{values}");
    }
    database.run(&format!("{insert}('2026-11-23', '2026-12-24', 'note', repeat('é', 200))")).await;
}

#[tokio::test]
async fn every_change_is_in_the_pulse_and_announced() {
    let database = FreshDatabase::migrated().await;
    let mut listener = store::refresh::listen(&database.another_pool().await).await.unwrap();
    let mut beats = vec![store::refresh::pulse(&database.pool).await.unwrap().beat];
    let added = add(&database, "here", "2026-11-23T12:00:00Z", None).await;
    beats.push(store::refresh::pulse(&database.pool).await.unwrap().beat);
    database.run("update tidemark.annotations set text = 'by psql'").await;
    beats.push(store::refresh::pulse(&database.pool).await.unwrap().beat);
    store::annotations::remove(&database.pool, added.id).await.unwrap();
    beats.push(store::refresh::pulse(&database.pool).await.unwrap().beat);
    for number in 1..=3 {
        let heard = tokio::time::timeout(Duration::from_secs(10), listener.next()).await.unwrap().unwrap();
        assert_eq!(heard, Some(number));
    }
    let count = beats.len();
    beats.dedup();
    assert_eq!(beats.len(), count, "{beats:?}");
}

#[tokio::test]
async fn a_time_is_looked_up_by_index() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into tidemark.annotations (at, kind, text)
             select timestamptz '2020-01-01' + number * interval '1 hour', 'deploy', 'v' || number
             from generate_series(1, 50000) as number;
             analyze tidemark.annotations",
        )
        .await;
    let question = include_str!("../sql/annotations/list_annotations.sql");
    let question = question.replace("$1::timestamptz", "$1");
    let question =
        question.replace("$1", "'2024-05-01'::timestamptz").replace("$2", "'2024-05-02'").replace("$3", "200");
    let plan = database.texts(&format!("explain {question}")).await.join("\n");
    assert!(plan.contains("annotations_at") && !plan.contains("Seq Scan"), "{plan}");
}
