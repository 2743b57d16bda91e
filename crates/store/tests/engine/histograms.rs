//! Percentiles in SQL: within 1% of `percentile_cont` on hostile distributions, and the same buckets as in Rust.

use domain::histogram::{bucket_of, value_of};
use sqlx::Row as _;
use store::PackedDurations;

use crate::support::Engine;

/// Asks for the percentiles of some durations, from buckets alone, and for what is exact.
const COMPARE: &str = "
    with bucket as (
        select tidemark.duration_bucket(duration) as bucket, count(*) as executions
        from unnest($1::int[]) as duration
        group by 1
    ),
    estimate as (
        select (tidemark.percentiles(
            $2::int[], array_agg(bucket order by bucket), array_agg(executions order by bucket),
            cardinality($1::int[]), (select min(d) from unnest($1::int[]) as d), (select max(d) from unnest($1::int[]) as d)
        )).*
        from bucket
    ),
    exact as (
        select percentile_cont(array[0.5, 0.95, 0.99]) within group (order by duration) as answers
        from unnest($1::int[]) as duration
    )
    select
        array[p50, p95, p99]::float8[] as estimated,
        array(select tidemark.clamped(unnest(answers)::numeric))::float8[] as exact,
        array(select oracle.tolerance(array(select d from unnest($1::int[]) as d order by d), unnest(array[0.5, 0.95, 0.99])))::float8[] as tolerances
    from estimate, exact";

async fn compare(engine: &Engine, name: &str, durations: &[i32], few: Option<&[i32]>) {
    let row = sqlx::query(COMPARE).bind(durations).bind(few).fetch_one(&engine.database.pool).await.unwrap();
    let (estimated, exact): (Vec<Option<f64>>, Vec<f64>) = (row.get("estimated"), row.get("exact"));
    for ((estimated, exact), quantile) in estimated.into_iter().zip(exact).zip(["p50", "p95", "p99"]) {
        let estimated = estimated.unwrap_or_else(|| panic!("{name}: no {quantile}"));
        // What a percentile is interpolated from may be far from it, when it has another sign.
        let bound = if few.is_some() { 1e-9 } else { 0.011 + 0.01 * exact.abs().max(spread(durations)) };
        assert!((estimated - exact).abs() <= bound, "{name}: {quantile} is {estimated} instead of {exact}");
    }
}

/// The largest duration where signs are mixed, else nothing: then 1% of the percentile itself is enough.
fn spread(durations: &[i32]) -> f64 {
    let is_mixed = durations.iter().any(|&duration| duration < 0) && durations.iter().any(|&duration| duration > 0);
    if is_mixed { durations.iter().map(|&duration| f64::from(duration).abs()).fold(0.0, f64::max) } else { 0.0 }
}

fn distributions() -> Vec<(&'static str, Vec<i32>)> {
    vec![
        ("constant", vec![842; 1000]),
        ("bimodal", (0..1000).map(|number| if number % 2 == 0 { 3 } else { 90_000 }).collect()),
        ("zeros", vec![0; 60]),
        ("mostly zeros", (0..1000).map(|number| if number % 100 == 0 { 77_777 } else { 0 }).collect()),
        ("one huge", (0..999).map(|_| 12).chain([i32::MAX]).collect()),
        ("all huge", vec![i32::MAX; 51]),
        ("all negative", (1..=500).map(|number| -number * 1000).collect()),
        ("most negative", vec![i32::MIN; 51]),
        ("negatives among others", (-100..400).map(|number| number * 10).collect()),
        ("powers", (0..62).map(|number| 1 << (number / 2)).collect()),
        ("fifty-one", (1..=51).collect()),
        ("steps", (0..10_000).map(|number| (number / 1000) * 1000 + 1).collect()),
    ]
}

#[tokio::test]
async fn percentiles_from_buckets_are_within_one_percent() {
    let engine = Engine::new().await;
    for (name, durations) in distributions() {
        compare(&engine, name, &durations, None).await;
    }
}

#[tokio::test]
async fn percentiles_of_few_are_exact() {
    let engine = Engine::new().await;
    for (name, durations) in [
        ("one", vec![7]),
        ("two", vec![1, 1_000_000]),
        ("three of a bucket", vec![100_000, 100_001, 100_002]),
        ("four of a bucket", vec![100_000, 100_001, 100_500, 100_999]),
        ("extremes", vec![-5, 0, 5, 50]),
        ("fifty", (0..50).map(|number| number * number).collect()),
    ] {
        compare(&engine, name, &durations, Some(&durations)).await;
    }
}

/// Just more than are kept themselves.
#[tokio::test]
async fn percentiles_of_few_more_are_within_one_percent() {
    let engine = Engine::new().await;
    for count in 51..=120 {
        let spread_out: Vec<i32> = (0..count).map(|number| 3_i32.pow(number % 15)).collect();
        compare(&engine, &format!("{count} in buckets"), &spread_out, None).await;
    }
}

#[tokio::test]
async fn buckets_are_the_same_in_sql_and_in_rust() {
    let engine = Engine::new().await;
    let mut durations: Vec<i32> = (-2000..2000).collect();
    durations.extend((0..31).flat_map(|power| [(1_i32 << power) - 1, 1 << power, -(1 << power), (1 << power) + 1]));
    durations.extend([i32::MIN, i32::MIN + 1, i32::MAX, i32::MAX - 1]);
    let rows = sqlx::query(
        "select duration, tidemark.duration_bucket(duration) as bucket, tidemark.bucket_duration(tidemark.duration_bucket(duration)) as value
        from unnest($1::int[]) as duration",
    )
    .bind(&durations)
    .fetch_all(&engine.database.pool)
    .await
    .unwrap();
    assert_eq!(rows.len(), durations.len());
    for row in rows {
        let (duration, bucket, value): (i32, i32, f64) = (row.get("duration"), row.get("bucket"), row.get("value"));
        assert_eq!(bucket, bucket_of(duration), "the bucket of {duration}");
        assert!((value - value_of(bucket)).abs() <= 1e-9 * value.abs(), "the value of bucket {bucket}");
        assert!(
            (value - f64::from(duration)).abs() <= 0.01 * f64::from(duration).abs() + 1e-6,
            "{duration} stands for {value}"
        );
    }
}

#[tokio::test]
async fn what_sql_packs_is_what_rust_unpacks() {
    let engine = Engine::new().await;
    let pack = |buckets: Vec<i32>, executions: Vec<i64>| {
        let packed = sqlx::query_scalar::<_, PackedDurations>("select tidemark.packed_durations($1, $2)");
        packed.bind(buckets).bind(executions).fetch_one(&engine.database.pool)
    };
    // Of what changed, buckets come in no order, and as what to take away.
    let as_they_are = [
        vec![],
        vec![(1, 4)],
        vec![(7, 3), (8, 5), (10, 1)],
        vec![(9, -2), (-1, 600), (-1_100, 1)],
        // The durations furthest from 0.
        vec![(-1_077, 1), (1_075, 1)],
        vec![(0, 1), (15, 4_095), (30, 4_096), (46, 1), (47, i64::MAX), (48, 0), (48, 2)],
    ];
    for durations in as_they_are {
        let (buckets, executions) = durations.iter().copied().unzip();
        assert_eq!(pack(buckets, executions).await.unwrap(), PackedDurations(durations));
    }
    for (buckets, executions) in [(vec![7], vec![1, 2]), (vec![7, 8], vec![1])] {
        let error = pack(buckets, executions).await.unwrap_err().to_string();
        assert!(error.contains("a histogram of"), "{error}");
    }
}

/// Adding and taking away, in any order, more at once than are changed in place (256), and fewer.
#[tokio::test]
async fn changed_counts_and_few_durations_are_those_of_the_rest() {
    let engine = Engine::new().await;
    let wrong = engine
        .database
        .texts(
            "with sample as (
                select size, array_agg((number * 7919 % 97 - 20) order by number) as old,
                    array_agg((number * 104729 % 83 - 10) order by number) as new
                from unnest(array[0, 1, 2, 17, 50, 255, 256, 257, 600]) as size
                cross join lateral generate_series(1, size) as number
                group by size
            )
            select format('%s: %s', size, to_jsonb(result))
            from sample
            cross join lateral oracle.counts(old) as before
            cross join lateral oracle.counts(new) as after
            -- The old ones go one by one, the new ones come, and a key that was never there comes and goes.
            cross join lateral tidemark.counts_changed(
                before.keys, before.counts, old || new || array[777, 777],
                array_fill(-1::bigint, array[cardinality(old)]) || array_fill(1::bigint, array[cardinality(new)]) || array[1::bigint, -1]
            ) as result
            cross join lateral tidemark.few_changed(
                old, old || new, array_fill(-1::bigint, array[cardinality(old)]) || array_fill(1::bigint, array[cardinality(new)])
            ) as few
            where result.new_keys <> after.keys or result.new_counts <> after.counts
                or few <> array(select unnest(new) order by 1)",
        )
        .await;
    assert_eq!(wrong, [""; 0]);
}

/// In place, or anew where a bucket takes more than three bytes, has nothing left or more than 256 change.
#[tokio::test]
async fn changed_durations_are_packed_as_if_anew() {
    let engine = Engine::new().await;
    let wrong = engine
        .database
        .texts(
            "with change as (
                select '{}'::int[] as buckets, '{}'::bigint[] as weights
                union all
                select array[bucket, other], array[weight, 2]
                from unnest(array[-1077, -1, 5, 6, 7, 40, 41, 1075]) as bucket
                cross join unnest(array[-3, -1, 1, 4092, 4095, 70000]::bigint[]) as weight
                cross join unnest(array[-1077, 6, 900]) as other
                union all
                select array_agg(number), array_agg(1 + number % 7) from generate_series(1, 300) as number
            )
            select format('%s %s: %s', before, change, to_jsonb(result))
            from change
            cross join (
                values ('{5,6,40}'::int[], '{3,1,4095}'::bigint[]), ('{-1077,5,40}', '{1,4096,2}'), ('{}', '{}'), (null, null)
            ) as before (buckets, executions)
            cross join lateral tidemark.durations_changed(
                before.buckets, before.executions, tidemark.packed_durations(before.buckets, before.executions),
                change.buckets, change.weights
            ) as result
            cross join lateral tidemark.counts_changed(
                before.buckets, before.executions, change.buckets, change.weights
            ) as expected
            where (result.new_buckets, result.new_executions) is distinct from (expected.new_keys, expected.new_counts)
                or result.new_durations is distinct from tidemark.packed_durations(expected.new_keys, expected.new_counts)",
        )
        .await;
    assert_eq!(wrong, [""; 0]);
}
