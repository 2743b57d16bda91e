//! Pages while somebody else is at work.
#![allow(clippy::unwrap_used)]

use domain::{page::Page, page_data::PageData, query::Query};
use fresh_database::FreshDatabase;
use sqlx::Connection as _;

#[tokio::test]
async fn a_page_that_waited_for_a_truncate_is_read_again() {
    let database = FreshDatabase::migrated().await;
    let insert = "insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'success')";
    database.run(insert).await;
    database.run("select tidemark.fold()").await;
    let mut emptying = sqlx::PgConnection::connect(&database.url).await.unwrap();
    for statement in ["begin", "truncate public.action_results", insert, insert] {
        sqlx::query(statement).execute(&mut emptying).await.unwrap();
    }
    let pool = database.pool.clone();
    let loading = tokio::spawn(async move {
        store::pages::load(&pool, &domain::access::Scope::All, &Page::Overview, &Query::default()).await.unwrap()
    });
    let waiting =
        "select exists (select from pg_locks where not granted and relation = 'public.action_results'::regclass)";
    fresh_database::until("the page waits for the truncate", || async { database.value::<bool>(waiting).await }).await;
    sqlx::query("commit").execute(&mut emptying).await.unwrap();
    let Some(PageData::Overview(overview)) = loading.await.unwrap() else { panic!("there is data") };
    assert_eq!(overview.summary.current.counts.success, 2, "both rows that came with the truncate, none from before");
}
