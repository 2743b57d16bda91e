//! The list of all triggers: every order page by page, saved views, search, and numbers that are live.
#![allow(clippy::unwrap_used)]

use domain::{
    query::Query,
    status::StatusCounts,
    triggers::{Health, Order, SavedView, Sort, Thresholds, TriggerList, Unwell},
};
use fresh_database::FreshDatabase;

/// Runs of one trigger, just now.
fn runs(trigger: &str, succeeded: u32, failed: u32, duration_ms: u32, retries: u32) -> String {
    format!(
        "insert into public.action_results (job_id, trigger_id, action_type, status, duration_ms, retry_count)
        select 'j', '{trigger}', 'rest', case when n <= {failed} then 'failed' else 'success' end, {duration_ms}, {retries}
        from generate_series(1, {failed} + {succeeded}) as n;"
    )
}

/// Triggers of every kind, refreshed.
async fn zoo() -> FreshDatabase {
    let database = FreshDatabase::migrated().await;
    database
        .run(&format!(
            "insert into public.organizations (id, name) values ('acme', 'Acme');
            insert into public.triggers (id, name, enabled, created_at, organization_id)
            select name, 'The ' || upper(name), name <> 'off', now() - interval '8 days',
                case when name in ('half', 'new') then 'acme' end
            from unnest(array['well', 'busy', 'half', 'broken', 'slow', 'eager', 'off', 'quiet', 'never', 'new']) as name;
            update public.triggers set created_at = now() where id = 'new';
            {} {} {} {} {} {} {}
            insert into public.action_results (job_id, trigger_id, action_type, status, executed_at)
            values ('j', 'quiet', 'rest', 'success', now() - interval '8 days');",
            runs("well", 10, 0, 5, 0),
            runs("busy", 50, 0, 5, 0),
            runs("half", 7, 3, 5, 0),
            runs("broken", 2, 8, 5, 0),
            runs("slow", 5, 0, 6_000, 0),
            runs("eager", 5, 0, 5, 1),
            runs("off", 1, 0, 5, 0),
        ))
        .await;
    database.refresh().await;
    database
}

async fn list(database: &FreshDatabase, query: &Query) -> TriggerList {
    store::triggers::load(&database.pool, &domain::access::Scope::All, query).await.unwrap().unwrap().list
}

async fn ids(database: &FreshDatabase, query: &Query) -> Vec<String> {
    list(database, query).await.rows.into_iter().map(|row| row.trigger.id).collect()
}

fn view(view: SavedView) -> Query {
    Query::default().with_order(Order::of_view(view))
}

#[tokio::test]
async fn the_worst_come_first_with_live_numbers_and_reasons() {
    let database = zoo().await;
    let shown = list(&database, &Query::default()).await;
    let health: Vec<_> = shown.rows.iter().map(|row| (row.trigger.id.as_str(), row.trigger.verdict.health)).collect();
    assert_eq!(health[..2], [("broken", Health::Critical), ("half", Health::Warning)]);
    assert_eq!(health.len(), 10, "{health:?}");
    assert_eq!(health[8..], [("never", Health::Idle), ("new", Health::Ok)], "what never ran is not lost");
    assert_eq!(shown.census.total, 10);
    assert_eq!(shown.census.unwell, Some(Unwell { critical: 1, warning: 3, idle: 1 }));
    assert_eq!(shown.rows[0].trigger.totals.counts, StatusCounts { success: 2, retrying: 0, failed: 8 });
    assert_eq!(shown.rows[0].days.last(), Some(&10));
    assert!(shown.ranked_at.is_some());

    database.run(&runs("new", 1, 0, 5, 0)).await;
    database.run(&runs("broken", 100, 0, 5, 0)).await;
    let later = list(&database, &Query::default()).await;
    assert_eq!(later.rows[0].trigger.id, "broken", "the order is that of the refresh");
    assert_eq!(later.rows[0].trigger.verdict.health, Health::Ok, "the numbers are live");
    assert_eq!(later.rows[9].trigger.totals.counts.total(), 1);
    database.refresh().await;
    assert_eq!(ids(&database, &Query::default()).await[0], "half");
}

#[tokio::test]
async fn every_order_goes_through_all_triggers_page_by_page() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.triggers (id, name, created_at)
            select 't-' || n, 'Name ' || (n % 40), now() from generate_series(1, 130) as n;
            insert into public.action_results (job_id, trigger_id, action_type, status, duration_ms, retry_count, executed_at)
            select 'j', 't-' || (n % 120 + 1), 'rest', case when n % 7 = 0 then 'failed' else 'success' end,
                case when n % 120 > 5 then (n % 10) * 100 end, n % 3, now() - n % 50 * interval '1 hour'
            from generate_series(1, 600) as n",
        )
        .await;
    database.refresh().await;
    for sort in Sort::ALL {
        for is_reversed in [false, true] {
            let order = Order { view: None, sort, is_reversed };
            let (mut query, mut seen) = (Query::default().with_order(order), Vec::new());
            loop {
                let page = list(&database, &query).await;
                assert!(page.rows.len() <= 50);
                seen.extend(page.rows.into_iter().map(|row| row.trigger.id));
                let Some(next) = page.next else { break };
                // As a link carries it.
                let address = query.with_after(next).href(&domain::page::Page::Triggers);
                let (read, problems) = Query::parse(address.split_once('?').unwrap().1, query.viewer);
                assert_eq!(problems, []);
                query = read;
            }
            let mut distinct = seen.clone();
            distinct.sort_unstable();
            distinct.dedup();
            assert_eq!((seen.len(), distinct.len()), (130, 130), "{order:?}");
        }
    }
}

#[tokio::test]
async fn columns_sort_both_ways_and_what_has_no_value_is_last() {
    let database = zoo().await;
    let by = |sort, is_reversed| Query::default().with_order(Order { view: None, sort, is_reversed });
    let most = ids(&database, &by(Sort::Executions, false)).await;
    assert_eq!(most[0], "busy");
    assert_eq!(most[8..], ["never", "new"]);
    let fewest = ids(&database, &by(Sort::Executions, true)).await;
    assert_eq!((fewest[0].as_str(), &fewest[8..]), ("off", ["never".to_owned(), "new".to_owned()].as_slice()));
    assert_eq!(ids(&database, &by(Sort::P95, false)).await[0], "slow");
    assert_eq!(ids(&database, &by(Sort::P95, false)).await[7..], ["never", "new", "quiet"]);
    assert_eq!(ids(&database, &by(Sort::LastRun, true)).await[0], "quiet");
    assert_eq!(ids(&database, &by(Sort::Retries, false)).await[0], "eager");
    let names = ids(&database, &by(Sort::Name, false)).await;
    assert!(names.is_sorted() && names.len() == 10, "{names:?}");
}

#[tokio::test]
async fn saved_views_answer_their_question() {
    let database = zoo().await;
    assert_eq!(ids(&database, &view(SavedView::Failing)).await, ["broken", "half"]);
    assert_eq!(ids(&database, &view(SavedView::Sla)).await, ["slow"]);
    assert_eq!(ids(&database, &view(SavedView::Retries)).await, ["eager"]);
    assert_eq!(ids(&database, &view(SavedView::Idle)).await, ["quiet", "never"]);
    assert_eq!(ids(&database, &view(SavedView::Slowest)).await[0], "slow");
    assert_eq!(ids(&database, &view(SavedView::Active)).await[0], "busy");
    database.run("update public.triggers set enabled = false where id in ('quiet', 'never')").await;
    assert!(ids(&database, &view(SavedView::Idle)).await.is_empty(), "only enabled ones are idle");
}

#[tokio::test]
async fn organization_text_and_trigger_narrow_the_list_and_its_counts() {
    let database = zoo().await;
    let acme = list(&database, &Query::default().with_organization(Some("acme"))).await;
    assert_eq!(acme.rows.iter().map(|row| row.trigger.id.as_str()).collect::<Vec<_>>(), ["half", "new"]);
    assert_eq!((acme.census.total, acme.census.unwell), (2, Some(Unwell { critical: 0, warning: 1, idle: 0 })));
    assert_eq!(acme.rows[0].trigger.entry.as_ref().unwrap().organization.as_deref(), Some("acme"));
    assert_eq!(ids(&database, &Query::default().with_text(Some("the bRo"))).await, ["broken"]);
    assert_eq!(ids(&database, &Query::default().with_text(Some("n%w"))).await, Vec::<String>::new());
    assert_eq!(ids(&database, &Query::default().with_trigger(Some("never"))).await, ["never"]);
    let failing = view(SavedView::Failing).with_text(Some("half"));
    assert_eq!(ids(&database, &failing).await, ["half"]);
}

#[tokio::test]
async fn more_than_are_counted_still_fit_and_a_name_of_any_length_does() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.triggers (id, name) select 't-' || n, 'Many ' || n from generate_series(1, 2100) as n;
            insert into public.triggers (id, name) values ('long', repeat('Long name ', 5000));
            insert into public.action_results (job_id, trigger_id, action_type, status)
            values ('j', 't-7', 'rest', 'failed'), ('j', 't-8', 'rest', 'success'), ('j', 'long', 'rest', 'success')",
        )
        .await;
    database.refresh().await;
    let many = list(&database, &Query::default().with_text(Some("many"))).await;
    assert_eq!((many.census.unwell, many.rows.len()), (None, 50));
    assert_eq!((many.rows[0].trigger.id.as_str(), many.rows[1].trigger.id.as_str()), ("t-7", "t-8"));
    let by_name = Order { sort: Sort::Name, ..Order::default() };
    let first = list(&database, &Query::default().with_order(by_name)).await;
    assert_eq!(first.rows[0].trigger.id, "long");
    assert_eq!(list(&database, &Query::default().with_text(Some("long name"))).await.rows.len(), 1);
}

#[tokio::test]
async fn a_trigger_that_is_gone_is_still_listed_where_its_runs_are() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "alter table public.action_results drop constraint action_results_trigger_id_fkey;
            insert into public.action_results (job_id, trigger_id, action_type, status, duration_ms)
            values ('j', 'gone', 'rest', 'success', 5)",
        )
        .await;
    database.refresh().await;
    for sort in Sort::ALL {
        let query = Query::default().with_order(Order { sort, ..Order::default() });
        let shown = list(&database, &query).await;
        assert_eq!(shown.rows.len(), 1, "{sort:?}");
        assert_eq!((shown.rows[0].trigger.name(), &shown.rows[0].trigger.entry), ("gone", &None));
    }
}

#[tokio::test]
async fn the_database_and_the_thresholds_agree() {
    let database = FreshDatabase::migrated().await;
    let limits = Thresholds::default();
    let just = 0.01;
    let cases = [
        (limits.success_rate_critical - just, 0.0, 0.0, 2),
        (limits.success_rate_critical, 0.0, 0.0, 1),
        (limits.success_rate_warning - just, 0.0, 0.0, 1),
        (limits.success_rate_warning, 0.0, 0.0, 0),
        (100.0, limits.p95_critical_ms + just, 0.0, 2),
        (100.0, limits.p95_critical_ms, 0.0, 1),
        (100.0, limits.p95_warning_ms + just, 0.0, 1),
        (100.0, limits.p95_warning_ms, 0.0, 0),
        (100.0, 0.0, limits.avg_retries_warning + just, 1),
        (100.0, 0.0, limits.avg_retries_warning, 0),
    ];
    for (success_rate, p95, retries, expected) in cases {
        let severity =
            format!("select trunc(tidemark.trigger_severity({success_rate}, {p95}, {retries}) / 1000)::bigint");
        assert_eq!(database.number(&severity).await, expected, "{success_rate}% {p95} ms {retries}");
    }
}

#[tokio::test]
async fn every_order_is_that_of_an_index() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.triggers (id, name) select 't-' || n, 'Name ' || n from generate_series(1, 20000) as n;
            insert into public.action_results (job_id, trigger_id, action_type, status, duration_ms)
            select 'j', 't-' || n, 'rest', 'success', n % 1000 from generate_series(1, 20000) as n",
        )
        .await;
    database.refresh().await;
    database.run("analyze public.trigger_performance_summary; analyze public.triggers").await;
    let mut transaction = database.pool.begin().await.unwrap();
    for sort in Sort::ALL {
        for is_descending in [false, true] {
            let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
                "select count(*) from tidemark.rank_triggers('{}', {is_descending}, null, false, null, null, null, null, null, 51)",
                sort.word()
            )))
            .fetch_one(&mut *transaction)
            .await
            .unwrap();
            assert_eq!(rows, 51);
            let reads = "select coalesce(sum(seq_tup_read), 0)::bigint from pg_stat_xact_user_tables where relname in ('triggers', 'trigger_performance_summary')";
            let read: i64 = sqlx::query_scalar(reads).fetch_one(&mut *transaction).await.unwrap();
            assert_eq!(read, 0, "{sort:?}");
        }
    }
}
