//! What Tidemark looks after by itself, and what people note.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use chrono::Utc;
use domain::maintenance::{ITEMS, State, item_of};
use fresh_database::FreshDatabase;

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn everything_that_is_due_is_looked_at_once() {
    let database = FreshDatabase::migrated().await;
    database.refresh().await;
    let leadership = store::refresh::lead(&database.pool).await.unwrap().unwrap();
    store::storage::note(&database.pool).await.unwrap();
    store::checklist::look(&database.pool, HOUR, false).await.unwrap();
    let maintenance = store::checklist::load(&database.pool).await.unwrap();
    for item in &ITEMS {
        let seen = maintenance.seen(item).unwrap();
        assert!(seen.is_good && !seen.evidence.is_empty(), "{seen:?}");
        let expected = if item.is_for_people { State::Due } else { State::Done };
        assert_eq!(maintenance.state(item, Utc::now()), expected, "{}", item.name);
    }
    let looks = "select count(*) from tidemark.checklist";
    let before = database.number(looks).await;
    store::checklist::look(&database.pool, HOUR, false).await.unwrap();
    assert_eq!(database.number(looks).await, before, "nothing is due");
    store::checklist::look(&database.pool, HOUR, true).await.unwrap();
    assert_eq!(database.number(looks).await, 2 * before, "somebody asked");
    leadership.resign().await;
}

#[tokio::test]
async fn what_is_wrong_is_seen_and_looked_at_again_until_it_is_right() {
    let database = FreshDatabase::migrated().await;
    store::checklist::look(&database.pool, HOUR, false).await.unwrap();
    let wrong = async |name: &str| {
        let maintenance = store::checklist::load(&database.pool).await.unwrap();
        maintenance.state(item_of(name).unwrap(), Utc::now()) == State::Wrong
    };
    assert!(wrong("doctor").await, "nobody leads");
    let leadership = store::refresh::lead(&database.pool).await.unwrap().unwrap();
    store::checklist::look(&database.pool, HOUR, false).await.unwrap();
    assert!(!wrong("doctor").await);
    leadership.resign().await;
    let differ = "insert into public.action_results (job_id, action_type, status, executed_at)
        select 'j', 'rest', 'success', now() - make_interval(days => day) from generate_series(0, 30) as day";
    database.run(differ).await;
    database.refresh().await;
    database.run("update tidemark.executions_hourly set executions = executions + 1").await;
    store::checklist::look(&database.pool, HOUR, true).await.unwrap();
    assert!(wrong("accuracy").await);
}

#[tokio::test]
async fn a_person_ticks_and_nothing_of_it_can_be_changed() {
    let database = FreshDatabase::migrated().await;
    let item = item_of("archiving").unwrap();
    store::checklist::tick(&database.pool, item, "Anna", "2025 was archived").await.unwrap();
    let maintenance = store::checklist::load(&database.pool).await.unwrap();
    let noted = maintenance.noted(item).unwrap();
    assert_eq!((noted.checked_by.as_deref(), noted.evidence.as_str()), (Some("Anna"), "2025 was archived"));
    assert_eq!(maintenance.state(item, Utc::now()), State::Done);
    let change = sqlx::query("update tidemark.checklist set evidence = 'nothing'").execute(&database.pool).await;
    assert!(change.unwrap_err().to_string().contains("only ever added"));
}
