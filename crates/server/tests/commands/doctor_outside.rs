//! What `tidemark doctor` finds outside of Tidemark's own tables: a real pg_cron, and a clock that is really wrong. Both come
//! in packages that not every machine has; `cargo xtask test` says where one is not to be had.

use std::path::PathBuf;

use domain::doctor::{Finding, Fix, Thresholds};
use fresh_database::{FreshDatabase, Server, until};
use serde_json::Value;

use crate::running::{tidemark, told};

/// With the program's clock moved: the library stands between it and the one of the machine.
#[tokio::test]
async fn a_clock_that_is_wrong_is_found() {
    let database = FreshDatabase::migrated().await;
    let Some(library) = clock_library() else { return eprintln!("libfaketime is not here, so nothing was tested") };
    let findings = |moved: Option<&str>| {
        let mut doctor = tidemark(&database.url, &["doctor", "--json"]);
        if let Some(moved) = moved {
            doctor.env("LD_PRELOAD", &library).env("FAKETIME", moved).env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        let answer: Value = serde_json::from_str(&told(&mut doctor).stdout).unwrap();
        let findings = answer["findings"].as_array().unwrap().clone();
        findings.into_iter().filter(|finding| finding["subject"] == "clocks").collect::<Vec<_>>()
    };
    assert!(findings(None).is_empty());
    for moved in ["+5m", "-5m"] {
        let found = findings(Some(moved));
        assert_eq!(found.len(), 1, "{moved}");
        let evidence = found[0]["evidence"].as_str().unwrap();
        assert!(
            evidence.starts_with("the database is 300.") || evidence.starts_with("the database is 299."),
            "{evidence}"
        );
    }
}

fn clock_library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten();
    folders.map(|folder| folder.path().join("faketime/libfaketime.so.1")).find(|library| library.exists())
}

/// What the doctor finds of the jobs of pg_cron, and whether anybody refreshes.
async fn found(server: &Server, check: &str) -> Vec<Finding> {
    let findings = store::doctor::examine(&server.pool, &Thresholds::default(), chrono::Utc::now()).await.unwrap();
    findings.into_iter().filter(|finding| finding.check.name == check).collect()
}

/// Jobs run when a minute is full, so this takes two or three.
#[tokio::test]
async fn pg_cron_is_put_to_work_watched_and_mended() {
    let has_cron = "select count(*) from pg_available_extensions where name = 'pg_cron'";
    if FreshDatabase::migrated().await.number(has_cron).await == 0 {
        return eprintln!("pg_cron is not here, so nothing was tested");
    }
    let server = Server::start(&[
        ("shared_preload_libraries", "pg_cron"),
        ("cron.database_name", "tidemark"),
        ("cron.use_background_workers", "on"),
    ]);
    let server = server.await;
    server.migrate().await;
    server.run("create extension pg_cron").await;
    let idle = found(&server, "idleness").await;
    assert!(matches!(&idle[0].fix, Fix::Statements(fix) if fix[0].starts_with("select cron.schedule(")), "{idle:?}");
    store::doctor::mend(&server.pool, &idle[0].fix).await.unwrap();
    assert_eq!(found(&server, "idleness").await, []);
    // Unless a minute was full just now.
    assert!(found(&server, "cron").await.iter().all(|finding| finding.evidence == "it has not run yet"));
    until("pg_cron refreshes the views", async || found(&server, "cron").await.is_empty()).await;

    server.run("create role outsider login; update cron.job set username = 'outsider'").await;
    let has_failed = async || !found(&server, "cron").await.is_empty();
    until("a job of somebody who may not refresh fails", has_failed).await;
    let failed = found(&server, "cron").await;
    assert!(failed[0].evidence.contains("permission denied"), "{failed:?}");
    server.run("update cron.job set username = current_user, active = false").await;
    let inactive = found(&server, "cron").await;
    assert_eq!(inactive[0].evidence, "it is not active");
    assert_eq!(found(&server, "idleness").await[0].fix, inactive[0].fix);
    store::doctor::mend(&server.pool, &inactive[0].fix).await.unwrap();
    assert_eq!(found(&server, "idleness").await, []);
    until("pg_cron refreshes the views again", async || found(&server, "cron").await.is_empty()).await;
    server.stop().await;
}
