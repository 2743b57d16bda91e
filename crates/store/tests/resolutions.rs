//! Kinds of error that are resolved: what pages say of them, to whom, and that every server hears of it.
#![allow(clippy::unwrap_used)]

use domain::{
    access::Scope,
    failure::{Failure, Kind},
    failures::Errors,
    fingerprint::Fingerprint,
    panel::Panel,
    query::Query,
    resolutions::ErrorState,
};
use fresh_database::FreshDatabase;

/// Failures of two kinds, one of an organization and one of nobody.
async fn failures() -> FreshDatabase {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.organizations (id, name) values ('acme', 'Acme');
            insert into public.triggers (id, name, organization_id) values ('ours', 'Ours', 'acme'), ('free', 'Free', null)",
        )
        .await;
    fail(&database, "ours", "refused", "1 minute").await;
    fail(&database, "free", "timeout", "1 minute").await;
    database
}

async fn fail(database: &FreshDatabase, trigger: &str, message: &str, ago: &str) {
    let insert = format!(
        "insert into public.action_results (job_id, trigger_id, action_type, status, executed_at, error_message)
        values ('job', '{trigger}', 'rest', 'failed', now() - interval '{ago}', '{message}')"
    );
    database.run(&insert).await;
}

async fn resolve(database: &FreshDatabase, message: &str, note: Option<&str>) {
    let before = store::resolutions::resolve(&database.pool, Fingerprint::of(message), "Anna", note).await.unwrap().1;
    assert_eq!(before, None);
}

async fn page(database: &FreshDatabase, sees: &Scope, message: &str, address: &str) -> Kind {
    let (name, query) = (Fingerprint::of(message).to_string(), Query::parse(address, Default::default()).0);
    let page: Failure = store::failure::load(&database.pool, sees, &name, &query).await.unwrap().unwrap();
    page.kind
}

async fn list(database: &FreshDatabase, sees: &Scope) -> Errors {
    store::failures::load(&database.pool, sees, &Query::default()).await.unwrap().unwrap().errors
}

fn states(errors: &Errors) -> Vec<(&str, ErrorState)> {
    let mut states: Vec<_> = errors.rows.iter().map(|row| (row.title(), errors.resolutions.state(row))).collect();
    states.sort_by_key(|(title, _)| *title);
    states
}

#[tokio::test]
async fn a_kind_is_resolved_comes_back_and_is_opened_again() {
    let database = failures().await;
    let (refused, timeout) = (Fingerprint::of("refused"), ("timeout", ErrorState::Open));
    assert_eq!(states(&list(&database, &Scope::All).await), [("refused", ErrorState::Open), timeout]);

    resolve(&database, "refused", Some("fixed in 2.4")).await;
    let resolved = list(&database, &Scope::All).await;
    assert_eq!(states(&resolved), [("refused", ErrorState::Resolved), timeout]);
    assert!(resolved.sentence().ends_with("; 1 is resolved."), "{}", resolved.sentence());
    let kind = page(&database, &Scope::All, "refused", "").await;
    let resolution = kind.resolution.clone().unwrap();
    assert_eq!((resolution.resolved_by.as_str(), resolution.note.as_deref()), ("Anna", Some("fixed in 2.4")));

    fail(&database, "ours", "refused", "-1 second").await;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    assert_eq!(states(&list(&database, &Scope::All).await), [("refused", ErrorState::CameBack), timeout]);
    assert_eq!(page(&database, &Scope::All, "refused", "").await.state(), ErrorState::CameBack);

    let (again, before) = store::resolutions::resolve(&database.pool, refused, "Ben", None).await.unwrap();
    assert_eq!((before, again.note), (Some(resolution), None));
    assert_eq!(page(&database, &Scope::All, "refused", "").await.state(), ErrorState::Resolved);

    let gone = store::resolutions::reopen(&database.pool, refused).await.unwrap();
    assert_eq!(gone.map(|gone| gone.resolved_by), Some("Ben".to_owned()));
    assert_eq!(store::resolutions::reopen(&database.pool, refused).await.unwrap(), None);
    assert_eq!(states(&list(&database, &Scope::All).await), [("refused", ErrorState::Open), timeout]);
}

#[tokio::test]
async fn what_came_back_is_said_on_a_page_about_the_time_before_too() {
    let database = failures().await;
    fail(&database, "ours", "refused", "3 days").await;
    resolve(&database, "refused", None).await;
    let day = (chrono::Utc::now() - chrono::TimeDelta::days(3)).date_naive();
    let asked = [format!("range={day}..{day}"), "trigger=ours".to_owned(), "range=2020-01-01..2020-01-02".to_owned()];
    for asked in &asked {
        assert_eq!(page(&database, &Scope::All, "refused", asked).await.state(), ErrorState::Resolved, "{asked}");
    }
    fail(&database, "free", "refused", "-1 second").await;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let acme = Scope::read("acme").unwrap();
    for asked in &asked {
        assert_eq!(page(&database, &Scope::All, "refused", asked).await.state(), ErrorState::CameBack, "{asked}");
        let query = Query::parse(asked, Default::default()).0;
        let errors = store::failures::load(&database.pool, &Scope::All, &query).await.unwrap().unwrap().errors;
        assert!(states(&errors).iter().all(|&(title, state)| title != "refused" || state == ErrorState::CameBack));
        assert_ne!(page(&database, &acme, "refused", asked).await.state(), ErrorState::CameBack, "{asked}");
    }
}

#[tokio::test]
async fn what_is_said_of_a_kind_is_for_who_sees_it_or_everything() {
    let database = failures().await;
    let acme = Scope::read("acme").unwrap();
    resolve(&database, "refused", Some("ours")).await;
    resolve(&database, "timeout", Some("secret")).await;
    let is_told =
        async |sees: &Scope, message, address| page(&database, sees, message, address).await.resolution.is_some();
    assert!(is_told(&acme, "refused", "").await);
    assert!(!is_told(&acme, "timeout", "").await && is_told(&Scope::All, "timeout", "").await);
    // Nothing failed like it in this time: who sees everything is told all the same.
    let long_ago = "range=2020-01-01..2020-01-02";
    assert!(!is_told(&acme, "refused", long_ago).await && is_told(&Scope::All, "refused", long_ago).await);
    assert_eq!(states(&list(&database, &acme).await), [("refused", ErrorState::Resolved)]);
    assert_eq!(list(&database, &acme).await.resolutions.said.len(), 1);
    // What came back elsewhere did not come back for them.
    fail(&database, "free", "refused", "-1 second").await;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    assert_eq!(page(&database, &acme, "refused", "").await.state(), ErrorState::Resolved);
    assert_eq!(page(&database, &Scope::All, "refused", "").await.state(), ErrorState::CameBack);
}

#[tokio::test]
async fn the_table_refuses_what_makes_no_sense() {
    let database = FreshDatabase::migrated().await;
    let insert = "insert into tidemark.resolved_errors (fingerprint, resolved_by, note) values ";
    for values in [
        "('banana', 'x', null)",
        "('1-00000000000000ff', '', null)",
        "('1-00000000000000ff', 'x', '')",
        "('1-00000000000000ff', 'x', repeat('é', 201))",
        "('1-00000000000000ff', 'x', e'two\\nlines')",
    ] {
        let result = sqlx::raw_sql(sqlx::AssertSqlSafe(format!("{insert}{values}"))).execute(&database.pool).await;
        assert!(result.is_err(), "{values}");
    }
    database.run(&format!("{insert}('1-00000000000000ff', 'x', repeat('é', 200))")).await;
}

#[tokio::test]
async fn every_change_is_in_the_pulse_and_announced() {
    let database = FreshDatabase::migrated().await;
    let mut listener = store::refresh::listen(&database.another_pool().await).await.unwrap();
    let beat = async || store::refresh::pulse(&database.pool).await.unwrap().beat;
    let before = beat().await;
    resolve(&database, "refused", None).await;
    let between = beat().await;
    store::resolutions::reopen(&database.pool, Fingerprint::of("refused")).await.unwrap();
    assert!(before != between && between != beat().await);
    let patience = std::time::Duration::from_secs(10);
    assert_eq!(tokio::time::timeout(patience, listener.next()).await.unwrap().unwrap(), Some(1));
}
