//! `tidemark refresh`.

use fresh_database::FreshDatabase;
use serde_json::Value;

use super::running::{tidemark, told};

const VIEWS: [&str; 4] =
    ["action_metrics_hourly", "trigger_performance_summary", "recent_failures", "action_type_distribution"];

#[tokio::test]
async fn every_view_has_a_row_and_a_failure_its_exit_code() {
    let database = FreshDatabase::migrated().await;
    let well = told(&mut tidemark(&database.url, &["refresh"]));
    assert_eq!((well.code, well.stderr.as_str()), (Some(0), ""), "{well:?}");
    let rows: Vec<&str> = well.stdout.lines().skip(1).collect();
    assert_eq!(rows.len(), 4, "{well:?}");
    for (row, view) in rows.iter().zip(VIEWS) {
        assert!(row.starts_with(view) && row.ends_with("refreshed"), "{row}");
    }
    let newest = "select distinct asked_by from tidemark.refresh_log where run_id > 1";
    assert_eq!(database.texts(newest).await, ["tidemark refresh"]);

    database.run("drop materialized view public.recent_failures").await;
    let failed = told(&mut tidemark(&database.url, &["refresh"]));
    assert_eq!(failed.code, Some(1), "{failed:?}");
    let rows: Vec<&str> = failed.stdout.lines().skip(1).collect();
    assert_eq!(rows.iter().filter(|row| row.ends_with("refreshed")).count(), 3, "{failed:?}");
    assert!(rows[2].contains("failed: relation \"public.recent_failures\" does not exist"), "{failed:?}");

    let json = told(&mut tidemark(&database.url, &["refresh", "--json"]));
    assert_eq!(json.code, Some(1), "{json:?}");
    let answer: Vec<Value> = serde_json::from_str(&json.stdout).unwrap();
    let successes: Vec<_> = answer.iter().map(|view| view["success"].as_bool().unwrap()).collect();
    assert_eq!(successes, [true, true, false, true]);
}
