//! Pages as views of a query: what is named, what is kept, and how often one is loaded.

use std::io::Read as _;

use fresh_database::FreshDatabase;

use super::running::Server;

#[tokio::test]
async fn a_page_is_loaded_once_however_many_ask() {
    let database = FreshDatabase::migrated().await;
    let rows = "insert into public.action_results (job_id, action_type, status, executed_at)
        select 'j', 'rest', 'success', now() - n * interval '1 minute' from generate_series(1, 500) as n";
    database.run(rows).await;
    database.refresh().await;
    let server = Server::start(&database, &["--interval", "1h"]);
    let loads = || server.log().matches("loaded a page").count();
    let before = loads();
    let asking: Vec<_> = (0..20).map(|_| server.listen("GET", "/?range=7d&type=rest", &[])).collect();
    for mut stream in asking {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.0 200") && answer.contains("Last 7 days") && answer.contains(">500<"),
            "{answer}"
        );
    }
    assert_eq!(loads(), before + 1, "{}", server.log());
}

#[tokio::test]
async fn what_makes_no_sense_is_named_and_hostile_text_is_shown_as_text() {
    let database = FreshDatabase::migrated().await;
    database
        .run("insert into public.action_results (job_id, action_type, status) values ('j', '</script><b>', 'failed')")
        .await;
    let server = Server::start(&database, &[]);
    let page = server.get("/?range=%3Cscript%3E&type=%FF%00&status=failed");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("“range=&lt;script&gt;” makes no sense"), "{}", page.body);
    assert!(page.body.contains("at most 300 characters") && page.body.contains("Last 24 hours"));
    assert!(!page.body.contains("<b>") && page.body.contains("\\u003c/script>"));
    for path in ["/?=&&&==%", "/?range=..", "/?range=-1..1", "/?tz=../../etc", &format!("/?q={}", "é".repeat(1_000))] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
}

#[tokio::test]
async fn cookies_choose_zone_and_theme() {
    let database = FreshDatabase::migrated().await;
    let server = Server::start(&database, &[]);
    let page = server.ask("GET", "/", &[("cookie", "tz=Asia/Tokyo; theme=dark")]).body.replace("<!>", "");
    assert!(page.contains("data-theme=\"dark\"") && page.contains("Times are in Asia/Tokyo"), "{page}");
    let page = server.ask("GET", "/", &[("cookie", "tz=\"><b>; theme=purple")]).body.replace("<!>", "");
    assert!(!page.contains("data-theme") && page.contains("Times are in UTC") && !page.contains("<b>"), "{page}");
}
