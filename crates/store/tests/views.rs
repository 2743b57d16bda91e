//! The views against the same numbers counted in Rust, over rows that nobody would write on purpose.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use std::collections::BTreeMap;

use fresh_database::FreshDatabase;
use sqlx::Row as _;

/// A row of `action_results`. Hours are counted back from the begin of the current one; `None` is no time at all.
#[derive(Clone)]
struct Execution {
    trigger: Option<&'static str>,
    action_type: String,
    status: &'static str,
    time: Time,
    duration_ms: Option<i32>,
    error: Option<String>,
    retries: Option<i32>,
}

#[derive(Clone, Copy, PartialEq)]
enum Time {
    HoursAgo(i32),
    Text(&'static str),
    Missing,
}

impl Execution {
    fn new(trigger: Option<&'static str>, status: &'static str, time: Time, duration_ms: Option<i32>) -> Self {
        Self { trigger, action_type: "rest".into(), status, time, duration_ms, error: None, retries: Some(0) }
    }
}

/// Ordinary rows and hostile ones.
fn executions() -> Vec<Execution> {
    let mut rows = Vec::new();
    let types = ["telegram", "rest", "mcp", "'; drop table \"x\" --", "ünï\tcode\n☃"];
    for n in 0..400 {
        let status = ["success", "success", "success", "failed", "retrying"][n % 5];
        let trigger = [Some("a"), Some("b"), None, Some("gone")][n % 4];
        let mut row = Execution::new(trigger, status, Time::HoursAgo((n % 60) as i32), Some((n * n % 7919) as i32));
        row.action_type = types[n % types.len()].to_owned();
        row.error = (status == "failed").then(|| format!("error {}", n % 3));
        row.retries = Some((n % 4) as i32);
        rows.push(row);
    }
    for time in [Time::Missing, Time::Text("infinity"), Time::Text("-infinity")] {
        rows.push(Execution::new(Some("timeless"), "failed", time, Some(5)));
        rows.push(Execution::new(Some("a"), "success", time, None));
        rows.push(Execution::new(None, "success", time, Some(7)));
    }
    for duration in [Some(i32::MAX), Some(i32::MIN), Some(-1), Some(0), None] {
        rows.push(Execution::new(Some("extreme"), "success", Time::HoursAgo(3), duration));
        rows.push(Execution::new(Some("endless"), "retrying", Time::HoursAgo(4), Some(i32::MAX)));
        rows.push(Execution::new(Some("backwards"), "failed", Time::HoursAgo(4), Some(i32::MIN)));
        rows.push(Execution::new(Some("unmeasured"), "success", Time::HoursAgo(5), None));
    }
    for time in [Time::Text("4713-01-01 12:00:00+00 BC"), Time::Text("294276-12-31 23:00:00+00")] {
        rows.push(Execution::new(Some("ageless"), "success", time, Some(1)));
    }
    let mut wordy = Execution::new(Some("b"), "failed", Time::HoursAgo(1), Some(1));
    wordy.error = Some((0..40_000).map(|n| format!("{:x}", n * 2_654_435_761_u64)).collect::<String>().repeat(4));
    rows.push(wordy.clone());
    wordy.error = Some(String::new());
    wordy.retries = None;
    rows.push(wordy.clone());
    wordy.retries = Some(i32::MAX);
    rows.push(wordy);
    rows
}

async fn insert(database: &FreshDatabase, rows: &[Execution]) {
    // Adopted tables have no checks and no foreign keys.
    database.run("alter table public.action_results drop constraint action_results_trigger_id_fkey").await;
    for row in rows {
        let time = match row.time {
            Time::HoursAgo(_) => None,
            Time::Text(text) => Some(text),
            Time::Missing => None,
        };
        let hours_ago = if let Time::HoursAgo(hours) = row.time { Some(hours) } else { None };
        sqlx::query(
            "insert into public.action_results (
                job_id, trigger_id, action_type, status, executed_at, duration_ms, error_message, retry_count
            )
            values (
                'job', $1, $2, $3,
                coalesce($4::text::timestamptz, date_trunc('hour', now(), 'UTC') - make_interval(hours => $5)),
                $6, $7, $8
            )",
        )
        .bind(row.trigger)
        .bind(&row.action_type)
        .bind(row.status)
        .bind(time)
        .bind(hours_ago)
        .bind(row.duration_ms)
        .bind(&row.error)
        .bind(row.retries)
        .execute(&database.pool)
        .await
        .unwrap();
    }
}

/// Counts and durations of some rows, spelled as the database spells them.
fn describe(rows: &[&Execution]) -> String {
    let count = |status: &str| rows.iter().filter(|row| row.status == status).count();
    let mut durations: Vec<f64> = rows.iter().filter_map(|row| row.duration_ms).map(f64::from).collect();
    durations.sort_by(f64::total_cmp);
    let clamped = |value: f64| format!("{:.2}", value.clamp(-99_999_999.99, 99_999_999.99));
    let spelled = |value: Option<f64>| value.map_or("-".to_owned(), clamped);
    let average = (!durations.is_empty()).then(|| durations.iter().sum::<f64>() / durations.len() as f64);
    let whole = |value: Option<&f64>| value.map_or("-".to_owned(), |value| format!("{value:.0}"));
    let retries: i64 = rows.iter().map(|row| i64::from(row.retries.unwrap_or(0))).sum();
    format!(
        "{} = {}+{}+{}, avg {}, p {} {} {}, {} to {}, {} retries",
        rows.len(),
        count("success"),
        count("failed"),
        count("retrying"),
        spelled(average),
        spelled(percentile(&durations, 0.50)),
        spelled(percentile(&durations, 0.95)),
        spelled(percentile(&durations, 0.99)),
        whole(durations.first()),
        whole(durations.last()),
        retries
    )
}

fn percentile(sorted: &[f64], quantile: f64) -> Option<f64> {
    let rank = quantile * (sorted.len().checked_sub(1)? as f64);
    let (below, above) = (sorted[rank.floor() as usize], sorted[rank.ceil() as usize]);
    Some(below + (above - below) * rank.fract())
}

/// The same description made from a row of a view.
const DESCRIBED: &str = "format('%s = %s+%s+%s, avg %s, p %s %s %s, %s to %s, %s retries', TOTAL, success_count,
    failure_count, retrying_count, coalesce(avg_duration_ms::text, '-'), coalesce(p50_duration_ms::text, '-'),
    coalesce(p95_duration_ms::text, '-'), coalesce(p99_duration_ms::text, '-'), coalesce(min_duration_ms::text, '-'),
    coalesce(max_duration_ms::text, '-'), total_retries)";

async fn described(database: &FreshDatabase, key: &str, total: &str, view: &str) -> BTreeMap<String, String> {
    let sql = format!("select {key} as key, {} as described from {view}", DESCRIBED.replace("TOTAL", total));
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&database.pool).await.unwrap();
    rows.iter().map(|row| (row.get("key"), row.get("described"))).collect()
}

fn grouped(rows: &[Execution], key: impl Fn(&Execution) -> Option<String>) -> BTreeMap<String, Vec<&Execution>> {
    let mut groups: BTreeMap<String, Vec<&Execution>> = BTreeMap::new();
    for row in rows {
        if let Some(key) = key(row) {
            groups.entry(key).or_default().push(row);
        }
    }
    groups
}

/// Whether two descriptions are the same, but for percentiles of more than 50 durations: those may be off by 1%.
fn agree(found: &str, expected: &str) -> bool {
    let rows: usize = expected.split(' ').next().and_then(|rows| rows.parse().ok()).unwrap_or_default();
    let percentiles = |description: &str| -> Option<(String, Vec<f64>)> {
        let (before, rest) = description.split_once(", p ")?;
        let (percentiles, after) = rest.split_once(", ")?;
        let numbers = percentiles.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
        Some((format!("{before}{after}"), numbers))
    };
    match (percentiles(found), percentiles(expected)) {
        (Some((found, estimates)), Some((expected, exact))) if rows > 50 => {
            found == expected
                && estimates
                    .iter()
                    .zip(&exact)
                    .all(|(estimate, exact)| (estimate - exact).abs() <= exact.abs() * 0.01 + 0.01)
        }
        _ => found == expected,
    }
}

fn assert_same(found: &BTreeMap<String, String>, expected: &BTreeMap<String, Vec<&Execution>>) {
    let expected: BTreeMap<_, _> = expected.iter().map(|(key, rows)| (key.clone(), describe(rows))).collect();
    for (key, description) in &expected {
        let found = found.get(key).unwrap_or_else(|| panic!("{key} is missing"));
        assert!(agree(found, description), "{key}: {found} is not {description}");
    }
    assert_eq!(found.len(), expected.len());
}

#[tokio::test]
async fn every_view_equals_what_is_counted_from_scratch() {
    let database = FreshDatabase::migrated().await;
    let rows = executions();
    insert(&database, &rows).await;
    let timeless: i64 = database.value("select count(*) from public.action_results where executed_at is null").await;
    assert_eq!(timeless, 3);
    // The same as a whole and concurrently, over data that is there already.
    for _ in 0..2 {
        database.refresh().await;
        hours_are_right(&database, &rows).await;
        triggers_are_right(&database, &rows).await;
        distribution_is_right(&database, &rows).await;
        failures_are_right(&database, &rows).await;
        histograms_are_right(&database, &rows).await;
    }
    assert!(
        store::overview::load(&database.pool, &domain::access::Scope::All, &domain::query::Query::default())
            .await
            .unwrap()
            .is_some()
    );
    assert!(store::freshness::observe(&database.pool).await.unwrap().views_as_of.is_some());
}

async fn hours_are_right(database: &FreshDatabase, rows: &[Execution]) {
    let hour = "round(extract(epoch from date_trunc('hour', now(), 'UTC') - hour) / 3600)";
    let in_reach = "public.action_metrics_hourly where hour > now() - interval '90 days' and hour < now()";
    let key = format!("format('%s|%s|%s', {hour}, action_type, status)");
    let found = described(database, &key, "execution_count", in_reach).await;
    let expected = grouped(rows, |row| match row.time {
        Time::HoursAgo(hours) => Some(format!("{hours}|{}|{}", row.action_type, row.status)),
        _ => None,
    });
    assert_same(&found, &expected);
    let beyond: i64 = database.value("select count(*) from public.action_metrics_hourly where hour not between now() - interval '90 days' and now()").await;
    assert_eq!(beyond, 2, "the oldest and the newest time there can be, and nothing at infinity");
    let with_retries: i64 =
        database.value("select sum(actions_with_retries)::bigint from public.action_metrics_hourly").await;
    let expected = rows.iter().filter(|row| row.retries.unwrap_or(0) > 0).count();
    assert_eq!(with_retries, i64::try_from(expected).unwrap());
}

async fn triggers_are_right(database: &FreshDatabase, rows: &[Execution]) {
    let found = described(database, "trigger_id", "total_executions", "public.trigger_performance_summary").await;
    assert_same(&found, &grouped(rows, |row| row.trigger.map(str::to_owned)));
    let timeless: (Option<chrono::DateTime<chrono::Utc>>, Option<String>) = sqlx::query_as(
        "select last_execution_at, hours_active::text from public.trigger_performance_summary where trigger_id = 'timeless'",
    )
    .fetch_one(&database.pool)
    .await
    .unwrap();
    assert_eq!(timeless, (None, None));
    let active = |trigger: &str| {
        format!("select hours_active::text from public.trigger_performance_summary where trigger_id = '{trigger}'")
    };
    assert_eq!(database.value::<String>(&active("extreme")).await, "0.00");
    assert_eq!(database.value::<String>(&active("a")).await, "56.00");
    assert!(database.value::<String>(&active("ageless")).await.starts_with("26208"));
    let averages: String = database
        .value("select concat(success_rate, ' ', avg_retries, ' ', max_retries) from public.trigger_performance_summary where trigger_id = 'a'")
        .await;
    let of_a: Vec<_> = rows.iter().filter(|row| row.trigger == Some("a")).collect();
    let successes = of_a.iter().filter(|row| row.status == "success").count();
    let retries: i32 = of_a.iter().filter_map(|row| row.retries).sum();
    let expected =
        format!("{:.2} {:.2} 0", 100.0 * successes as f64 / of_a.len() as f64, f64::from(retries) / of_a.len() as f64);
    assert_eq!(averages, expected);
}

async fn distribution_is_right(database: &FreshDatabase, rows: &[Execution]) {
    let found = database
        .texts(
            "select concat_ws('|', action_type, total_executions, success_count, failure_count, total_retries)
            from public.action_type_distribution order by action_type collate \"C\"",
        )
        .await;
    let recent =
        |row: &Execution| matches!(row.time, Time::HoursAgo(_)) || row.time == Time::Text("294276-12-31 23:00:00+00");
    let groups = grouped(rows, |row| recent(row).then(|| row.action_type.clone()));
    let expected: Vec<_> = groups
        .iter()
        .map(|(action_type, rows)| {
            let count = |status: &str| rows.iter().filter(|row| row.status == status).count();
            let retries: i64 = rows.iter().map(|row| i64::from(row.retries.unwrap_or(0))).sum();
            format!("{action_type}|{}|{}|{}|{retries}", rows.len(), count("success"), count("failed"))
        })
        .collect();
    assert_eq!(found, expected);
    let sum: f64 = database.value("select sum(percentage)::float8 from public.action_type_distribution").await;
    assert!((sum - 100.0).abs() < 0.05, "{sum}");
}

async fn failures_are_right(database: &FreshDatabase, rows: &[Execution]) {
    let found: i64 = database.value("select count(*) from public.recent_failures").await;
    // The hour that began 24 hours before the current one began is over its 24 hours.
    let recent = |row: &&Execution| row.status == "failed" && matches!(row.time, Time::HoursAgo(..24));
    assert_eq!(found, i64::try_from(rows.iter().filter(recent).count()).unwrap());
    let wrong: i64 = database
        .value(
            "select count(*) from public.recent_failures as failure
            left join public.action_results as source using (
                id, job_id, action_type, error_message, retry_count, executed_at, duration_ms
            )
            where source.id is null and failure.error_message is not null and failure.retry_count is not null",
        )
        .await;
    assert_eq!(wrong, 0);
    let long: i64 =
        database.value("select count(*) from public.recent_failures where length(error_message) > 1000000").await;
    assert_eq!(long, 1);
}

async fn histograms_are_right(database: &FreshDatabase, rows: &[Execution]) {
    let found = database
        .texts(
            "select format('%s|%s', bucket, sum(counted)) from tidemark.live_executions_hourly
            cross join unnest(duration_buckets, bucket_executions) as histogram (bucket, counted)
            where hour between now() - interval '90 days' and now() group by bucket order by bucket",
        )
        .await;
    let mut buckets: BTreeMap<i32, i64> = BTreeMap::new();
    for row in rows.iter().filter(|row| matches!(row.time, Time::HoursAgo(_))) {
        if let Some(duration) = row.duration_ms {
            *buckets.entry(domain::histogram::bucket_of(duration)).or_default() += 1;
        }
    }
    let expected: Vec<_> = buckets.iter().map(|(bucket, executions)| format!("{bucket}|{executions}")).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn hours_are_utc_hours_in_any_time_zone() {
    let database = FreshDatabase::migrated().await;
    let name: String = database.value("select current_database()::text").await;
    database.run(&format!("alter database {name} set timezone to 'Asia/Kolkata'")).await;
    database.run("insert into public.action_results (job_id, action_type, status, executed_at) values ('j', 'rest', 'success', '2026-03-01 10:20:00Z')").await;
    let pool = database.another_pool().await;
    store::refresh::run(&pool, "test", std::time::Duration::from_secs(30)).await.unwrap();
    let hour: chrono::DateTime<chrono::Utc> = database.value("select hour from public.action_metrics_hourly").await;
    assert_eq!(hour.to_rfc3339(), "2026-03-01T10:00:00+00:00");
}
