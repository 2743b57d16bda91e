//! The numbers on the page of actions against the rows they are of: the live truth, whatever was folded.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    actions::{Actions, duration_classes::class_of, executions::Group},
    histogram::bucket_of,
    panel::Panel,
    query::Query,
    stack::Bar,
    status::{Status, StatusCounts},
    window::{Bucket, Step},
    zone::Zone,
};
use fresh_database::FreshDatabase;

/// Nine types of action over five weeks, more of them by day than by night.
async fn five_weeks(database: &FreshDatabase) {
    database
        .run(
            "insert into public.triggers (id, name) select 'trigger-' || n, 'Trigger ' || n from generate_series(0, 6) as n;
            insert into public.organizations (id, name) values ('acme', 'Acme');
            update public.triggers set organization_id = 'acme' where id in ('trigger-1', 'trigger-2');
            insert into public.action_results (job_id, trigger_id, action_type, status, executed_at, duration_ms, retry_count)
            select 'job', 'trigger-' || n % 7, (array['rest', 'rest', 'rest', 'mcp', 'mcp', 'telegram', 'sms', 'mail', 'ftp', 'x', 'y'])[1 + n % 11],
                case when n % 11 = 0 then 'failed' when n % 13 = 0 then 'retrying' else 'success' end,
                now() - n * interval '11 minutes', case when n % 17 > 0 then n * 7919 % 40001 end, n % 3
            from generate_series(0, 35 * 1440 / 11) as n
            where (n * 11 / 60) % 24 < 14 or n % 3 = 0;
            analyze public.action_results",
        )
        .await;
}

/// Late rows, updates and deletes, which the rollups do not know of yet.
async fn change(database: &FreshDatabase) {
    database
        .run(
            "update public.action_results set status = 'failed', duration_ms = 7
            where executed_at > now() - interval '9 days' and duration_ms % 10 = 3;
            delete from public.action_results where executed_at > now() - interval '20 days' and duration_ms % 10 = 4;
            insert into public.action_results (job_id, trigger_id, action_type, status, executed_at, duration_ms)
            select 'late', 'trigger-1', 'mcp', 'success', now() - n * interval '3 hours', 5000 + n from generate_series(0, 300) as n",
        )
        .await;
}

async fn fold(database: &FreshDatabase) {
    store::refresh::fold(&database.pool, "test", Duration::from_secs(60)).await.unwrap();
}

/// The page as an address asks for it.
async fn ask(database: &FreshDatabase, address: &str) -> Actions {
    let (query, problems) = Query::parse(address, Zone::UTC);
    assert_eq!(problems, []);
    store::actions::load(&database.pool, &domain::access::Scope::All, &query).await.unwrap().unwrap()
}

/// How many rows of a time fit a condition.
async fn rows(database: &FreshDatabase, from: DateTime<Utc>, until: DateTime<Utc>, condition: &str) -> i64 {
    let text = format!(
        "select count(*) from public.action_results left join public.triggers on triggers.id = trigger_id
        where executed_at >= '{from}' and executed_at < '{until}' and {condition}"
    );
    database.number(&text).await
}

fn condition(group: &Group) -> String {
    match group {
        Group::Status(status) => format!("status = '{}'", status.word()),
        Group::Type(action_type) => format!("action_type = '{action_type}'"),
        Group::OtherTypes(_) => "true".to_owned(),
    }
}

/// Compares bars, points and types with the rows that fit a condition.
async fn assert_counts(database: &FreshDatabase, address: &str, filter: &str) {
    let actions = ask(database, address).await;
    let executions = &actions.executions;
    let window = executions.window;
    for bar in &executions.bars {
        let Bucket { begins, until, .. } = bar.bucket;
        assert_eq!(bar.total(), rows(database, begins, until, filter).await, "{address} {begins}");
        if let Some(before) = bar.before {
            let (from, until) = (begins - window.length(), (until - window.length()).min(window.begins));
            assert_eq!(before, rows(database, from, until, filter).await, "{address} before {begins}");
        }
    }
    for (place, group) in executions.groups.iter().enumerate() {
        if matches!(group, Group::OtherTypes(_)) {
            continue;
        }
        let counted: i64 = executions.bars.iter().map(|bar| bar.counts[place]).sum();
        let condition = format!("{filter} and {}", condition(group));
        assert_eq!(counted, rows(database, window.begins, window.until, &condition).await, "{address} {group:?}");
    }
    let total: i64 = executions.bars.iter().map(Bar::total).sum();
    let rates: StatusCounts = actions.success_rate.points.iter().map(|point| point.counts).sum();
    assert_eq!((rates.total(), actions.types.total()), (total, total), "{address}");
    let succeeded = format!("{filter} and status = 'success'");
    assert_eq!(rates.success, rows(database, window.begins, window.until, &succeeded).await, "{address}");
}

#[tokio::test]
async fn every_bar_follows_the_filters_and_the_range() {
    let database = FreshDatabase::migrated().await;
    five_weeks(&database).await;
    fold(&database).await;
    change(&database).await;
    for (address, filter) in [
        ("compare=1", "true"),
        ("by=type&compare=1", "true"),
        ("by=type&range=7d&status=failed", "status = 'failed'"),
        ("range=30d&tz=Asia/Kolkata&type=mcp&compare=1", "action_type = 'mcp'"),
        ("trigger=trigger-3&by=type&compare=1", "trigger_id = 'trigger-3'"),
        ("org=acme&type=rest&range=7d", "organization_id = 'acme' and action_type = 'rest'"),
        ("org=acme&trigger=trigger-3", "false"),
        ("type=none", "false"),
    ] {
        // A day of a zone that is half an hour off is cut at hours; all else is exact.
        if !address.contains("Kolkata") {
            assert_counts(&database, address, filter).await;
        }
        assert!(ask(&database, address).await.has_run);
    }
    fold(&database).await;
    assert_counts(&database, "by=type&range=7d&compare=1", "true").await;
}

#[tokio::test]
async fn the_busiest_types_are_layers_and_the_others_share_one() {
    let database = FreshDatabase::migrated().await;
    five_weeks(&database).await;
    let by_type = ask(&database, "by=type&range=30d").await.executions;
    let names: Vec<_> = by_type.groups.iter().map(|group| group.name().into_owned()).collect();
    assert_eq!((names.len(), names[0].as_str(), names[1].as_str()), (6, "rest", "mcp"));
    assert_eq!(by_type.groups[5], Group::OtherTypes(3));
    let total = rows(&database, by_type.window.begins, by_type.window.until, "true").await;
    assert_eq!(by_type.bars.iter().map(Bar::total).sum::<i64>(), total);
    let by_status = ask(&database, "range=30d").await.executions;
    assert_eq!(by_status.groups, Status::ALL.map(Group::Status));
}

#[tokio::test]
async fn types_tell_shares_durations_and_retries_of_both_windows() {
    let database = FreshDatabase::migrated().await;
    five_weeks(&database).await;
    change(&database).await;
    let actions = ask(&database, "range=7d&compare=1").await;
    let window = actions.executions.window;
    for row in &actions.types.rows {
        let of_type = format!("action_type = '{}'", row.action_type);
        assert_eq!(row.counts.total(), rows(&database, window.begins, window.until, &of_type).await);
        assert_eq!(row.before, rows(&database, window.before_begins, window.begins, &of_type).await);
        let figures = format!(
            "select concat_ws(' ', round(avg(duration_ms), 3), round(avg(retry_count), 3)) from public.action_results
            where {of_type} and executed_at >= '{}' and executed_at < '{}'",
            window.begins, window.until
        );
        let found = format!("{:.3} {:.3}", row.avg_duration_ms.unwrap(), row.avg_retries.unwrap());
        assert_eq!(vec![found], database.texts(&figures).await, "{}", row.action_type);
        let exact = format!(
            "select percentile_cont(0.95) within group (order by duration_ms) from public.action_results
            where {of_type} and executed_at >= '{}' and executed_at < '{}'",
            window.begins, window.until
        );
        let exact: f64 = database.value(&exact).await;
        assert!((row.p95_duration_ms.unwrap() - exact).abs() <= 0.01 * exact, "{} {exact}", row.action_type);
    }
    assert!(actions.types.rows.is_sorted_by_key(|row| -row.counts.total()));
}

#[tokio::test]
async fn every_duration_is_in_its_class_and_column() {
    let database = FreshDatabase::migrated().await;
    five_weeks(&database).await;
    fold(&database).await;
    change(&database).await;
    let classes = ask(&database, "range=7d&compare=1").await.duration_classes;
    assert_eq!((classes.types.len(), classes.total_types, classes.bounds.len()), (3, 8, 3));
    assert!(classes.are_kept && classes.columns.len() <= 32);
    let source: Vec<(DateTime<Utc>, String, i32)> = sqlx::query_as(
        "select executed_at, action_type, duration_ms from public.action_results where duration_ms is not null",
    )
    .fetch_all(&database.pool)
    .await
    .unwrap();
    for durations in &classes.types {
        let of_type = source.iter().filter(|row| row.1 == durations.action_type);
        let mut expected = vec![vec![0; 4]; classes.columns.len()];
        let mut before = vec![0; 4];
        for (at, _, duration_ms) in of_type {
            let class = class_of(&classes.bounds, bucket_of(*duration_ms));
            if let Some(column) = classes.columns.iter().position(|column| *at >= column.begins && *at < column.until) {
                expected[column][class] += 1;
            } else if *at >= classes.window.before_begins && *at < classes.window.begins {
                before[class] += 1;
            }
        }
        assert_eq!((&durations.columns, &durations.before), (&expected, &before), "{}", durations.action_type);
    }
}

#[tokio::test]
async fn hours_of_the_week_are_those_of_the_clock_of_the_page() {
    let database = FreshDatabase::migrated().await;
    five_weeks(&database).await;
    fold(&database).await;
    change(&database).await;
    for zone in ["Europe/Berlin", "Asia/Tokyo", "UTC"] {
        let actions = ask(&database, &format!("range=7d&compare=1&tz={zone}")).await;
        let window = actions.executions.window;
        let week = actions.peak_hours.week;
        assert_eq!(week.slots().map(|(_, _, slot)| slot.hours).sum::<i64>(), 167, "whole hours of a week that is cut");
        let counted = format!(
            "select concat_ws(' ', extract(isodow from executed_at at time zone '{zone}')::integer - 1,
                extract(hour from executed_at at time zone '{zone}')::integer, count(*))
            from public.action_results
            where executed_at >= date_trunc('hour', timestamptz '{}') + interval '1 hour'
                and executed_at < date_trunc('hour', timestamptz '{}')
            group by extract(isodow from executed_at at time zone '{zone}'), extract(hour from executed_at at time zone '{zone}')
            order by 1",
            window.begins, window.ends
        );
        let ran = week.slots().filter(|(_, _, slot)| slot.executions > 0);
        let mut found: Vec<_> = ran.map(|(day, hour, slot)| format!("{day} {hour} {}", slot.executions)).collect();
        found.sort();
        let mut expected = database.texts(&counted).await;
        expected.sort();
        assert_eq!(found, expected, "{zone}");
        assert!(actions.peak_hours.before.is_some());
    }
}

#[tokio::test]
async fn weeks_begin_on_monday_and_the_running_one_is_compared_with_the_same_hours() {
    let database = FreshDatabase::migrated().await;
    five_weeks(&database).await;
    fold(&database).await;
    change(&database).await;
    for (address, filter) in
        [("tz=Europe/Berlin", "true"), ("type=rest&status=failed", "action_type = 'rest' and status = 'failed'")]
    {
        let growth = ask(&database, address).await.growth;
        assert_eq!(growth.step, Step::Hour);
        let [.., before_last, week] = growth.weeks.as_slice() else { panic!("{:?}", growth.weeks) };
        for week in &growth.weeks {
            assert_eq!(week.counts.total(), rows(&database, week.begins, week.ends, filter).await, "{address}");
        }
        let known: Vec<_> = growth.weeks.iter().map(|week| week.compared.is_some()).collect();
        assert!(
            known.ends_with(&[true, true]) && known.starts_with(&[false, false]),
            "not before the first row: {known:?}"
        );
        assert!(week.partial);
        let cut = growth.zone.at(Utc::now()).naive_local();
        let hour: String = database.value(&format!("select date_trunc('hour', timestamp '{cut}')::text")).await;
        let moment =
            |back: i64| format!("(timestamp '{hour}' - interval '{back} days') at time zone '{}'", growth.zone);
        let sum = |from: DateTime<Utc>, until: String| {
            format!(
                "select count(*) from public.action_results where executed_at >= '{from}' and executed_at < {until} and {filter}"
            )
        };
        let now = database.number(&sum(week.begins, moment(0))).await;
        let before = database.number(&sum(before_last.begins, moment(7))).await;
        assert_eq!(week.compared, Some((now, before)), "{address}");
    }
}

#[tokio::test]
async fn triggers_have_no_durations_and_are_counted_by_day_where_hours_are_not_kept() {
    let database = FreshDatabase::migrated().await;
    five_weeks(&database).await;
    fold(&database).await;
    let hourly = ask(&database, "trigger=trigger-1&compare=1").await;
    assert!(!hourly.durations.are_kept && !hourly.duration_classes.are_kept);
    assert!(hourly.types.rows.iter().all(|row| row.p95_duration_ms.is_none() && row.avg_duration_ms.is_some()));
    assert_eq!((hourly.note, hourly.peak_hours.known_from, hourly.growth.step), (None, None, Step::Day));
    for week in &hourly.growth.weeks {
        assert_eq!(week.counts.total(), rows(&database, week.begins, week.ends, "trigger_id = 'trigger-1'").await);
    }
    // As if hours had been kept for two days only.
    database
        .run(
            "update tidemark.frontier set trigger_hours_from = date_trunc('day', now()) - interval '1 day';
            delete from tidemark.trigger_executions_hourly where hour < date_trunc('day', now()) - interval '1 day'",
        )
        .await;
    let daily = ask(&database, "trigger=trigger-1&range=7d&compare=1").await;
    assert!(daily.note.is_some_and(|note| note.contains("whole UTC days")));
    assert_eq!((daily.executions.window.step, daily.peak_hours.before), (Step::Day, None));
    let from = daily.peak_hours.known_from.unwrap();
    let hours = rows(&database, from, Utc::now() - TimeDelta::hours(1), "trigger_id = 'trigger-1'").await;
    let counted: i64 = daily.peak_hours.week.slots().map(|(_, _, slot)| slot.executions).sum();
    assert!(counted > 0 && (counted - hours).abs() <= 6, "{counted} of the {hours} rows of whole hours");
}

#[tokio::test]
async fn a_time_before_that_is_known_in_part_is_not_compared_with() {
    let database = FreshDatabase::migrated().await;
    five_weeks(&database).await;
    let actions = ask(&database, "range=30d&compare=1").await;
    assert!(actions.executions.sentence().contains("with nothing before to compare with"));
    assert!(actions.success_rate.sentence().contains("with nothing before to compare with"));
    assert!(actions.types.sentence().ends_with("there is nothing before to compare with."));
    assert_eq!((actions.peak_hours.before, actions.duration_classes.compare), (None, false));
    assert!(actions.executions.bars.iter().any(|bar| bar.before.is_some()), "what is known of it is drawn");
}

#[tokio::test]
async fn a_day_of_25_hours_is_one_bar() {
    let database = FreshDatabase::migrated().await;
    // One an hour, all around the night in which clocks in Berlin are put back.
    database
        .run(
            "insert into public.action_results (job_id, action_type, status, executed_at)
            select 'job', 'rest', 'success', timestamptz '2025-10-10 00:30:00+00' + n * interval '1 hour'
            from generate_series(0, 24 * 30) as n",
        )
        .await;
    let actions = ask(&database, "range=2025-10-20..2025-10-31&tz=Europe/Berlin").await;
    let runs: Vec<_> = actions.executions.bars.iter().map(Bar::total).collect();
    assert_eq!(runs, [24, 24, 24, 24, 24, 24, 25, 24, 24, 24, 24, 24]);
    let week = actions.peak_hours.week;
    assert_eq!((week.at(6, 2).hours, week.at(6, 2).executions, week.at(6, 3).hours), (2, 2, 1));
    let weeks: Vec<_> = actions.growth.weeks.iter().map(|week| week.counts.total()).collect();
    assert!(weeks.ends_with(&[169, 168]), "of the week that ends with the night, and the one after");
}

#[tokio::test]
async fn nothing_is_shown_before_everything_was_counted_and_an_empty_database_is_no_trouble() {
    let database = FreshDatabase::migrated().await;
    for address in
        ["", "by=type&compare=1&range=90d&tz=Asia/Kathmandu", "trigger=x", "org=y&range=2031-01-01..2031-02-01"]
    {
        let actions = ask(&database, address).await;
        assert!(!actions.has_run && actions.types.rows.is_empty(), "{address}");
        assert!(actions.executions.bars.iter().all(|bar| bar.total() == 0), "{address}");
    }
    database
        .run("insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'success')")
        .await;
    database.run("select tidemark.begin_build()").await;
    assert_eq!(
        store::actions::load(&database.pool, &domain::access::Scope::All, &Query::default()).await.unwrap(),
        None
    );
}
