//! `tidemark serve`: what it answers to whom, and how it ends.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    time::{Duration, Instant},
};

use fresh_database::{FreshDatabase, until};
use serde_json::Value;

use super::running::{Server, refreshed};

/// Refreshes that were asked for on a page.
const ASKED_FOR: &str =
    "select count(*) from tidemark.refresh_log where asked_by not in ('scheduler', 'migration', 'test')";

#[tokio::test]
async fn health_tells_of_the_process_and_of_the_database() {
    let database = FreshDatabase::empty().await;
    let server = Server::start(&database, &[]);
    let health = server.get("/healthz");
    assert_eq!(health.status, 200);
    assert_eq!(serde_json::from_str::<Value>(&health.body).unwrap()["status"], "ok");
    assert_eq!(server.get("/readyz").status, 200, "it migrates by itself");
    database.run("delete from tidemark.migrations where version = 1").await;
    let ready = server.get("/readyz");
    assert_eq!(ready.status, 503);
    assert_eq!(ready.body, r#"{"database":"ok","migrations":"not current"}"#);
    assert_eq!(server.get("/healthz").status, 200);
}

#[tokio::test]
async fn answers_carry_the_headers_that_protect_browsers() {
    let database = FreshDatabase::migrated().await;
    let server = Server::start(&database, &[]);
    let page = server.get("/");
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    assert!(nonce.len() >= 16 && !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    let scripts: Vec<&str> = page.body.split("<script").skip(1).map(|rest| rest.split('>').next().unwrap()).collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{script}");
    }
    assert!(!server.get("/").header("content-security-policy").contains(nonce), "a nonce is used once");
    for path in ["/", "/healthz", "/api/freshness", "/nowhere"] {
        let answer = server.get(path);
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
    }
}

#[tokio::test]
async fn only_own_pages_may_ask_for_a_refresh() {
    let database = FreshDatabase::migrated().await;
    let server = Server::start(&database, &["--profile", "production"]);
    refreshed(&database).await;
    let row = "insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'success')";
    database.run(row).await;
    let ask = |origin: &str| {
        let form = [("origin", origin), ("content-type", "application/x-www-form-urlencoded"), ("content-length", "0")];
        server.ask("POST", "/api/refresh", &form)
    };
    for origin in ["http://elsewhere.example", "null", "http://127.0.0.1:1"] {
        let refused = ask(origin);
        assert_eq!(refused.status, 403, "{origin}: {refused:?}");
    }
    assert_eq!(database.number(ASKED_FOR).await, 0);
    let accepted = ask(&format!("http://{}", server.address));
    assert!(accepted.status < 400, "{accepted:?}");
    assert_eq!(database.number(ASKED_FOR).await, 4);
}

#[tokio::test]
async fn nobody_looks_where_looking_is_off() {
    let database = FreshDatabase::migrated().await;
    let server = Server::start(&database, &["--anonymous", "off"]);
    for path in ["/", "/nowhere", "/no/where", "/events", "/api/freshness", "/admin/users"] {
        let refused = server.get(path);
        assert_eq!((refused.status, refused.header("www-authenticate")), (401, "Bearer"), "{path}");
        // Somebody with a browser logs in, and comes back.
        let sent = server.ask("GET", path, &[("accept", "text/html")]);
        let login = format!("/login?next={}", path.replace('/', "%2F"));
        assert_eq!((sent.status, sent.header("location")), (303, login.as_str()), "{path}");
    }
    let nobody = [("content-length", "0"), ("authorization", "none")];
    assert_eq!(server.ask("POST", "/api/refresh", &nobody).status, 401);
    assert_eq!(server.get("/login").status, 200);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_or_too_large_is_refused() {
    let database = FreshDatabase::migrated().await;
    let server = Server::start(&database, &[]);
    for path in ["/nowhere", "/no/where", "/api/nothing", "/pkg-0/nothing.js"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    let too_large = (64 * 1024 + 1).to_string();
    let refused = server.ask("POST", "/api/refresh", &[("content-length", &too_large)]);
    assert_eq!(refused.status, 413, "{refused:?}");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_browsers_that_listen() {
    let database = FreshDatabase::migrated().await;
    let mut server = Server::start(&database, &[]);
    let mut listening = BufReader::new(server.listen("GET", "/events", &[]));
    let mut line = String::new();
    while !line.starts_with("data: ") {
        line.clear();
        assert!(listening.read_line(&mut line).unwrap() > 0, "the stream ended");
    }
    let freshness: Value = serde_json::from_str(line.trim_start_matches("data: ")).unwrap();
    assert!(freshness["data_version"].is_u64(), "{freshness}");
    refreshed(&database).await;

    let asked = Instant::now();
    server.terminate();
    let mut rest = String::new();
    listening.read_to_string(&mut rest).unwrap();
    let mut status = None;
    while status.is_none() {
        assert!(asked.elapsed() < Duration::from_secs(5), "{}", server.log());
        status = server.ended();
        std::thread::yield_now();
    }
    assert_eq!(status.unwrap().code(), Some(0), "{}", server.log());
    let sessions = "select count(*) from pg_stat_activity
        where datname = current_database() and application_name = 'tidemark' and pid <> pg_backend_pid()
            and query like '%tidemark_refreshed%'";
    until("its sessions ended", async || database.number(sessions).await == 0).await;
}

#[tokio::test]
async fn logs_are_json_where_nobody_watches() {
    let database = FreshDatabase::migrated().await;
    let server = Server::start(&database, &[]);
    until("something is logged", async || server.log().ends_with('\n')).await;
    for line in server.log().lines() {
        let entry: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        for key in ["timestamp", "level", "fields", "target"] {
            assert!(!entry[key].is_null(), "{key}: {line}");
        }
    }
}
