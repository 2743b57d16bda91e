//! The history has what it promises, and the trickle adds to whatever is there.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, Datelike as _, TimeDelta, Timelike as _, Weekday};
use fresh_database::{FreshDatabase, until};
use tokio_util::sync::CancellationToken;

use super::catalog::{FAILING_ERROR, INCIDENTS};
use super::history::{Execution, FAILING, IDLE, SLOW, TRIGGERS};
use super::trickle::{Trickle, catch_up};
use super::*;

fn settings() -> Settings {
    let end = DateTime::parse_from_rfc3339("2026-03-18T12:34:56Z").unwrap().to_utc();
    Settings { days: 30, executions_per_day: 10_000, seed: 2013, end }
}

fn history() -> Vec<Execution> {
    History::new(&settings()).collect()
}

fn share(executions: &[&Execution], is: impl Fn(&Execution) -> bool) -> f64 {
    let count = executions.iter().filter(|execution| is(execution)).count();
    f64::from(u32::try_from(count).unwrap()) / f64::from(u32::try_from(executions.len()).unwrap())
}

fn of(executions: &[Execution], is: impl Fn(&Execution) -> bool) -> Vec<&Execution> {
    executions.iter().filter(|execution| is(execution)).collect()
}

#[test]
fn the_same_seed_is_the_same_history_in_order() {
    let (first, second) = (history(), history());
    assert!((250_000..400_000).contains(&first.len()), "{}", first.len());
    assert_eq!(first.len(), second.len());
    assert!(first.iter().zip(&second).all(|(a, b)| a.row(1) == b.row(1)));
    assert!(first.windows(2).all(|pair| pair[0].executed_at <= pair[1].executed_at));
    assert!(first.iter().all(|it| it.executed_at < settings().end));
    let ids: HashSet<_> = first.iter().map(|it| it.row(1).id.unwrap().to_owned()).collect();
    assert_eq!(ids.len(), first.len());
}

#[test]
fn days_and_weeks_have_a_rhythm() {
    let executions = history();
    let hour = |range: std::ops::Range<u32>| of(&executions, |it| range.contains(&it.executed_at.hour())).len();
    assert!(hour(13..17) > 3 * hour(1..5));
    let day = |weekday| of(&executions, |it| it.executed_at.weekday() == weekday).len();
    assert!(day(Weekday::Wed) * 2 > day(Weekday::Sun) * 3);
}

#[test]
fn three_triggers_are_special_and_the_others_are_well() {
    let executions = history();
    let failing = of(&executions, |it| it.trigger == FAILING);
    assert!(share(&failing, |it| it.status == "success") < 0.5);
    assert!(failing.iter().any(|it| it.error_message == Some(FAILING_ERROR)));

    let idle = of(&executions, |it| it.trigger == IDLE);
    let silence = settings().end - idle.last().unwrap().executed_at;
    assert!(silence > TimeDelta::days(8) && !idle.is_empty());

    let slow = of(&executions, |it| it.trigger == SLOW);
    assert!(share(&slow, |it| it.duration_ms.unwrap_or(0) > 10_000) > 0.05);
    for trigger in (0..TRIGGERS).filter(|trigger| ![FAILING, IDLE, SLOW].contains(trigger)) {
        let its = of(&executions, |it| it.trigger == trigger);
        let success = share(&its, |it| it.status == "success");
        assert!(success > 0.85, "{trigger} runs {} times, {success}", its.len());
        assert!(settings().end - its.last().unwrap().executed_at < TimeDelta::days(7), "{trigger}");
    }
    let all: Vec<_> = executions.iter().collect();
    assert!(share(&all, |it| it.status == "success") > 0.93);
}

#[test]
fn incidents_have_messages_of_their_own() {
    let executions = history();
    for incident in &INCIDENTS {
        let begin = settings().end - TimeDelta::hours(incident.hours_ago);
        let its = of(&executions, |it| it.error_message.is_some_and(|error| incident.errors.contains(&error)));
        assert!(its.len() > 100, "{}", its.len());
        let within = |it: &Execution| {
            it.executed_at >= begin
                && it.executed_at < begin + TimeDelta::minutes(incident.minutes)
                && it.channel().action_type == incident.action_type
        };
        assert!(its.iter().all(|it| within(it)));
    }
}

#[test]
fn retries_mostly_succeed_later() {
    let executions = history();
    let mut by_job: HashMap<u64, Vec<&Execution>> = HashMap::new();
    for execution in &executions {
        by_job.entry(execution.job).or_default().push(execution);
    }
    let ends: Vec<&Execution> = by_job.values().filter(|job| job.len() > 1).map(|job| *job.last().unwrap()).collect();
    assert!(ends.len() > 3_000, "{}", ends.len());
    assert!(share(&ends, |it| it.status == "success") > 0.7);
    assert!(ends.iter().all(|it| it.retry_count > 0));
}

async fn loaded() -> FreshDatabase {
    let database = FreshDatabase::migrated().await;
    let args = DemoArgs { days: 9, executions_per_day: 2_000, seed: 1 };
    load_history(&database.pool, &args).await.unwrap();
    database
}

#[tokio::test]
async fn history_is_loaded_into_an_empty_database_only() {
    let database = loaded().await;
    let rows = database.number("select count(*) from action_results").await;
    assert!(rows > 12_000, "{rows}");
    assert_eq!(database.number("select count(*) from triggers where enabled").await, 100);
    assert_eq!(database.number("select count(distinct organization_id) from triggers").await, 3);
    assert!(database.number("select count(*) from action_results where response_data is not null").await > 500);
    load_history(&database.pool, &DemoArgs { days: 1, executions_per_day: 100, seed: 2 }).await.unwrap();
    assert_eq!(database.number("select count(*) from action_results").await, rows);
}

#[tokio::test]
async fn nothing_is_made_up_among_data_of_another_kind() {
    let database = FreshDatabase::migrated().await;
    database.run("insert into action_results (job_id, action_type, status) values ('real', 'rest', 'success')").await;
    let args = DemoArgs { days: 1, executions_per_day: 100, seed: 1 };
    let refused = load_history(&database.pool, &args).await.unwrap_err().to_string();
    assert!(refused.contains("tidemark serve"), "{refused}");
    assert_eq!(database.number("select count(*) from action_results").await, 1);
}

#[tokio::test]
async fn a_gap_since_the_newest_row_is_filled_once() {
    let database = loaded().await;
    database.run("delete from action_results where executed_at > now() - interval '2 days'").await;
    let now = Utc::now();
    let filled = catch_up(&database.pool, now).await.unwrap();
    assert!(filled > 1_000, "{filled}");
    assert!(catch_up(&database.pool, now).await.unwrap() < 10);
    let latest = "select count(*) from action_results where executed_at > now() - interval '10 minutes'";
    assert!(database.number(latest).await > 0);
}

#[tokio::test]
async fn a_step_echoes_the_last_week_once() {
    let database = loaded().await;
    let begin = Utc::now() - TimeDelta::minutes(30);
    for _ in 0..2 {
        let mut trickle = Trickle::new(begin);
        for second in (10..=600).step_by(10) {
            trickle.step(&database.pool, begin + TimeDelta::seconds(second)).await.unwrap();
        }
        let missing = "select count(*) from action_results as old
            where executed_at > (select min(executed_at) from action_results where id like 'echo-%') - interval '168 hours'
                and executed_at < (select max(executed_at) from action_results where id like 'echo-%') - interval '168 hours'
                and not exists (
                    select from action_results as new
                    where new.id = 'echo-' || md5(old.id)
                        and new.executed_at = old.executed_at + interval '168 hours'
                        and (new.job_id, new.trigger_id, new.status, new.duration_ms)
                            is not distinct from (old.job_id, old.trigger_id, old.status, old.duration_ms)
                )";
        assert_eq!(database.number(missing).await, 0);
    }
    assert!(database.number("select count(*) from action_results where id like 'echo-%'").await > 0);
}

#[tokio::test]
async fn there_is_life_where_nothing_ran_a_week_before() {
    let database = FreshDatabase::migrated().await;
    let begin = Utc::now();
    let mut trickle = Trickle::new(begin);
    assert_eq!(trickle.step(&database.pool, begin + TimeDelta::seconds(6)).await.unwrap(), 0);
    sqlx::raw_sql("insert into action_results (job_id, action_type, status, executed_at) values ('a', 'rest', 'success', now() - interval '400 days')")
        .execute(&database.pool)
        .await
        .unwrap();
    let mut trickle = Trickle::new(begin);
    assert_eq!(trickle.step(&database.pool, begin + TimeDelta::seconds(4)).await.unwrap(), 0);
    assert_eq!(trickle.step(&database.pool, begin + TimeDelta::seconds(5)).await.unwrap(), 1);
    assert_eq!(trickle.step(&database.pool, begin + TimeDelta::seconds(6)).await.unwrap(), 0);
}

#[tokio::test]
async fn the_trickle_survives_a_missing_table_and_stops_when_asked() {
    let database = loaded().await;
    sqlx::raw_sql("alter table action_results rename to away").execute(&database.pool).await.unwrap();
    let cancel = CancellationToken::new();
    let running = tokio::spawn(trickle(database.pool.clone(), cancel.clone()));
    let attempts = "select count(*) from pg_stat_activity
        where datname = current_database() and state = 'idle' and query like '%from public.action_%' || 'results%168 hours%'";
    until("an attempt was made", async || database.number(attempts).await > 0).await;
    sqlx::raw_sql("alter table away rename to action_results").execute(&database.pool).await.unwrap();
    let rows = database.number("select count(*) from action_results").await;
    until("a row came", async || database.number("select count(*) from action_results").await > rows).await;
    cancel.cancel();
    tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
}
