//! What an open page hears: changes soon after their commit, and little else.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpStream,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use fresh_database::FreshDatabase;
use serde_json::Value;

use super::running::Server;

const ROW: &str = "insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'success')";

/// How soon a commit is to be in an open page.
const SOON: Duration = Duration::from_secs(6);

/// The events of an open page.
struct Events(BufReader<TcpStream>);

impl Events {
    fn of(server: &Server) -> Self {
        Self(BufReader::new(server.listen("GET", "/events", &[])))
    }

    fn next(&mut self) -> Value {
        let mut line = String::new();
        while !line.starts_with("data: ") {
            line.clear();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream ended");
        }
        serde_json::from_str(line.trim_start_matches("data: ")).unwrap()
    }

    /// The first event that fits.
    fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        let asked = Instant::now();
        loop {
            let event = self.next();
            if fits(&event) {
                return event;
            }
            assert!(asked.elapsed() < Duration::from_secs(60), "waited in vain; the last was {event}");
        }
    }
}

/// The runs of the last 24 hours, as an open page is told.
fn runs(server: &Server) -> i64 {
    let page = server.ask("GET", "/", &[("x-tidemark-live", "1")]).body;
    assert!(!page.contains("class=\"drawing"), "it draws its charts itself");
    let figure = page.split("<dt>Runs</dt>").nth(1).and_then(|rest| rest.split("<dd class=\"value\">").nth(1));
    figure.and_then(|rest| rest.split('<').next()).map_or(0, |number| number.replace(',', "").parse().unwrap())
}

#[tokio::test]
async fn a_commit_is_in_an_open_page_soon() {
    let database = FreshDatabase::migrated().await;
    let server = Server::start(&database, &[]);
    let mut events = Events::of(&server);
    let mut version = events.until(|event| event["data_version"] != 0)["data_version"].clone();
    for rows in 1..=5 {
        database.run(ROW).await;
        let committed = Instant::now();
        version = events.until(|event| event["data_version"] != version)["data_version"].clone();
        assert!(committed.elapsed() < SOON, "{:?}", committed.elapsed());
        assert_eq!(runs(&server), rows);
    }
}

#[tokio::test]
async fn while_nothing_changes_only_the_moment_moves_on() {
    let database = FreshDatabase::migrated().await;
    database.run(ROW).await;
    database.refresh().await;
    let server = Server::start(&database, &[]);
    let mut events = Events::of(&server);
    let as_of = |event: &Value| event["data_as_of"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    let first = events.until(|event| event["data_version"] != 0);
    // A fold after the start may bring the same data once more; and an hour may end.
    let next = events.until(|event| as_of(event) > as_of(&first) + Duration::from_secs(4));
    assert_eq!(next["data_version"], first["data_version"], "{first} {next}");
    assert!(next["spending"]["spent"].as_f64().is_some_and(|spent| spent < 0.5), "{next}");
    assert!((next["spending"]["budget"].as_f64().unwrap() - 0.05).abs() < 1e-9);
}

#[tokio::test]
async fn an_old_transaction_is_named_with_its_query() {
    let database = FreshDatabase::migrated().await;
    let server = Server::start(&database, &[]);
    let mut events = Events::of(&server);
    let mut open = database.pool.begin().await.unwrap();
    sqlx::query(ROW).execute(&mut *open).await.unwrap();
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *open).await.unwrap();
    let held = events.until(|event| event["holder"]["pid"] == pid);
    assert_eq!(held["trouble"], Value::Null, "it costs nothing in exactness");
    database.run(ROW).await;
    events.until(|_| runs(&server) == 1);
    open.commit().await.unwrap();
    events.until(|event| event["holder"].is_null());
    events.until(|_| runs(&server) == 2);
}
