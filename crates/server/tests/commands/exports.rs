//! Panels as files: what they are called, what is in them, and what is told where there is none.

use std::io::Read as _;

use fresh_database::FreshDatabase;

use super::running::Server;

const ROWS: &str =
    "insert into public.action_results (job_id, action_type, status, executed_at, duration_ms, error_message)
    select 'j', '=cmd()', case when n % 3 = 0 then 'failed' else 'success' end, now() - n * interval '1 minute', 100,
        case when n % 3 = 0 then '@sum, \"quoted\"' end
    from generate_series(1, 60) as n";

async fn serve(database: &FreshDatabase) -> Server {
    database.run(ROWS).await;
    database.refresh().await;
    Server::start(database, &["--interval", "1h"])
}

#[tokio::test]
async fn numbers_are_a_file_that_says_what_and_when() {
    let database = FreshDatabase::migrated().await;
    let server = serve(&database).await;
    let file = server.get("/export/executions.csv?range=7d&tz=Asia/Kolkata");
    assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8; header=present"));
    assert_eq!((file.header("cache-control"), file.header("x-content-type-options")), ("no-store", "nosniff"));
    let name = file.header("content-disposition");
    let moment = name.strip_prefix("attachment; filename=\"tidemark-overview-runs-per-hour-").unwrap();
    assert!(moment.len() == "2026-11-24T1200Z.csv\"".len() && moment.ends_with("Z.csv\""), "{name}");
    let mut lines = file.body.lines();
    assert_eq!(lines.next(), Some("time,success,retrying,failed,success_rate (%),before,in_part,marks"));
    let newest = lines.next().unwrap();
    assert!(newest.contains(":30:00+05:30,") && newest.ends_with(",yes,"), "{newest}");
    assert_eq!(file.header("tidemark-row-limit"), "100000");
}

#[tokio::test]
async fn a_list_that_its_page_shows_in_part_is_there_whole_and_holds_no_formula() {
    let database = FreshDatabase::migrated().await;
    let server = serve(&database).await;
    let file = server.get("/export/failures.csv");
    assert_eq!(file.body.lines().count(), 21, "{}", file.body);
    assert!(file.body.contains(",'=cmd(),") && file.body.contains("\"'@sum, \"\"quoted\"\"\""), "{}", file.body);
    let filtered = server.get("/export/failures.csv?type=nothing");
    assert_eq!((filtered.status, filtered.body.lines().count()), (200, 1));
}

#[tokio::test]
async fn lists_in_pages_are_there_whole_whatever_page_one_is_on() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.triggers (id, name) select 't-' || n, 'Name ' || n from generate_series(1, 2345) as n;
            insert into public.action_results (job_id, trigger_id, action_type, status, executed_at, error_message)
            select 'j', 't-' || n % 2000 + 1, 'rest', 'failed', now() - n * interval '1 second',
                case when n % 2 = 0 then 'even' else 'odd' end
            from generate_series(1, 13000) as n",
        )
        .await;
    database.refresh().await;
    let server = Server::start(&database, &["--interval", "1h"]);
    let column = |address: &str, place: usize| -> Vec<String> {
        let file = server.get(address);
        assert_eq!(file.status, 200, "{}", file.body);
        let mut values: Vec<_> =
            file.body.lines().skip(1).map(|line| line.split(',').nth(place).unwrap().to_owned()).collect();
        let all = values.len();
        values.sort_unstable();
        values.dedup();
        assert_eq!(values.len(), all, "{address}: each row once");
        values
    };
    for order in ["", "?sort=p95", "?sort=name&dir=desc", "?sort=executions"] {
        assert_eq!(column(&format!("/export/triggers/trigger-list.csv{order}"), 0).len(), 2_345, "{order}");
    }
    let second = domain::failures::rows::cursor(chrono::Utc::now() - chrono::TimeDelta::hours(1), "x").word();
    assert_eq!(column(&format!("/export/failures/rows.csv?after={second}"), 7).len(), 13_000);
    let odd = domain::fingerprint::Fingerprint::of("odd");
    assert_eq!(column(&format!("/export/failures/{odd}/rows.csv"), 7).len(), 6_500);
    assert_eq!(column("/export/failures/rows.csv?q=even&status=failed&trigger=t-3", 7).len(), 7);
    assert_eq!(column("/export/failures/rows.csv?type=nothing", 7).len(), 0);
}

#[tokio::test]
async fn a_chart_is_a_drawing_or_a_picture_that_stands_alone() {
    let database = FreshDatabase::migrated().await;
    let server = serve(&database).await;
    let light = server.get("/export/executions.svg?type=%3Dcmd()");
    assert_eq!((light.status, light.header("content-type")), (200, "image/svg+xml"));
    for part in ["Runs per hour", ">success<", "as of ", "type =cmd()", "Last 24 hours"] {
        assert!(light.body.contains(part), "{part}: {}", light.body);
    }
    assert!(!light.body.contains("var(") && light.body.contains("#ffffff"), "{}", light.body);
    let dark = server.get("/export/executions.svg?theme=dark");
    assert!(!dark.body.contains("#ffffff") && light.header("cache-control") == "no-store");
    let mut picture = Vec::new();
    server.listen("GET", "/export/durations.png", &[]).read_to_end(&mut picture).unwrap();
    let head = String::from_utf8_lossy(&picture[..600]).into_owned();
    assert!(head.contains("content-type: image/png") && head.contains("tidemark-overview-duration-"), "{head}");
    assert!(picture.windows(8).any(|bytes| bytes == b"\x89PNG\r\n\x1a\n"));
}

#[tokio::test]
async fn what_is_not_there_is_told_with_what_is() {
    let database = FreshDatabase::migrated().await;
    let server = serve(&database).await;
    for (path, status, told) in [
        ("/export/nothing.csv", 404, "it has summary, executions, durations, action-types, triggers, failures"),
        ("/export/executions.xlsx", 404, ".csv, .svg or .png"),
        ("/export/executions", 404, ".csv, .svg or .png"),
        ("/export/nowhere/executions.csv", 404, "There is no page here"),
        ("/export/failures.png", 404, "has no chart; it can be had as .csv"),
        ("/export/executions.svg?theme=pink", 400, "light or dark"),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.body.contains(told), "{path}: {}", answer.body);
        assert_eq!((answer.header("cache-control"), answer.header("content-disposition")), ("no-store", ""), "{path}");
    }
}
