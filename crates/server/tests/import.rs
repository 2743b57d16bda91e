//! `tidemark import` as it is called: what it prints, how it exits, and what a kill leaves behind.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use flate2::{Compression, write::GzEncoder};
use fresh_database::{FreshDatabase, until};

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name).display().to_string()
}

fn start(database: &FreshDatabase, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_tidemark"))
        .args(["import", "--database-url", &database.url])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn run(database: &FreshDatabase, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = start(database, arguments);
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn february_comes_once_into_an_empty_database() {
    let database = FreshDatabase::empty().await;
    let (rows, triggers) = (fixture("flights-2013-02.csv.gz"), fixture("flights.triggers.csv"));
    let arguments = [rows.as_str(), "--triggers", triggers.as_str(), "--shift-to-now"];
    for summary in ["24,936 imported + 0 already there + 0 rejected", "0 imported + 24,936 already there + 0 rejected"]
    {
        let output = run(&database, &arguments, b"");
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains(&format!("24,936 rows read = {summary}")), "{}", text(&output.stdout));
        assert!(text(&output.stderr).contains("all times moved by"), "{}", text(&output.stderr));
    }
    let output = run(&database, &[&rows, "--if-empty"], b"");
    assert!(output.status.success());
    assert!(text(&output.stdout).contains("there are action results already"), "{}", text(&output.stdout));
}

#[tokio::test]
async fn bad_rows_from_a_pipe_are_told_and_the_exit_code_says_so() {
    let database = FreshDatabase::empty().await;
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed
        .write_all(b"{\"job_id\": \"a\", \"action_type\": \"rest\", \"status\": \"success\"}\n\n{\"job_id\": 7}\n")
        .unwrap();
    let packed = packed.finish().unwrap();
    let output = run(&database, &["-"], &packed);
    assert!(!output.status.success());
    let told = text(&output.stderr);
    assert!(told.contains("nothing was imported: 1 of 2 rows bad"), "{told}");
    assert!(told.contains("stdin:3: column action_type: is empty"), "{told}");
    assert_eq!(database.number("select count(*) from action_results").await, 0);

    let folder = tempfile::tempdir().unwrap();
    let rejects = folder.path().join("rejects.jsonl").display().to_string();
    let output = run(&database, &["-", "--on-error", "skip", "--rejects", &rejects], &packed);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("2 rows read = 1 imported + 0 already there + 1 rejected"));
    assert_eq!(std::fs::read_to_string(&rejects).unwrap(), "{\"job_id\": 7}\n");
}

#[tokio::test]
async fn a_kill_while_rows_are_merged_leaves_nothing() {
    let database = FreshDatabase::migrated().await;
    let rows = fixture("flights-2013-02.csv.gz");
    let mut child = start(&database, &[&rows, "--triggers", &fixture("flights.triggers.csv")]);
    let merging = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active'
        and query like '%insert into public.' || 'action_results%'";
    until("rows are merged", async || database.number(merging).await > 0).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let others = "select count(*) from pg_stat_activity where datname = current_database()
        and pid <> pg_backend_pid() and query like '%insert into public.' || 'action_results%'";
    until("the database noticed", async || database.number(others).await == 0).await;
    assert_eq!(database.number("select count(*) from action_results").await, 0);
    assert_eq!(database.number("select count(*) from triggers").await, 0);
}
