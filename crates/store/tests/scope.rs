//! Who sees only some organizations sees nothing else: on no page, in no file, in no list to choose from.
#![allow(clippy::unwrap_used)]

use chrono::Utc;
use domain::{
    access::Scope, export::Export, fingerprint::Fingerprint, page::Page, page_data::PageData, query::Query, zone::Zone,
};
use fresh_database::FreshDatabase;
use store::executions::Text;

/// Executions of acme, of another organization and of nobody; whatever is not acme's says so.
async fn organizations() -> FreshDatabase {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.organizations (id, name) values ('acme', 'Acme'), ('secret-org', 'Secret Org');
            insert into public.triggers (id, name, organization_id) values
                ('ours', 'Ours', 'acme'), ('theirs', 'Secret trigger', 'secret-org'), ('free', 'Secret and free', null);
            insert into public.action_results (
                id, job_id, trigger_id, action_type, status, executed_at, duration_ms, error_message, response_data
            )
            select
                coalesce(whose, 'nobody') || n, 'job', whose, case when whose = 'ours' then 'rest' else 'secret-type' end,
                case when n % 3 = 0 then 'failed' else 'success' end, now() - n * interval '7 minutes', n,
                case when n % 3 = 0 then case when whose = 'ours' then 'our error' else 'secret error' end end,
                case when whose = 'ours' then '{}' else '{\"secret\": true}' end::jsonb
            from generate_series(1, 90) as n, unnest(array['ours', 'theirs', 'free', null]) as whose",
        )
        .await;
    database.refresh().await;
    database
}

fn acme() -> Scope {
    Scope::read("acme").unwrap()
}

async fn pages(database: &FreshDatabase, sees: &Scope, asked: &str) -> Vec<PageData> {
    let error = Fingerprint::of("our error").to_string();
    let mut pages = Page::NAVIGATION.to_vec();
    pages.extend([Page::Trigger("ours".to_owned()), Page::Failure(error)]);
    let (query, problems) = Query::parse(asked, Zone::UTC);
    assert_eq!(problems, []);
    let mut shown = Vec::new();
    for page in &pages {
        shown.push(store::pages::load(&database.pool, sees, page, &query).await.unwrap().unwrap());
    }
    shown
}

#[tokio::test]
async fn no_page_shows_what_is_not_seen() {
    let database = organizations().await;
    for asked in ["", "range=7d&compare=1", "range=30d", "type=rest", "status=failed", "trigger=ours", "org=acme"] {
        for data in pages(&database, &acme(), asked).await {
            let shown = format!("{data:?}").to_lowercase();
            assert!(!shown.contains("secret"), "{asked}: {shown}");
        }
    }
    let everything: String = pages(&database, &Scope::All, "").await.iter().map(|data| format!("{data:?}")).collect();
    assert!(everything.contains("secret error") && everything.contains("Secret trigger"), "it would be seen otherwise");
}

#[tokio::test]
async fn asking_for_another_organization_or_trigger_shows_nothing() {
    let database = organizations().await;
    for asked in ["org=secret-org", "trigger=theirs", "org=secret-org&trigger=theirs", "trigger=free"] {
        let query = Query::parse(asked, Zone::UTC).0;
        let overview = store::overview::load(&database.pool, &acme(), &query).await.unwrap().unwrap();
        assert_eq!(overview.summary.current.counts.total(), 0, "{asked}");
    }
    for id in ["theirs", "free"] {
        let page = store::trigger::load(&database.pool, &acme(), id, &Query::default()).await.unwrap().unwrap();
        assert!(page.panels.is_none(), "{id}");
    }
}

#[tokio::test]
async fn counts_files_texts_and_choices_keep_to_what_is_seen() {
    let database = organizations().await;
    let overview = store::overview::load(&database.pool, &acme(), &Query::default()).await.unwrap().unwrap();
    assert_eq!(overview.summary.current.counts.total(), 90);
    for path in ["/export/failures/rows.csv", "/export/triggers/trigger-list.csv", "/export/failures.csv"] {
        let export = Export::from_path(path).unwrap();
        let part = store::exports::part(&database.pool, &acme(), &export, &Query::default(), Utc::now(), None).await;
        let shown = format!("{:?}", part.unwrap()).to_lowercase();
        assert!(!shown.contains("secret"), "{path}: {shown}");
    }
    let text = async |id: &str| store::executions::response(&database.pool, &acme(), id).await.unwrap();
    assert!(matches!(text("ours3").await, Text::Whole(_)));
    for id in ["theirs3", "free3", "nobody3"] {
        assert!(matches!(text(id).await, Text::Missing), "{id}");
    }
    let choices = store::choices::load(&database.pool, &acme()).await.unwrap();
    assert!(!format!("{choices:?}").to_lowercase().contains("secret"), "{choices:?}");
}

#[tokio::test]
async fn a_trigger_that_moves_moves_at_once() {
    let database = organizations().await;
    let total = async || {
        let overview = store::overview::load(&database.pool, &acme(), &Query::default()).await.unwrap().unwrap();
        overview.summary.current.counts.total()
    };
    assert_eq!(total().await, 90);
    database.run("update public.triggers set organization_id = 'acme' where id = 'theirs'").await;
    assert_eq!(total().await, 180);
    database.run("update public.triggers set organization_id = null where id = 'ours'").await;
    assert_eq!(total().await, 90);
}
