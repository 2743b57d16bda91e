//! `tidemark refresh`.

use std::{error::Error, time::Duration};

use fresh_database::{FreshDatabase, until};
use serde_json::Value;

use super::running::{Server, refreshed, tidemark, told};

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

    // Two failures of one action type do not fit under it.
    database.run("create unique index one_of_each_type on public.recent_failures (action_type)").await;
    let failures = "insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'failed'), ('j', 'rest', 'failed')";
    database.run(failures).await;
    let failed = told(&mut tidemark(&database.url, &["refresh"]));
    assert_eq!(failed.code, Some(1), "{failed:?}");
    let rows: Vec<&str> = failed.stdout.lines().skip(1).collect();
    assert_eq!(rows.iter().filter(|row| row.ends_with("refreshed")).count(), 3, "{failed:?}");
    assert!(
        rows[2].contains("failed: duplicate key value violates unique constraint \"one_of_each_type\""),
        "{failed:?}"
    );

    let json = told(&mut tidemark(&database.url, &["refresh", "--json"]));
    assert_eq!(json.code, Some(1), "{json:?}");
    let answer: Vec<Value> = serde_json::from_str(&json.stdout).unwrap();
    let successes: Vec<_> = answer.iter().map(|view| view["success"].as_bool().unwrap()).collect();
    assert_eq!(successes, [true, true, false, true]);
}

#[tokio::test]
async fn a_refresh_goes_on_when_the_browser_that_asked_for_it_leaves() -> Result<(), Box<dyn Error>> {
    let database = FreshDatabase::migrated().await;
    let server = Server::start(&database, &["--profile", "production"]);
    refreshed(&database).await;
    // It waits for this writer until after the browser left.
    let name: String = database.value("select current_database()::text").await;
    database.run(&format!("alter database {name} set tidemark.writer_wait = '60s'")).await;
    let row = "insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'success')";
    let mut writer = database.pool.begin().await?;
    sqlx::query(row).execute(&mut *writer).await?;
    database.run(row).await;
    let origin = format!("http://{}", server.address);
    let form = [("origin", origin.as_str()), ("content-length", "0")];
    let browser = server.listen("POST", "/api/refresh", &form);
    let acts = async |act: &str| {
        database.number(&format!("select count(*) from tidemark.audit_log where act = '{act}'")).await
    };
    until("it is noted that it begins", async || acts("refresh.run").await == 1).await;
    drop(browser);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(acts("refresh.end").await, 0);
    writer.commit().await?;
    until("it is noted how it ended", async || acts("refresh.end").await == 1).await;
    let refreshed = "select count(*) from tidemark.refresh_log where asked_by not in ('scheduler', 'migration', 'test') and success";
    assert_eq!(database.number(refreshed).await, 4);
    let end: String = database.value("select after::text from tidemark.audit_log where act = 'refresh.end'").await;
    let end: Value = serde_json::from_str(&end)?;
    assert_eq!(end["views"]["action_type_distribution"], "1 rows", "{end}");
    Ok(())
}
