//! Marks on the charts, from the form of a page and by programs.

use fresh_database::{FreshDatabase, until};
use serde_json::Value;

use super::running::{Answer, Server};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const API: &str = "/api/v1/annotations";

async fn serve() -> (FreshDatabase, Server) {
    let database = FreshDatabase::migrated().await;
    database
        .run("insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'success')")
        .await;
    database.refresh().await;
    let server = Server::start(&database, &["--interval", "1h"]);
    (database, server)
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}

#[tokio::test]
async fn the_form_leads_back_to_the_page_that_shows_the_mark_at_once() {
    let (_database, server) = serve().await;
    assert!(!server.get("/?range=7d").body.contains("v2 &lt;b&gt;"));
    let sent = server.send("POST", "/?range=7d&utm=x", FORM, "does=add&kind=deploy&text=v2+%3Cb%3E&at=&until=");
    assert_eq!((sent.status, sent.header("location")), (303, "/?range=7d"));
    let page = server.get("/?range=7d").body;
    assert!(page.contains("1 mark") && page.contains("v2 &lt;b&gt;") && !page.contains("v2 <b>"), "{page}");
    assert!(page.contains("mark-deploy") && page.contains("\\u003cb>"), "the table and the charts have it: {page}");
    assert!(server.get("/export/executions.svg?range=7d").body.contains("Deploy: v2 &lt;b&gt;"));
    let id = json(&server.get(API))["data"][0]["id"].to_string();
    let removed = server.send("POST", "/?range=7d", FORM, &format!("does=remove&id={id}"));
    assert_eq!(removed.status, 303);
    assert!(!server.get("/?range=7d").body.contains("v2 &lt;b&gt;"));
    assert_eq!(server.send("POST", "/nowhere", FORM, "does=remove&id=1").status, 404);
}

#[tokio::test]
async fn what_makes_no_sense_is_told_beside_its_field_and_nothing_typed_is_lost() {
    let (database, server) = serve().await;
    let body = "kind=incident&text=queue+%22stuck%22&at=2026-11-24T09%3A00&until=2026-11-24T08%3A00";
    let page = server.send("POST", "/?range=7d", FORM, body);
    assert_eq!(page.status, 422);
    assert!(page.body.contains("The end has to be after the beginning"), "{}", page.body);
    assert!(page.body.contains("queue &quot;stuck&quot;") && page.body.contains("2026-11-24T08:00"));
    assert!(page.body.contains("<details open class=\"marks-fold\""), "{}", page.body);
    assert_eq!(database.number("select count(*) from tidemark.annotations").await, 0);
}

#[tokio::test]
async fn another_sites_page_can_mark_and_remove_nothing() {
    let (database, server) = serve().await;
    let headers = [("origin", "http://elsewhere.example"), ("content-type", FORM), ("content-length", "0")];
    for (method, path) in [("POST", "/"), ("POST", "/actions"), ("POST", API), ("DELETE", "/api/v1/annotations/1")] {
        assert_eq!(server.ask(method, path, &headers).status, 403, "{method} {path}");
    }
    assert_eq!(database.number("select count(*) from tidemark.annotations").await, 0);
}

#[tokio::test]
async fn programs_add_list_and_remove() {
    let (database, server) = serve().await;
    let body =
        r#"{"kind": "incident", "text": "down", "at": "2026-11-24T09:00:00+01:00", "until": "2026-11-24T08:30:00Z"}"#;
    let body = body.replace("2026-11-24", &chrono::Utc::now().format("%Y-%m-%d").to_string());
    let added = server.send("POST", API, JSON, &body);
    let annotation = json(&added)["data"].clone();
    assert_eq!(
        (added.status, annotation["kind"].as_str(), annotation["text"].as_str()),
        (201, Some("incident"), Some("down"))
    );
    assert!(
        annotation["at"].as_str().is_some_and(|at| at.ends_with("T08:00:00Z"))
            && annotation["created_by"] == "key tests"
    );
    let place = added.header("location").to_owned();
    assert_eq!(place, format!("{API}/{}", annotation["id"]));
    let listed = json(&server.get(&format!("{API}?limit=1")));
    assert_eq!((&listed["data"][0], &listed["metadata"]["has_more"]), (&annotation, &Value::Bool(false)));
    assert_eq!(server.ask("DELETE", &place, &[]).status, 204);
    let gone = server.ask("DELETE", &place, &[]);
    assert_eq!((gone.status, gone.header("content-type")), (404, "application/problem+json"));
    assert_eq!(json(&server.get(API))["data"], Value::Array(vec![]));
    let acts =
        "select actor || ' ' || act || ' ' || target from tidemark.audit_log where act ~ '^annotation' order by id";
    let id = &annotation["id"];
    let expected = [format!("key tests annotation.add {id}"), format!("key tests annotation.remove {id}")];
    assert_eq!(database.texts(acts).await, expected);
}

#[tokio::test]
async fn problems_name_the_parameter_and_what_would_be_right() {
    let (_database, server) = serve().await;
    let cases = [
        (server.get("/api/v1/annotations?limit=0"), 400, "1 to 500"),
        (server.ask("DELETE", "/api/v1/annotations/x", &[]), 400, "whole number"),
        (server.send("POST", API, JSON, r#"{"kind": "party", "text": ""}"#), 400, "deploy, incident or note"),
        (server.send("POST", API, JSON, r#"{"colour": "red"}"#), 422, "colour"),
        (server.send("POST", API, JSON, "{"), 400, "JSON"),
        (server.send("POST", API, FORM, "kind=note"), 415, "application/json"),
    ];
    for (answer, status, told) in cases {
        assert_eq!((answer.status, answer.header("content-type")), (status, "application/problem+json"), "{answer:?}");
        let problem = json(&answer);
        assert_eq!(problem["status"], status, "{problem}");
        assert!(problem.to_string().contains(told), "{problem}");
    }
    let problem = json(&server.send("POST", API, JSON, r#"{"kind": "party", "text": ""}"#));
    assert_eq!((problem["errors"].as_array().unwrap().len(), &problem["errors"][0]["received"]), (2, &"party".into()));
}

#[tokio::test]
async fn every_server_hears_of_a_mark() {
    let (database, server) = serve().await;
    let other = Server::start(&database, &["--interval", "1h"]);
    assert!(!other.get("/").body.contains("over there"));
    server.send("POST", API, JSON, r#"{"kind": "note", "text": "over there"}"#);
    let shows = async || other.ask("GET", "/", &[("x-tidemark-live", "1")]).body.contains("over there");
    until("the other server shows the mark", shows).await;
}
