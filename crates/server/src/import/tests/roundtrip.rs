//! Whatever the database can hold comes back as it was written.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use super::*;

#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
struct Written {
    id: String,
    job_id: String,
    event_id: Option<String>,
    action_type: String,
    status: String,
    executed_at: DateTime<Utc>,
    duration_ms: Option<i32>,
    error_message: Option<String>,
    response_data: Option<Value>,
    retry_count: i32,
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,8}", "[^\\x00]{1,20}", "[\",\\\\\\t\\r\\n'N.]{1,6}"]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        text().prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(text(), inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn written() -> impl Strategy<Value = Written> {
    let texts = (text(), prop::option::of(text()), text(), prop::option::of(text()));
    let numbers = (0..4_000_000_000_000_000_i64, prop::option::of(any::<i32>()), any::<i32>());
    let status = prop::sample::select(vec!["success", "failed", "retrying"]);
    (texts, numbers, status, prop::option::of(json())).prop_map(|(texts, numbers, status, response_data)| Written {
        id: String::new(),
        job_id: texts.0,
        event_id: texts.1,
        action_type: texts.2,
        status: status.to_owned(),
        executed_at: DateTime::from_timestamp_micros(numbers.0).unwrap(),
        duration_ms: numbers.1,
        error_message: texts.3,
        response_data,
        retry_count: numbers.2,
    })
}

fn csv(rows: &[Written]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record([
            "id",
            "job_id",
            "event_id",
            "action_type",
            "status",
            "executed_at",
            "duration_ms",
            "error_message",
            "response_data",
            "retry_count",
        ])
        .unwrap();
    for row in rows {
        writer
            .write_record([
                row.id.clone(),
                row.job_id.clone(),
                row.event_id.clone().unwrap_or_default(),
                row.action_type.clone(),
                row.status.clone(),
                row.executed_at.to_rfc3339(),
                row.duration_ms.map(|number| number.to_string()).unwrap_or_default(),
                row.error_message.clone().unwrap_or_default(),
                row.response_data.as_ref().map(ToString::to_string).unwrap_or_default(),
                row.retry_count.to_string(),
            ])
            .unwrap();
    }
    writer.into_inner().unwrap()
}

fn json_lines(rows: &[Written]) -> Vec<u8> {
    let line = |row: &Written| {
        serde_json::json!({
            "id": row.id, "job_id": row.job_id, "event_id": row.event_id, "action_type": row.action_type,
            "status": row.status, "executed_at": row.executed_at, "duration_ms": row.duration_ms,
            "error_message": row.error_message, "response_data": row.response_data, "retry_count": row.retry_count,
        })
    };
    rows.iter().map(|row| format!("{}\n", line(row))).collect::<String>().into_bytes()
}

async fn imported(place: &Place, name: &str, content: Vec<u8>) -> Vec<Written> {
    sqlx::raw_sql("truncate action_results").execute(&place.database.pool).await.unwrap();
    let path = place.write(name, content);
    place.import(&path.display().to_string()).await.unwrap();
    sqlx::query_as("select * from action_results order by id").fetch_all(&place.database.pool).await.unwrap()
}

#[test]
fn what_was_written_comes_back() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let place = runtime.block_on(Place::new());
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    runner
        .run(&prop::collection::vec(written(), 1..40), |mut rows| {
            for (number, row) in rows.iter_mut().enumerate() {
                row.id = format!("r{number:04}");
            }
            let from_csv = runtime.block_on(imported(&place, "rows.csv", csv(&rows)));
            prop_assert_eq!(&from_csv, &rows);
            let from_json = runtime.block_on(imported(&place, "rows.jsonl", json_lines(&rows)));
            prop_assert_eq!(&from_json, &rows);
            Ok(())
        })
        .unwrap();
}
