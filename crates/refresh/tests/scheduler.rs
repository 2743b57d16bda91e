//! The scheduler on a real database: when it refreshes, who does, and what happens when that fails or is stopped.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use domain::refreshes::Rhythm;
use fresh_database::{FreshDatabase, until};
use refresh::{Account, Schedule, Scheduler, Settings, Step, Work};
use sqlx::{Postgres, Transaction};
use tokio_util::sync::CancellationToken;

const INTERVAL: Duration = Duration::from_secs(300);

/// The longest that stopping may take, far below any timeout of a refresh.
const PROMPTLY: Duration = Duration::from_secs(5);

const SETTINGS: Settings = Settings {
    schedule: Schedule::Every(INTERVAL),
    timeout: Duration::from_secs(60),
    log_retention: Duration::from_secs(86_400),
};

/// How many runs of a scheduler succeeded.
const RUNS: &str = "select count(distinct run_id) from tidemark.refresh_log where success and asked_by = 'scheduler'";

/// The sessions that hold the lead.
const LEADERS: &str = "from pg_locks where locktype = 'advisory' and classid = 1953064037 and objid = 2 and granted
    and database = (select oid from pg_database where datname = current_database())";

/// The sessions, but for the one that asks, that are refreshing or wait to.
const AT_WORK: &str = "select count(*) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and state = 'active'
        and query like '%from public.refresh_action_analytics()%'";

fn scheduler(database: &FreshDatabase) -> Scheduler {
    Scheduler::new(database.pool.clone(), SETTINGS, account("5%"))
}

fn live(database: &FreshDatabase, budget: &str) -> Scheduler {
    let settings = Settings { schedule: Schedule::Live, ..SETTINGS };
    Scheduler::new(database.pool.clone(), settings, account(budget))
}

/// Steps until the budget lets the views be refreshed.
async fn refreshed_soon(scheduler: &mut Scheduler) {
    for _ in 0..100 {
        match scheduler.step().await {
            Step::Refreshed => return,
            Step::Waited(_) | Step::Folded => tokio::time::sleep(Duration::from_millis(20)).await,
            step => panic!("{step:?}"),
        }
    }
    panic!("the views were not refreshed");
}

fn account(budget: &str) -> Account {
    Account::new(budget.parse().unwrap())
}

/// A database that was migrated, and whose views were never refreshed.
async fn never_refreshed() -> FreshDatabase {
    let database = FreshDatabase::migrated().await;
    database.run("delete from tidemark.refresh_log").await;
    database
}

/// Makes the views look older by some seconds, with a new row that they do not show.
async fn age(database: &FreshDatabase, seconds: u32) {
    let sql = format!(
        "update tidemark.refresh_log set data_as_of = data_as_of - interval '{seconds} s';
        update tidemark.frontier set checked_at = checked_at - interval '{seconds} s'"
    );
    database.run(&sql).await;
    insert(database).await;
}

async fn insert(database: &FreshDatabase) {
    database
        .run("insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'failed')")
        .await;
}

async fn wait_of(scheduler: &mut Scheduler) -> Duration {
    match scheduler.step().await {
        Step::Waited(wait) => wait,
        step => panic!("{step:?}"),
    }
}

/// Every refresh hangs while this is open.
async fn locked_source(database: &FreshDatabase) -> Transaction<'static, Postgres> {
    let mut transaction = database.pool.begin().await.unwrap();
    sqlx::query("lock table public.action_results in access exclusive mode").execute(&mut *transaction).await.unwrap();
    transaction
}

#[tokio::test]
async fn what_was_never_refreshed_is_refreshed_and_then_left_for_an_interval() {
    let database = never_refreshed().await;
    let mut scheduler = scheduler(&database);
    assert_eq!(scheduler.step().await, Step::Refreshed);
    let wait = wait_of(&mut scheduler).await;
    assert!(wait < INTERVAL && wait > INTERVAL / 2, "{wait:?}");
    assert_eq!(database.number(RUNS).await, 1);
    assert_eq!(database.texts("select distinct asked_by from tidemark.refresh_log").await, ["scheduler"]);
}

#[tokio::test]
async fn a_refresh_by_others_moves_the_next_one() {
    let database = never_refreshed().await;
    let mut scheduler = scheduler(&database);
    scheduler.step().await;
    age(&database, 200).await;
    let before = wait_of(&mut scheduler).await;
    assert!(before < INTERVAL - Duration::from_secs(200), "{before:?}");
    database.refresh().await;
    let after = wait_of(&mut scheduler).await;
    assert!(after > before + Duration::from_secs(150), "{before:?} {after:?}");
    age(&database, 300).await;
    assert_eq!(scheduler.step().await, Step::Refreshed);
    assert_eq!(database.number(RUNS).await, 2);
}

#[tokio::test]
async fn of_two_schedulers_one_leads() {
    let database = never_refreshed().await;
    let (mut one, mut other) = (scheduler(&database), scheduler(&database));
    let (first, second) = tokio::join!(one.step(), other.step());
    assert!(
        matches!((first, second), (Step::Refreshed, Step::Followed) | (Step::Followed, Step::Refreshed)),
        "{first:?} {second:?}"
    );
    assert_eq!(database.number(&format!("select count(*) {LEADERS}")).await, 1);
    assert_eq!(database.number(RUNS).await, 1);
}

#[tokio::test]
async fn when_the_leader_loses_its_connection_the_other_takes_over() {
    let database = never_refreshed().await;
    let (mut old, mut new) = (scheduler(&database), scheduler(&database));
    assert_eq!(old.step().await, Step::Refreshed);
    assert_eq!(new.step().await, Step::Followed);
    age(&database, 600).await;
    assert!(database.value::<bool>(&format!("select pg_terminate_backend(pid) {LEADERS}")).await);
    until("the lead is free", async || database.number(&format!("select count(*) {LEADERS}")).await == 0).await;
    assert_eq!(new.step().await, Step::Refreshed);
    age(&database, 600).await;
    assert_eq!(old.step().await, Step::Followed, "a refresh is due, and is not the old leader's to make");
    assert_eq!(database.number(RUNS).await, 2);
    assert_eq!(new.step().await, Step::Refreshed);
}

#[tokio::test]
async fn who_leaves_makes_room_for_another() {
    let database = never_refreshed().await;
    let cancel = CancellationToken::new();
    let running = tokio::spawn(scheduler(&database).run(cancel.clone()));
    until("it refreshed", async || database.number(RUNS).await == 1).await;
    let mut next = scheduler(&database);
    assert_eq!(next.step().await, Step::Followed);
    cancel.cancel();
    tokio::time::timeout(PROMPTLY, running).await.expect("it sleeps through the stop").unwrap();
    until("the lead is free", async || database.number(&format!("select count(*) {LEADERS}")).await == 0).await;
    assert!(matches!(next.step().await, Step::Waited(_)));
}

#[tokio::test]
async fn a_failing_view_is_logged_and_tried_again() {
    let database = never_refreshed().await;
    database
        .run(
            "alter materialized view public.trigger_performance_summary rename to aside;
            create table public.divisor as select 1 as number;
            create materialized view public.trigger_performance_summary as
                select 1 / number as ratio, now() as last_execution_at from public.divisor;
            update public.divisor set number = 0",
        )
        .await;
    let mut scheduler = scheduler(&database);
    assert_eq!(scheduler.step().await, Step::Failed);
    let failed = "select concat_ws(': ', view_name, error_message) from tidemark.refresh_log where not success";
    assert_eq!(database.texts(failed).await, ["trigger_performance_summary: division by zero"]);
    assert_eq!(scheduler.step().await, Step::Failed, "it does not wait for the interval");
    database.run("update public.divisor set number = 1").await;
    assert_eq!(scheduler.step().await, Step::Refreshed);
    wait_of(&mut scheduler).await;
}

#[tokio::test]
async fn a_refresh_that_takes_too_long_has_failed() {
    let database = never_refreshed().await;
    let blocker = locked_source(&database).await;
    let hasty = Settings { timeout: Duration::from_millis(200), ..SETTINGS };
    let mut scheduler = Scheduler::new(database.pool.clone(), hasty, account("5%"));
    assert_eq!(scheduler.step().await, Step::Failed);
    let logged = database.texts("select concat_ws(': ', view_name, error_message) from tidemark.refresh_log").await;
    assert_eq!(logged, ["refresh_action_analytics: canceling statement due to statement timeout"]);
    assert_eq!(database.number(AT_WORK).await, 0);
    blocker.rollback().await.unwrap();
    let mut patient = self::scheduler(&database);
    drop(scheduler);
    until("the lead is free", async || database.number(&format!("select count(*) {LEADERS}")).await == 0).await;
    assert_eq!(patient.step().await, Step::Refreshed);
}

#[tokio::test]
async fn a_stop_in_the_middle_of_a_refresh_leaves_nothing_at_work() {
    let database = never_refreshed().await;
    let blocker = locked_source(&database).await;
    let cancel = CancellationToken::new();
    let running = tokio::spawn(scheduler(&database).run(cancel.clone()));
    until("the refresh hangs", async || database.number(AT_WORK).await == 1).await;
    cancel.cancel();
    tokio::time::timeout(PROMPTLY, running).await.expect("it waits for the refresh").unwrap();
    // The lock is held on: it is not what ends the session.
    until("the database gave the refresh up", async || database.number(AT_WORK).await == 0).await;
    blocker.rollback().await.unwrap();
    assert_eq!(database.number("select count(*) from tidemark.refresh_log").await, 0);
    assert_eq!(scheduler(&database).step().await, Step::Refreshed);
}

#[tokio::test]
async fn live_shows_rows_as_they_arrive_and_rests_when_none_do() {
    let database = never_refreshed().await;
    let mut scheduler = live(&database, "100%");
    assert_eq!(scheduler.step().await, Step::Refreshed);
    let rests: Vec<u64> =
        [wait_of(&mut scheduler).await, wait_of(&mut scheduler).await].map(|rest| rest.as_secs()).into();
    assert!(rests.is_sorted() && rests.iter().all(|rest| (5..=60).contains(rest)), "{rests:?}");
    insert(&database).await;
    refreshed_soon(&mut scheduler).await;
    assert_eq!(database.number("select count(*) from public.recent_failures").await, 1);
    assert_eq!(database.number(RUNS).await, 2);
}

#[tokio::test]
async fn live_folds_while_the_budget_keeps_the_views_waiting() {
    let database = never_refreshed().await;
    let account = account("100%");
    let settings = Settings { schedule: Schedule::Live, ..SETTINGS };
    let mut scheduler = Scheduler::new(database.pool.clone(), settings, account.clone());
    assert_eq!(scheduler.step().await, Step::Refreshed);
    // As if the views were slow.
    account.spend(Work::Views, Duration::from_secs(60));
    insert(&database).await;
    until("folding rested", async || account.wait(Work::Fold).is_zero()).await;
    assert_eq!(scheduler.step().await, Step::Folded);
    until("folding rested", async || account.wait(Work::Fold).is_zero()).await;
    assert_eq!(wait_of(&mut scheduler).await, Duration::from_secs(10), "all is folded");
    assert_eq!(database.number("select count(*) from tidemark.executions_hourly").await, 1);
    assert_eq!(database.number("select count(*) from public.recent_failures").await, 0);
    age(&database, 241).await;
    assert_eq!(scheduler.step().await, Step::Refreshed, "no budget lets the views grow old");
    assert_eq!(database.number("select count(*) from public.recent_failures").await, 2);
}

#[tokio::test]
async fn live_checks_idle_views_and_makes_them_fresh_by_that() {
    let database = never_refreshed().await;
    let mut scheduler = live(&database, "100%");
    assert_eq!(scheduler.step().await, Step::Refreshed);
    wait_of(&mut scheduler).await;
    database.run("update tidemark.refresh_log set data_as_of = data_as_of - interval '58 s'").await;
    refreshed_soon(&mut scheduler).await;
    assert_eq!(database.number(RUNS).await, 1, "nothing had changed");
    wait_of(&mut scheduler).await;
}

#[tokio::test]
async fn live_waits_until_everything_is_counted() {
    let database = FreshDatabase::migrated().await;
    database.run("select tidemark.begin_build()").await;
    let mut scheduler = live(&database, "5%");
    assert_eq!(wait_of(&mut scheduler).await, Duration::from_secs(5));
    store::build::run(&database.pool, |_| ()).await.unwrap();
    insert(&database).await;
    refreshed_soon(&mut scheduler).await;
}

#[tokio::test]
async fn an_admin_pauses_refreshes_and_gives_them_another_rhythm() {
    let database = FreshDatabase::migrated().await;
    let mut scheduler = scheduler(&database);
    age(&database, 400).await;
    store::schedule::set(&database.pool, true, None, "Anna").await.unwrap();
    assert!(matches!(scheduler.step().await, Step::Waited(_)), "a refresh is due, and does not begin");
    store::schedule::set(&database.pool, false, None, "Anna").await.unwrap();
    assert_eq!(scheduler.step().await, Step::Refreshed);
    age(&database, 60).await;
    assert!(matches!(scheduler.step().await, Step::Waited(_)), "within the settings of the server nothing is due");
    store::schedule::set(&database.pool, false, Some(Rhythm::Every(30)), "Anna").await.unwrap();
    assert_eq!(scheduler.step().await, Step::Refreshed);
}
