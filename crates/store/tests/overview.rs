//! The numbers on the overview against the same numbers counted in Rust: the live truth, whatever was folded.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use std::time::Duration;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use domain::{
    overview::Overview,
    query::Query,
    status::{Status, StatusCounts},
    summary::Period,
    triggers::{Health, Unwell},
    window::Window,
};
use fresh_database::FreshDatabase;
use store::refresh::Fold;

#[derive(sqlx::FromRow)]
struct Execution {
    executed_at: DateTime<Utc>,
    action_type: String,
    status: String,
    duration_ms: Option<i32>,
    retry_count: i32,
}

/// A row every so many seconds for three days, all kinds mixed.
async fn three_days(database: &FreshDatabase, seconds_apart: u32) {
    database
        .run(&format!(
            "insert into public.triggers (id, name) select 'trigger-' || n, 'Trigger ' || n from generate_series(0, 6) as n;
            insert into public.action_results (
                job_id, trigger_id, action_type, status, executed_at, duration_ms, error_message, retry_count
            )
            select 'job', 'trigger-' || n % 7, (array['telegram', 'rest', 'mcp'])[1 + n % 3],
                case when n % 11 = 0 then 'failed' when n % 13 = 0 then 'retrying' else 'success' end,
                now() - n * interval '{seconds_apart} seconds', case when n % 17 > 0 then n * 7919 % 4001 end,
                case when n % 11 = 0 then 'error ' || n % 5 end, n % 3
            from generate_series(0, 3 * 86400 / {seconds_apart}) as n"
        ))
        .await;
    // Indexed already; a table that grew is analyzed in time by autovacuum.
    database.run("analyze public.action_results").await;
}

async fn load(database: &FreshDatabase) -> Overview {
    ask(database, "").await
}

/// The overview as an address asks for it.
async fn ask(database: &FreshDatabase, address: &str) -> Overview {
    let (query, problems) = Query::parse(address, domain::zone::Zone::UTC);
    assert_eq!(problems, []);
    store::overview::load(&database.pool, &domain::access::Scope::All, &query).await.unwrap().unwrap()
}

async fn fold(database: &FreshDatabase) -> Fold {
    store::refresh::fold(&database.pool, "test", Duration::from_secs(60)).await.unwrap()
}

/// Late rows, updates and deletes, which the rollups do not know of yet.
async fn change(database: &FreshDatabase) {
    database
        .run(
            "update public.action_results set status = 'failed', error_message = 'error 9', duration_ms = 7
            where executed_at > now() - interval '30 hours' and duration_ms % 10 = 3;
            delete from public.action_results where executed_at > now() - interval '50 hours' and duration_ms % 10 = 4;
            insert into public.action_results (job_id, action_type, status, executed_at, duration_ms)
            select 'late', 'mail', 'success', now() - n * interval '7 minutes', 5000 + n from generate_series(0, 500) as n",
        )
        .await;
}

async fn source(database: &FreshDatabase) -> Vec<Execution> {
    sqlx::query_as("select executed_at, action_type, status, duration_ms, retry_count from public.action_results")
        .fetch_all(&database.pool)
        .await
        .unwrap()
}

fn counts<'a>(rows: impl IntoIterator<Item = &'a Execution>) -> StatusCounts {
    let mut counts = StatusCounts::default();
    for row in rows {
        match row.status.as_str() {
            "success" => counts.success += 1,
            "retrying" => counts.retrying += 1,
            _ => counts.failed += 1,
        }
    }
    counts
}

fn exact_percentile(rows: &[&Execution], quantile: f64) -> f64 {
    let mut durations: Vec<f64> = rows.iter().filter_map(|row| row.duration_ms).map(f64::from).collect();
    durations.sort_by(f64::total_cmp);
    let rank = quantile * (durations.len() - 1) as f64;
    let (below, above) = (durations[rank.floor() as usize], durations[rank.ceil() as usize]);
    below + (above - below) * rank.fract()
}

fn assert_near(found: Option<f64>, exact: f64, what: &str) {
    let found = found.unwrap();
    assert!((found - exact).abs() <= 0.01 * exact + 1e-6, "{what}: {found} is not within 1% of {exact}");
}

/// Compares both windows with the rows.
async fn assert_windows(database: &FreshDatabase, kinds_of_error: i64, what: &str) {
    let overview = load(database).await;
    let (rows, as_of) = (source(database).await, overview.data_as_of);
    let day = TimeDelta::hours(24);
    for (period, end) in [(overview.summary.current, as_of), (overview.summary.previous.unwrap(), as_of - day)] {
        let inside: Vec<_> = rows.iter().filter(|row| row.executed_at > end - day && row.executed_at <= end).collect();
        let expected = Period {
            counts: counts(inside.iter().copied()),
            total_retries: inside.iter().map(|row| i64::from(row.retry_count)).sum(),
            kinds_of_error: (end == as_of).then_some(kinds_of_error),
            p95_duration_ms: period.p95_duration_ms,
        };
        assert_eq!(period, expected, "{what}");
        assert_near(period.p95_duration_ms, exact_percentile(&inside, 0.95), "p95");
    }
    assert_eq!(overview.failures.total, overview.summary.current.counts.failed, "{what}");
    assert!(overview.summary.has_run);
}

#[tokio::test]
async fn both_windows_are_exact_and_end_at_the_moment_of_the_data() {
    let database = FreshDatabase::migrated().await;
    three_days(&database, 97).await;
    assert_windows(&database, 5, "nothing is folded").await;
    assert!(fold(&database).await.found_changes);
    assert_windows(&database, 5, "all is folded").await;
    change(&database).await;
    assert_windows(&database, 6, "changes are only logged").await;
    fold(&database).await;
    assert_windows(&database, 6, "changes are folded").await;
    assert!(!fold(&database).await.found_changes);
}

#[tokio::test]
async fn nothing_is_shown_before_everything_was_counted() {
    let database = FreshDatabase::migrated().await;
    three_days(&database, 600).await;
    database.run("select tidemark.begin_build()").await;
    assert_eq!(
        store::overview::load(&database.pool, &domain::access::Scope::All, &Query::default()).await.unwrap(),
        None
    );
    let build = store::freshness::observe(&database.pool).await.unwrap().build.unwrap();
    assert_eq!(build.rows_built, 0);
    assert!(build.began_at.is_some());
    store::build::run(&database.pool, |_| ()).await.unwrap();
    assert_windows(&database, 5, "counted").await;
    assert_eq!(store::freshness::observe(&database.pool).await.unwrap().build, None);
}

#[tokio::test]
async fn a_writer_whose_clock_is_ahead_is_counted_at_once() {
    let database = FreshDatabase::migrated().await;
    // Within the hour, unless that is about to end.
    database.run("insert into public.action_results (job_id, action_type, status, executed_at) values
        ('j', 'rest', 'failed', least(now() + interval '5 seconds', date_trunc('hour', now()) + interval '3599 seconds'))").await;
    let overview = load(&database).await;
    assert_eq!(overview.summary.current.counts.failed, 1);
    assert_eq!((overview.failures.total, overview.failures.rows.len()), (1, 1));
}

#[tokio::test]
async fn action_types_reach_back_to_the_moment() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.action_results (job_id, action_type, status, executed_at, duration_ms)
            select 'j', (array['rest', 'mail', 'rest'])[1 + n % 3], case when n % 5 = 0 then 'failed' else 'success' end,
                now() - interval '29 days 22 hours' - n * interval '1 minute', case when n % 2 = 0 then n end
            from generate_series(0, 239) as n",
        )
        .await;
    for folded in [false, true] {
        let shown = ask(&database, "range=30d").await.action_types;
        // The same, as the view counts it; it looked a moment later.
        let rows: Vec<String> = shown
            .rows
            .iter()
            .map(|row| {
                let average = row.avg_duration_ms.unwrap();
                format!(
                    "{} {} {} {:.2} {average:.2}",
                    row.action_type, row.counts.success, row.counts.failed, row.percentage
                )
            })
            .collect();
        database.refresh().await;
        let view = database
            .texts(
                "select concat_ws(' ', action_type, success_count, failure_count, percentage, avg_duration_ms)
                from public.action_type_distribution order by total_executions desc",
            )
            .await;
        assert_eq!(rows, view, "folded: {folded}");
        assert_eq!(shown.total_types, 2);
    }
}

#[tokio::test]
async fn a_time_before_that_is_known_in_part_is_compared_with_by_nobody() {
    let database = FreshDatabase::migrated().await;
    three_days(&database, 60).await;
    assert!(ask(&database, "range=24h").await.summary.previous.is_some());
    let summary = ask(&database, "range=7d").await.summary;
    assert_eq!(summary.previous, None, "it began before the first execution");
    assert_eq!(summary.runs_change().words, "nothing to compare with");
}

#[tokio::test]
async fn windows_of_an_even_stream_hold_the_same() {
    let database = FreshDatabase::migrated().await;
    three_days(&database, 60).await;
    let summary = load(&database).await.summary;
    assert_eq!(summary.current.counts.total(), 1440);
    assert_eq!(summary.previous.unwrap().counts.total(), 1440);
}

#[tokio::test]
async fn hours_cover_the_window_without_gaps_and_know_the_time_before() {
    let database = FreshDatabase::migrated().await;
    three_days(&database, 97).await;
    database.run("delete from public.action_results where executed_at between now() - interval '9 hours' and now() - interval '6 hours'").await;
    for address in ["compare=1", "compare=1&type=rest", "compare=1&status=failed"] {
        let overview = ask(&database, address).await;
        let rows: Vec<Execution> = source(&database).await.into_iter().filter(|row| fits(row, address)).collect();
        assert_bars(&overview, &rows);
    }
}

fn fits(row: &Execution, address: &str) -> bool {
    (!address.contains("type=rest") || row.action_type == "rest")
        && (!address.contains("status=failed") || row.status == "failed")
}

/// Compares every bar and point with the rows; only the first and the last one are there in part.
fn assert_bars(overview: &Overview, rows: &[Execution]) {
    let hour = TimeDelta::hours(1);
    let last = overview.data_as_of.duration_trunc(hour).unwrap();
    let between = |from: DateTime<Utc>, until: DateTime<Utc>| {
        rows.iter().filter(move |row| row.executed_at >= from && row.executed_at < until)
    };
    let begins = overview.executions.window.begins;
    assert_eq!((overview.executions.bars.len(), overview.durations.points.len()), (25, 25));
    for (index, (bar, point)) in overview.executions.bars.iter().zip(&overview.durations.points).enumerate() {
        let bucket = bar.bucket;
        assert_eq!((bucket.starts, point.bucket), (last - hour * (24 - index as i32), bucket));
        assert_eq!(bucket.partial, index == 0 || index == 24);
        assert_eq!(bucket.begins, bucket.starts.max(begins));
        assert_eq!(bar.counts, counts(between(bucket.begins, bucket.until)), "{bucket:?}");
        let day = TimeDelta::hours(24);
        let before = between(bucket.begins - day, (bucket.until - day).min(begins)).count();
        assert_eq!(bar.before, Some(before as i64), "{bucket:?}");
        let measured: Vec<_> = between(bucket.begins, bucket.until).filter(|row| row.duration_ms.is_some()).collect();
        if measured.is_empty() {
            assert_eq!((point.p50_ms, point.p95_ms, point.p99_ms), (None, None, None));
            continue;
        }
        for (found, quantile) in [(point.p50_ms, 0.5), (point.p95_ms, 0.95), (point.p99_ms, 0.99)] {
            assert_near(found, exact_percentile(&measured, quantile), "a percentile of an hour");
        }
    }
    let all: StatusCounts = overview.executions.bars.iter().map(|bar| bar.counts).sum();
    assert_eq!(all, overview.summary.current.counts, "the bars are the summary");
    assert!(overview.executions.bars.iter().any(|bar| bar.counts.total() == 0), "the gap is there");
}

/// Counts with the filters of an address against the rows that fit it.
async fn assert_filtered(database: &FreshDatabase, address: &str, condition: &str) {
    let overview = ask(database, address).await;
    let Window { before_begins, begins, ends, .. } = overview.executions.window;
    let earlier = format!("select count(*) from public.action_results where executed_at < '{before_begins}'");
    assert_eq!(overview.summary.previous.is_some(), database.number(&earlier).await > 0, "{address}");
    let previous = overview.summary.previous.map(|previous| (previous, before_begins, begins));
    for (period, from, until) in [(overview.summary.current, begins, ends)].into_iter().chain(previous) {
        let text = format!(
            "select concat_ws(' ', count(*) filter (where status = 'success'), count(*) filter (where status = 'retrying'),
                count(*) filter (where status = 'failed'), coalesce(sum(retry_count), 0))
            from public.action_results left join public.triggers on triggers.id = trigger_id
            where executed_at >= '{from}' and executed_at < '{until}' and {condition}"
        );
        let found = period.counts;
        let found = format!("{} {} {} {}", found.success, found.retrying, found.failed, period.total_retries);
        assert_eq!(vec![found], database.texts(&text).await, "{address}");
    }
    assert_eq!(overview.failures.total, overview.summary.current.counts.failed, "{address}");
    assert_eq!(overview.failures.rows.len() as i64, overview.failures.total.min(8), "{address}");
    let typed: StatusCounts = overview.action_types.rows.iter().map(|row| row.counts).sum();
    assert_eq!(typed, overview.summary.current.counts, "{address}");
}

#[tokio::test]
async fn every_number_follows_the_filters_and_the_range() {
    let database = FreshDatabase::migrated().await;
    three_days(&database, 211).await;
    database
        .run(
            "insert into public.organizations (id, name) values ('acme', 'Acme');
            update public.triggers set organization_id = case when id in ('trigger-1', 'trigger-2') then 'acme' end",
        )
        .await;
    let ten_minutes = {
        let at = Utc::now() - TimeDelta::hours(30);
        let (from, until) = (at.to_rfc3339(), (at + TimeDelta::minutes(10)).to_rfc3339());
        format!("range={from}..{until}").replace('+', "%2B")
    };
    for folded in [false, true] {
        for (address, condition) in [
            ("type=mcp", "action_type = 'mcp'"),
            ("status=success&range=7d", "status = 'success'"),
            ("trigger=trigger-3", "trigger_id = 'trigger-3'"),
            ("trigger=trigger-3&type=rest&range=7d", "trigger_id = 'trigger-3' and action_type = 'rest'"),
            ("org=acme&status=failed", "organization_id = 'acme' and status = 'failed'"),
            ("org=acme&trigger=trigger-1", "trigger_id = 'trigger-1'"),
            ("org=acme&trigger=trigger-3", "false"),
            ("type=none", "false"),
            (ten_minutes.as_str(), "true"),
        ] {
            assert_filtered(&database, address, condition).await;
        }
        if !folded {
            change(&database).await;
            fold(&database).await;
        }
    }
}

#[tokio::test]
async fn triggers_have_no_percentiles_and_are_counted_by_day_where_hours_are_not_kept() {
    let database = FreshDatabase::migrated().await;
    three_days(&database, 600).await;
    fold(&database).await;
    let hourly = ask(&database, "trigger=trigger-1").await;
    assert_eq!((hourly.summary.current.p95_duration_ms, hourly.durations.are_kept), (None, false));
    assert_eq!((hourly.note, hourly.triggers.rows.len()), (None, 1));
    // As if hours had been kept for a day only.
    database
        .run(
            "update tidemark.frontier set trigger_hours_from = date_trunc('day', now());
            delete from tidemark.trigger_executions_hourly where hour < date_trunc('day', now())",
        )
        .await;
    let daily = ask(&database, "trigger=trigger-1&range=7d").await;
    assert!(daily.note.is_some_and(|note| note.contains("whole UTC days")));
    assert_eq!(daily.executions.window.step, domain::window::Step::Day);
    let runs = database.number("select count(*) from public.action_results where trigger_id = 'trigger-1'").await;
    assert_eq!(daily.summary.current.counts.total(), runs);
}

/// Every bar of days, the one before it, every percentile and the whole against the rows.
async fn assert_days(database: &FreshDatabase, address: &str, rows: &[Execution]) {
    let overview = ask(database, address).await;
    let length = overview.executions.window.length();
    for (bar, point) in overview.executions.bars.iter().zip(&overview.durations.points) {
        // Hours are UTC hours, so a day of a zone with half hours begins with one of them.
        let hour = |moment: DateTime<Utc>| {
            let is_end = [overview.executions.window.begins, overview.executions.window.until].contains(&moment);
            if is_end { moment } else { domain::window::start_of_hour(moment + TimeDelta::minutes(59)) }
        };
        let (from, until) = (hour(bar.bucket.begins), hour(bar.bucket.until));
        let inside: Vec<_> = rows.iter().filter(|row| row.executed_at >= from && row.executed_at < until).collect();
        assert_eq!(bar.counts, counts(inside.iter().copied()), "{address} {from}");
        let measured: Vec<_> = inside.into_iter().filter(|row| row.duration_ms.is_some()).collect();
        match measured.is_empty() {
            true => assert_eq!(point.p95_ms, None),
            false => assert_near(point.p95_ms, exact_percentile(&measured, 0.95), address),
        }
        if let Some(before) = bar.before.filter(|_| from > overview.executions.window.begins) {
            let (from, until) = (from - length, (until - length).min(overview.executions.window.begins));
            let found = rows.iter().filter(|row| row.executed_at >= from && row.executed_at < until).count() as i64;
            assert_eq!(before, found, "{address} {from}");
        }
    }
    let summed: StatusCounts = overview.executions.bars.iter().map(|bar| bar.counts).sum();
    assert_eq!(summed, overview.summary.current.counts, "{address}");
}

#[tokio::test]
async fn days_are_those_of_the_zone() {
    let database = FreshDatabase::migrated().await;
    three_days(&database, 300).await;
    // Three days now and three of the month before, some of which are only logged.
    database
        .run(
            "insert into public.action_results (job_id, action_type, status, executed_at, duration_ms)
            select 'j', action_type, status, executed_at - interval '30 days', duration_ms from public.action_results",
        )
        .await;
    for folded in [false, true] {
        let rows = source(&database).await;
        for zone in ["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Kiritimati"] {
            for address in ["range=30d", "range=90d&compare=1"] {
                assert_days(&database, &format!("{address}&tz={zone}"), &rows).await;
            }
        }
        if !folded {
            change(&database).await;
            fold(&database).await;
            change(&database).await;
        }
    }
    assert_eq!(ask(&database, "status=success").await.summary.status, Some(Status::Success));
}

#[tokio::test]
async fn hours_before_the_first_execution_are_unknown_not_zero() {
    let database = FreshDatabase::migrated().await;
    database.run("insert into public.action_results (job_id, action_type, status, executed_at) values ('j', 'rest', 'success', now() - interval '26 hours')").await;
    let bars = load(&database).await.executions.bars;
    let known: Vec<_> = bars.iter().map(|bar| bar.before).collect();
    assert!(known[..22].iter().all(Option::is_none), "{known:?}");
    assert_eq!(known.iter().flatten().sum::<i64>(), 1);
}

#[tokio::test]
async fn an_empty_database_and_a_single_row_are_no_trouble() {
    let database = FreshDatabase::migrated().await;
    let nothing = load(&database).await;
    assert_eq!(nothing.summary.current, Period { kinds_of_error: Some(0), ..Period::default() });
    assert_eq!((nothing.triggers.census.total, nothing.failures.total), (0, 0));
    assert!(!nothing.summary.has_run);
    assert!(nothing.executions.bars.len() >= 24);
    assert!(nothing.action_types.rows.is_empty());
    database.run("insert into public.action_results (job_id, action_type, status, duration_ms) values ('j', 'rest', 'failed', 10)").await;
    let one = load(&database).await;
    assert!(one.data_as_of > nothing.data_as_of);
    assert_eq!(one.summary.current.counts, StatusCounts { failed: 1, ..StatusCounts::default() });
    assert_eq!(one.failures.rows.len(), 1);
    assert_eq!(one.failures.messages.most_frequent, None);
    assert!((one.action_types.rows[0].percentage - 100.0).abs() < f64::EPSILON);
}

#[tokio::test]
async fn triggers_are_judged_worst_first() {
    let database = FreshDatabase::migrated().await;
    let run = |trigger: &str, succeeded: u32, failed: u32, duration: u32, retries: u32| {
        format!(
            "insert into public.action_results (job_id, trigger_id, action_type, status, duration_ms, retry_count)
            select 'j', '{trigger}', 'rest', case when n <= {failed} then 'failed' else 'success' end, {duration}, {retries}
            from generate_series(1, {failed} + {succeeded}) as n;"
        )
    };
    let quiet = "now() - interval '8 days'";
    database
        .run(&format!(
            "insert into public.triggers (id, name, enabled, created_at)
            select name, upper(name), name <> 'off', {quiet}
            from unnest(array['well', 'busy', 'half', 'broken', 'slow', 'slower', 'eager', 'silent', 'off', 'quiet']) as name;
            insert into public.triggers (id, name) values ('new', 'NEW');
            {} {} {} {} {} {} {}
            insert into public.action_results (job_id, trigger_id, action_type, status, executed_at)
            values ('j', 'quiet', 'rest', 'success', {quiet});",
            run("well", 10, 0, 5, 0),
            run("busy", 50, 0, 5, 0),
            run("half", 7, 3, 5, 0),
            run("broken", 2, 8, 5, 0),
            run("slow", 5, 0, 6_000, 0),
            run("slower", 5, 0, 20_000, 0),
            run("eager", 5, 0, 5, 1),
        ))
        .await;
    database.refresh().await;
    database.run(&run("half", 100, 0, 5, 0)).await;
    let triggers = load(&database).await.triggers;
    assert_eq!(triggers.census.total, 11);
    assert_eq!(triggers.census.unwell, Some(Unwell { critical: 2, warning: 3, idle: 1 }));
    let listed: Vec<_> = triggers.rows.iter().map(|trigger| (trigger.id.as_str(), trigger.verdict.health)).collect();
    assert_eq!(
        listed,
        [
            ("broken", Health::Critical),
            ("slower", Health::Critical),
            ("half", Health::Ok),
            ("slow", Health::Warning),
            ("eager", Health::Warning),
            ("quiet", Health::Idle),
            ("silent", Health::Idle),
            ("busy", Health::Ok),
        ],
        "in the order of the refresh, with the verdict of now"
    );
    let broken = &triggers.rows[0];
    assert_eq!(broken.name(), "BROKEN");
    assert_eq!(broken.totals.counts, StatusCounts { success: 2, retrying: 0, failed: 8 });
    assert_eq!((broken.totals.p95_ms, broken.totals.retries_per_run()), (Some(5.0), Some(0.0)));
    assert_eq!(triggers.rows[6].totals.last_execution_at, None);
    assert_eq!(ask(&database, "trigger=half").await.triggers.rows.len(), 1);
    let none = ask(&database, "trigger=nothing").await.triggers;
    assert_eq!((none.rows.len(), none.census.total), (0, 0));
}

#[tokio::test]
async fn failures_are_the_newest_with_short_messages() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.triggers (id, name) values ('t', 'Named');
            insert into public.action_results (job_id, trigger_id, action_type, status, executed_at, error_message)
            select 'j', case when n % 2 = 0 then 't' end, 'rest', 'failed', now() - n * interval '1 hour',
                case when n % 3 = 0 then repeat('long ', 200000) when n % 3 = 1 then 'seldom ' || n end
            from generate_series(1, 30) as n",
        )
        .await;
    let failures = load(&database).await.failures;
    assert_eq!(failures.total, 23);
    assert_eq!(failures.rows.len(), 8);
    assert!(failures.rows.is_sorted_by(|newer, older| newer.executed_at >= older.executed_at));
    assert_eq!(failures.rows[0].trigger_name, None);
    assert_eq!(failures.rows[1].trigger_name.as_deref(), Some("Named"));
    assert_eq!(failures.rows[2].error_message.as_ref().unwrap().chars().count(), 500);
    let (message, times) = failures.messages.most_frequent.unwrap();
    assert!(message.starts_with("long long"));
    assert_eq!((message.chars().count(), times), (500, 7));
}
