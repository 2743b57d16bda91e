//! The page of one trigger against the same numbers counted in Rust.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use domain::{
    page::Page,
    panel::Panel,
    query::Query,
    range::Range,
    status::{Status, StatusCounts},
    trigger::{LOOKED_AT, Panels},
    triggers::Health,
};
use fresh_database::FreshDatabase;

async fn load(database: &FreshDatabase, id: &str, query: &Query) -> Option<Panels> {
    store::trigger::load(&database.pool, &domain::access::Scope::All, id, query).await.unwrap().unwrap().panels
}

/// A run every ten minutes for four days: every fifth failed, every third was tried again, among others of another trigger.
async fn four_days() -> FreshDatabase {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.triggers (id, name) values ('mine', 'Mine'), ('other', 'Other');
            insert into public.action_results (
                job_id, trigger_id, action_type, status, executed_at, duration_ms, error_message, retry_count
            )
            select 'j', trigger, case when n % 2 = 0 then 'rest' else 'mcp' end,
                case when n % 5 = 0 then 'failed' else 'success' end, now() - n * interval '10 minutes', 100 + n,
                case when n % 5 = 0 then 'HTTP ' || (case when n % 10 = 0 then 429 else 500 end) end,
                case when n % 3 = 0 then 1 else 0 end
            from generate_series(1, 4 * 144) as n cross join unnest(array['mine', 'other']) as trigger",
        )
        .await;
    database
}

#[tokio::test]
async fn numbers_are_of_this_trigger_in_the_time_asked_for() {
    let database = four_days().await;
    for is_folded in [false, true] {
        if is_folded {
            database.refresh().await;
        }
        let shown = load(&database, "mine", &Query::default()).await.unwrap();
        assert_eq!(shown.profile.totals.counts, StatusCounts { success: 461, retrying: 0, failed: 115 });
        assert_eq!(shown.profile.totals.total_retries, 192);
        assert_eq!(shown.profile.verdict.health, Health::Ok, "{:?}", shown.profile.verdict);
        let counts: StatusCounts = shown.executions.bars.iter().map(|bar| bar.counts).sum();
        assert_eq!(counts, shown.summary.current.counts);
        assert_eq!((counts.total(), counts.failed), (143, 28), "the 144th was a day before, and a moment");
        assert_eq!(shown.retries.bars.iter().map(|bar| bar.retries).sum::<i64>(), 47);
        assert_eq!(shown.recent.runs, 143);
        let measured = shown.recent.durations.points.iter().filter(|point| point.p95_ms.is_some()).count();
        assert!(measured >= 24, "{measured}");
        assert_eq!(shown.spread.classes.iter().map(|class| class.runs).sum::<i64>(), 576);
        assert_eq!((shown.failures.total, shown.failures.rows.len()), (28, 8));
        assert!(shown.failures.rows.iter().all(|failure| failure.trigger_id.as_deref() == Some("mine")));
        assert_eq!(shown.failures.messages.most_frequent, Some(("HTTP 429".to_owned(), 14)));
    }
}

#[tokio::test]
async fn the_whole_query_counts() {
    let database = four_days().await;
    let rest = Query::default().with_action_type(Some("rest"));
    let shown = load(&database, "mine", &rest).await.unwrap();
    assert_eq!(shown.summary.current.counts.total(), 71);
    assert_eq!(shown.profile.totals.counts.total(), 576, "that is of all its runs");
    assert_eq!(shown.failures.total, 14);
    let succeeded = load(&database, "mine", &Query::default().with_status(Some(Status::Success))).await.unwrap();
    assert_eq!((succeeded.summary.current.counts.total(), succeeded.failures.rows.len()), (115, 0));
    let compared = load(&database, "mine", &Query::default().with_compare(true)).await.unwrap();
    let before = compared.recent.durations.points.iter().filter(|point| point.p95_before_ms.is_some()).count();
    assert!(before >= 24, "{before}");
    assert_eq!(compared.retries.bars.iter().filter_map(|bar| bar.before).sum::<i64>(), 48);
    let week = load(&database, "mine", &Query::default().with_range(Range::Week)).await.unwrap();
    assert_eq!(week.summary.current.counts.total(), 576);
    // Others that the address asks for are not of this page.
    let elsewhere = Query::default().with_trigger(Some("other")).with_organization(Some("nobody"));
    assert_eq!(load(&database, "mine", &elsewhere).await.unwrap().summary.current.counts.total(), 143);
}

#[tokio::test]
async fn a_change_is_seen_at_once() {
    let database = four_days().await;
    database.refresh().await;
    let before = load(&database, "mine", &Query::default()).await.unwrap();
    database
        .run(
            "insert into public.action_results (job_id, trigger_id, action_type, status, duration_ms, retry_count)
            select 'j', 'mine', 'rest', 'failed', 60000, 3 from generate_series(1, 900)",
        )
        .await;
    let after = load(&database, "mine", &Query::default()).await.unwrap();
    assert_eq!(after.profile.verdict.health, Health::Critical);
    assert_eq!(after.profile.verdict.reasons.len(), 3, "{:?}", after.profile.verdict);
    for (before, after) in [
        (before.profile.sentence(), after.profile.sentence()),
        (before.summary.sentence(), after.summary.sentence()),
        (before.executions.sentence(), after.executions.sentence()),
        (before.retries.sentence(), after.retries.sentence()),
        (before.recent.sentence(), after.recent.sentence()),
        (before.spread.sentence(), after.spread.sentence()),
        (before.failures.sentence(), after.failures.sentence()),
    ] {
        assert_ne!(before, after);
    }
}

#[tokio::test]
async fn durations_are_read_up_to_a_limit_that_is_told() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.triggers (id, name) values ('mine', 'Mine');
            insert into public.action_results (job_id, trigger_id, action_type, status, executed_at, duration_ms)
            select 'j', 'mine', 'rest', 'success', now() - n * interval '20 seconds', 5 from generate_series(1, 2500) as n",
        )
        .await;
    let shown = load(&database, "mine", &Query::default()).await.unwrap();
    assert_eq!((shown.recent.runs, shown.summary.current.counts.total()), (LOOKED_AT, 2_500));
    assert!(shown.recent.note().contains("newest 2,000"));
}

#[tokio::test]
async fn what_never_ran_is_known_and_what_is_not_there_is_not() {
    let database = FreshDatabase::migrated().await;
    database.run("insert into public.triggers (id, name, created_at) values ('new/1', 'New', now())").await;
    let new = load(&database, "new/1", &Query::default()).await.unwrap();
    assert_eq!((new.profile.name(), new.profile.sentence().as_str()), ("New", "It never ran."));
    assert_eq!(new.profile.verdict.health, Health::Ok);
    assert_eq!(load(&database, "nobody", &Query::default()).await, None);
    let data = store::pages::load(
        &database.pool,
        &domain::access::Scope::All,
        &Page::Trigger("nobody".into()),
        &Query::default(),
    )
    .await;
    assert!(!data.unwrap().unwrap().is_found());
}
