//! No page reads the source at large: every query that pages ask, those inside of functions too, tells how it was run.
//! Pages and queries that are new are looked at by themselves.
#![allow(clippy::unwrap_used)]

use std::{
    fmt::Debug,
    sync::{Arc, Mutex},
};

use domain::{access::Scope, fingerprint::Fingerprint, page::Page, query::Query, zone::Zone};
use fresh_database::FreshDatabase;
use serde_json::Value;
use tracing::{Event, Metadata, Subscriber, field::Field, span};

/// The most rows of the source that a query reads: those among which pages look for failures, and one that tells that
/// there are more; or those of the hour that the edge of a window cuts.
fn most_read() -> f64 {
    let of_an_hour = 1.1 * f64::from(rows()) / (30.0 * 24.0);
    of_an_hour.max(10_001.0)
}

/// How many rows there are, unless `TIDEMARK_PLAN_ROWS` says otherwise: with 10 million it takes minutes.
const ROWS: u32 = 64_000;

fn rows() -> u32 {
    std::env::var("TIDEMARK_PLAN_ROWS").map_or(ROWS, |rows| rows.parse().unwrap())
}

/// What pages are asked.
const ASKED: [&str; 10] = [
    "",
    "range=90d",
    "range=7d&compare=1&tz=Asia/Kolkata",
    "range=30d&tz=Europe/Rome&type=rest",
    "status=failed&range=90d",
    "status=success&type=mcp",
    "trigger=trigger-1&range=90d",
    "org=acme&range=30d&compare=1",
    "q=error&range=90d",
    "q=nothing-like-it&range=90d&type=rest&org=acme",
];

/// Hears the notices of the database.
#[derive(Clone, Default)]
struct Notices(Arc<Mutex<Vec<String>>>);

impl Subscriber for Notices {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::postgres::notice"
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut told = String::new();
        event.record(&mut |field: &Field, value: &dyn Debug| {
            if field.name() == "message" {
                // In quotation marks, and escaped as JSON escapes.
                let quoted = format!("{value:?}");
                told = serde_json::from_str(&quoted).unwrap_or(quoted);
            }
        });
        self.0.lock().unwrap().push(told);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// A month of rows, a third of them failures, so that planners have a choice and a scan is seen by how much it reads.
async fn month(database: &FreshDatabase) {
    let rows = rows();
    database
        .run(
            "insert into public.organizations (id, name) values ('acme', 'Acme');
            insert into public.triggers (id, name, organization_id)
            select 'trigger-' || n, 'Trigger ' || n, case when n % 3 = 0 then 'acme' end from generate_series(0, 29) as n",
        )
        .await;
    // Each statement is over in seconds, however many rows there are.
    for first in (0..=rows).step_by(500_000) {
        let last = rows.min(first + 499_999);
        let batch = format!(
            "insert into public.action_results (
                job_id, trigger_id, action_type, status, executed_at, duration_ms, error_message, retry_count
            )
            select 'job', 'trigger-' || n % 30, (array['telegram', 'rest', 'mcp'])[1 + n % 3],
                case when n % 7 < 2 then 'failed' when n % 13 = 0 then 'retrying' else 'success' end,
                now() - n * interval '30 days' / {rows}, (n::bigint * 7919 % 4001)::integer,
                case when n % 7 < 2 then 'error ' || n % 5 || ' of job ' || n end, n % 3
            from generate_series({first}, {last}) as n"
        );
        database.run(&batch).await;
        database.refresh().await;
    }
    database.run("analyze").await;
    // And some that came since, some of them late.
    database
        .run(
            "insert into public.action_results (job_id, trigger_id, action_type, status, executed_at, error_message)
            select 'new', 'trigger-' || n % 30, 'rest', 'failed', now() - n * n * interval '1 second', 'new ' || n
            from generate_series(0, 200) as n;
            create schema shadow;
            create function shadow.set_config(text, text, boolean) returns text language sql
            return case when $1 <> 'plan_cache_mode' then pg_catalog.set_config($1, $2, $3) end",
        )
        .await;
}

/// A pool that tells how each statement ran. `shadow` comes first there, so that pages cannot choose how plans are made.
async fn telling_pool(database: &FreshDatabase, plan_cache_mode: &str) -> store::Pool {
    let settings = [
        "session_preload_libraries=auto_explain",
        "auto_explain.log_min_duration=0",
        "auto_explain.log_nested_statements=on",
        "auto_explain.log_analyze=on",
        "auto_explain.log_timing=off",
        "auto_explain.log_format=json",
        "auto_explain.log_level=notice",
        "client_min_messages=notice",
        "search_path=shadow,pg_catalog,public",
        &format!("plan_cache_mode={plan_cache_mode}"),
    ];
    let options = settings.map(|setting| format!("-c%20{}", setting.replace('=', "%3D"))).join("%20");
    let separator = if database.url.contains('?') { '&' } else { '?' };
    let url = format!("{}{separator}options={options}", database.url);
    store::connect(&url, &store::PoolSettings::default()).await.unwrap()
}

/// What is wrong with how a statement read the source; nothing in most cases.
fn wrong(statement: &Value) -> Vec<String> {
    let text = statement["Query Text"].as_str().unwrap_or_default();
    let mut found = Vec::new();
    look(&statement["Plan"], false, &mut found);
    found.into_iter().map(|wrong| format!("{wrong}: {text}")).collect()
}

fn look(node: &Value, is_limited: bool, found: &mut Vec<String>) {
    let word = |name: &str| node[name].as_str().unwrap_or_default();
    let number = |name: &str| node[name].as_f64().unwrap_or_default();
    let nodes = node["Plans"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_limited = is_limited || word("Node Type") == "Limit";
    if word("Relation Name") == "action_results" {
        let removed = number("Rows Removed by Filter") + number("Rows Removed by Index Recheck");
        let read = (number("Actual Rows") + removed) * number("Actual Loops");
        let is_bounded = node["Index Cond"].is_string() || nodes.iter().any(|below| below["Index Cond"].is_string());
        // The engine looks at nothing of it to wait for who empties the table: that reads nothing.
        let is_scan = word("Node Type") == "Seq Scan" && read > 0.0;
        if is_scan || !(is_bounded || is_limited) {
            found.push(format!("{} of the source", word("Node Type")));
        }
        if read > most_read() {
            found.push(format!("{read} rows of the source by {}", word("Node Type")));
        }
    }
    for below in nodes {
        look(below, is_limited, found);
    }
}

#[tokio::test]
async fn no_page_reads_the_source_but_by_an_index_and_a_bound() {
    let database = FreshDatabase::migrated().await;
    month(&database).await;
    let notices = Notices::default();
    let _hearing = tracing::subscriber::set_default(notices.clone());
    let error = Fingerprint::of("error 1 of job 1");
    let mut pages = Page::NAVIGATION.to_vec();
    pages.extend([Page::Trigger("trigger-1".to_owned()), Page::Failure(error.to_string())]);
    for mode in ["force_generic_plan", "force_custom_plan"] {
        let pool = telling_pool(&database, mode).await;
        for page in &pages {
            for asked in ASKED {
                let (query, problems) = Query::parse(asked, Zone::UTC);
                assert_eq!(problems, []);
                assert!(store::pages::load(&pool, &Scope::All, page, &query).await.unwrap().is_some());
                expect_bounded(&notices, &format!("{mode} {}", query.href(page)));
            }
        }
        for sees in [Scope::All, Scope::read("acme").unwrap()] {
            store::choices::load(&pool, &sees).await.unwrap();
            store::pages::load(&pool, &sees, &Page::Overview, &Query::default()).await.unwrap();
        }
        store::refresh::pulse(&pool).await.unwrap();
        store::freshness::observe(&pool).await.unwrap();
        expect_bounded(&notices, &format!("{mode} choices, a part of the data, the pulse"));
        pool.close().await;
    }
}

/// Judges what was told since the last time.
fn expect_bounded(notices: &Notices, what: &str) {
    let told = std::mem::take(&mut *notices.0.lock().unwrap());
    let statements: Vec<Value> =
        told.iter().filter_map(|told| serde_json::from_str(told.split_once("plan:\n")?.1).ok()).collect();
    assert!(statements.len() > 1, "{what}: the database does not tell how it reads: {told:?}");
    let wrong: Vec<_> = statements.iter().flat_map(wrong).collect();
    assert_eq!(wrong, Vec::<String>::new(), "{what}");
}

#[tokio::test]
async fn a_query_that_reads_too_much_is_noticed() {
    let database = FreshDatabase::migrated().await;
    month(&database).await;
    let notices = Notices::default();
    let _hearing = tracing::subscriber::set_default(notices.clone());
    let pool = telling_pool(&database, "auto").await;
    for query in [
        "select count(*) from public.action_results where error_message like '%nothing%'",
        "select count(*) from public.action_results where status = 'failed' and executed_at > now() - interval '90 days'",
        "select max(duration_ms) from public.action_results where executed_at > now() - interval '20 days'",
    ] {
        sqlx::query(query).execute(&pool).await.unwrap();
        let told = std::mem::take(&mut *notices.0.lock().unwrap());
        let statement = told.iter().find_map(|told| serde_json::from_str::<Value>(told.split_once("plan:\n")?.1).ok());
        assert_ne!(wrong(&statement.unwrap()), Vec::<String>::new(), "{query}");
    }
}
