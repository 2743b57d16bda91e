//! `tidemark status` and `tidemark migrate`.

use fresh_database::FreshDatabase;
use serde_json::Value;

use super::running::{Told, tidemark, told};

fn status(database: &FreshDatabase, arguments: &[&str]) -> Told {
    told(tidemark(&database.url, &["status"]).args(arguments))
}

#[tokio::test]
async fn the_exit_code_tells_how_fresh_the_views_are() {
    let database = FreshDatabase::migrated().await;
    database.run("delete from tidemark.refresh_log").await;
    let never = status(&database, &[]);
    assert_eq!(never.code, Some(2), "{never:?}");
    assert!(never.stdout.contains("never"), "{never:?}");
    database.refresh().await;
    for (minutes, code, word) in [(0, 0, "FRESH"), (7, 1, "WARNING"), (20, 2, "STALE"), (40, 2, "CRITICAL")] {
        let aged = format!("update tidemark.refresh_log set data_as_of = now() - interval '{minutes} min'");
        database.run(&aged).await;
        let told = status(&database, &[]);
        assert_eq!(told.code, Some(code), "{minutes}: {told:?}");
        assert_eq!(told.stdout.matches(word).count(), 4, "{minutes}: {told:?}");
        assert_eq!(told.stderr, "");
        assert!(told.stdout.contains("of one core over the last 10 min."), "{told:?}");
    }
    let hourly = status(&database, &["--profile", "low-traffic"]);
    assert_eq!(hourly.code, Some(0), "fresh for a refresh every hour: {hourly:?}");
}

#[test]
fn looking_makes_no_database() {
    let place = tempfile::tempdir().unwrap();
    let data_dir = place.path().join("nothing");
    let data_dir = data_dir.to_str().unwrap();
    let told = told(tidemark("", &["status", "--data-dir", data_dir]).env_remove("DATABASE_URL"));
    assert_eq!(told.code, Some(2), "{told:?}");
    assert!(told.stderr.contains("there is no database in") && told.stderr.contains("tidemark serve"), "{told:?}");
    assert!(!std::path::Path::new(data_dir).exists());
}

#[tokio::test]
async fn one_old_view_is_enough_and_programs_are_told_which() {
    let database = FreshDatabase::migrated().await;
    database.refresh().await;
    database
        .run(
            "update tidemark.refresh_log set data_as_of = now() - interval '7 min' where view_name = 'recent_failures';
            insert into tidemark.refresh_log
                (run_id, view_name, started_at, data_as_of, duration_ms, asked_by, success, error_message)
            values (9, 'recent_failures', now(), now(), 1, 'test', false, 'out of memory')",
        )
        .await;
    let told = status(&database, &["--json"]);
    assert_eq!(told.code, Some(1), "{told:?}");
    let answer: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(answer["staleness_status"], "WARNING (>5 min)");
    assert!(answer["generated_at"].is_string());
    assert_eq!((&answer["build"], &answer["frontier_holder"]), (&Value::Null, &Value::Null));
    assert!(answer["spent_on_refreshes"].as_f64().is_some_and(|spent| (0.0..1.0).contains(&spent)), "{answer}");
    let views = answer["views"].as_array().unwrap();
    let names: Vec<_> = views.iter().map(|view| view["view_name"].as_str().unwrap()).collect();
    let expected =
        ["action_metrics_hourly", "trigger_performance_summary", "recent_failures", "action_type_distribution"];
    assert_eq!(names, expected);
    for view in views {
        for (key, is_right) in [
            ("row_count", view["row_count"] == 0),
            ("size_bytes", view["size_bytes"].as_i64().is_some_and(|bytes| bytes > 0)),
            ("last_refresh", view["last_refresh"].is_string()),
            ("age_minutes", view["age_minutes"].is_u64()),
            ("last_duration_ms", view["last_duration_ms"].is_u64()),
        ] {
            assert!(is_right, "{key}: {view}");
        }
    }
    assert_eq!(views[2]["staleness_status"], "WARNING (>5 min)");
    assert_eq!(views[2]["age_minutes"], 7);
    assert_eq!(views[2]["last_failure"]["message"], "out of memory");
    assert_eq!(views[0]["staleness_status"], "FRESH");
    assert_eq!(views[0]["last_failure"], Value::Null);
}

#[test]
fn a_database_that_does_not_answer_is_told_in_a_line_without_its_password() {
    for arguments in [&["status"][..], &["status", "--json"], &["refresh"], &["migrate"]] {
        let told = told(&mut tidemark("postgres://user:sesame@127.0.0.1:1/db", arguments));
        assert_eq!(told.code, Some(2), "{told:?}");
        assert_eq!(told.stdout, "");
        let expected =
            "tidemark: cannot connect to the database at 127.0.0.1:1/db: Connection refused (os error 111)\n";
        assert_eq!(told.stderr.replace("the schema could not be brought up to date: ", ""), expected);
    }
}

#[tokio::test]
async fn migrating_twice_changes_nothing_the_second_time() {
    let database = FreshDatabase::empty().await;
    let first = told(&mut tidemark(&database.url, &["migrate"]));
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(first.stdout.contains("applied 0001"), "{first:?}");
    let second = told(&mut tidemark(&database.url, &["migrate"]));
    assert_eq!((second.code, second.stdout.as_str()), (Some(0), "The schema is up to date.\n"), "{second:?}");
}

#[tokio::test]
async fn a_transaction_that_holds_the_counting_back_is_named() {
    let database = FreshDatabase::migrated().await;
    let mut open = database.pool.begin().await.unwrap();
    sqlx::query("insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'success')")
        .execute(&mut *open)
        .await
        .unwrap();
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *open).await.unwrap();
    let answer: Value = serde_json::from_str(&status(&database, &["--json"]).stdout).unwrap();
    assert_eq!(answer["frontier_holder"]["pid"], pid);
    assert!(!status(&database, &[]).stdout.contains("has been writing"), "nobody needs to know so soon");
    open.commit().await.unwrap();
}
