//! The pages of failures against rows that are known one by one.
#![allow(clippy::unwrap_used)]

use domain::{
    failure::Failure,
    failures::{Among, Failures, LOOKED_AT, Rows, TypeRow},
    fingerprint::Fingerprint,
    panel::Panel,
    query::Query,
    zone::Zone,
};
use fresh_database::FreshDatabase;

fn query(address: &str) -> Query {
    let (query, problems) = Query::parse(address, Zone::UTC);
    assert_eq!(problems, []);
    query
}

async fn ask(database: &FreshDatabase, address: &str) -> Failures {
    store::failures::load(&database.pool, &domain::access::Scope::All, &query(address)).await.unwrap().unwrap()
}

async fn ask_kind(database: &FreshDatabase, message: &str, address: &str) -> Failure {
    let name = Fingerprint::of(message).to_string();
    store::failure::load(&database.pool, &domain::access::Scope::All, &name, &query(address)).await.unwrap().unwrap()
}

/// Sixty failures, one a minute: two of three time out, after other seconds each time. Every fifth is mail. As many that
/// succeeded, and a retry; and the same day a day before, without the timeouts.
async fn two_days(database: &FreshDatabase) {
    database
        .run(
            "insert into public.organizations (id, name) values ('acme', 'Acme');
            insert into public.triggers (id, name, organization_id)
            select 't' || n, 'Trigger ' || n, case when n < 2 then 'acme' end from generate_series(0, 3) as n;
            insert into public.action_results (id, job_id, trigger_id, action_type, status, executed_at, error_message)
            select 'f' || lpad(n::text, 2, '0'), 'job-' || n, 't' || n % 4, case when n % 5 = 0 then 'mail' else 'rest' end, 'failed',
                now() - n * interval '1 minute', case when n % 3 = 0 then 'refused' else 'timeout after ' || n || ' s' end
            from generate_series(1, 60) as n
            union all
            select 's' || n, 'job', 't0', 'rest', 'success', now() - n * interval '1 minute', null from generate_series(1, 60) as n
            union all
            select 'old', 'job', 't0', 'rest', 'success', now() - interval '3 days', null
            union all
            select 'r', 'job', 't0', 'rest', 'retrying', now() - interval '5 minutes', 'timeout after 1 s'
            union all
            select 'b' || n, 'job', 't1', 'rest', 'failed', now() - interval '1 day' - n * interval '1 minute', 'refused'
            from generate_series(1, 40) as n",
        )
        .await;
}

fn ids(rows: &Rows) -> Vec<&str> {
    rows.rows.iter().map(|run| run.id.as_str()).collect()
}

#[tokio::test]
async fn failures_are_counted_and_grouped_in_every_way() {
    let database = FreshDatabase::migrated().await;
    two_days(&database).await;
    let page = ask(&database, "").await;
    assert_eq!((page.by_time.total(), page.by_time.before), (60, Some(40)));
    assert!(
        page.by_time.sentence().starts_with("60 failures in the last 24 hours, 50.0% more than in the 24 hours before")
    );
    let kinds: Vec<_> = page.errors.rows.iter().map(|row| (row.message.as_str(), row.count, row.triggers)).collect();
    assert_eq!(kinds, [("timeout after <n> s", 40, 4), ("refused", 20, 4)]);
    assert_eq!(page.errors.rows[0].last_seen, page.rows.rows[0].executed_at);
    let mail = TypeRow { action_type: "mail".into(), count: 12, executions: Some(12) };
    let rest = TypeRow { action_type: "rest".into(), count: 48, executions: Some(109) };
    assert_eq!(page.by_type.rows, [rest, mail]);
    assert_eq!(page.by_trigger.rows.iter().map(|row| row.count).collect::<Vec<_>>(), [15; 4]);
    assert_eq!(page.by_trigger.rows[0].title(), "Trigger 0");
    assert_eq!(page.rows.sentence(), "The newest 50 of 60 failures.");
}

#[tokio::test]
async fn what_changes_changes_the_sentences() {
    let database = FreshDatabase::migrated().await;
    assert_eq!(ask(&database, "").await.errors.sentence(), "No failure in the last 24 hours.");
    assert!(!ask(&database, "").await.has_run);
    two_days(&database).await;
    let before = ask(&database, "").await;
    database.run("update public.action_results set error_message = 'no more' where status = 'failed'").await;
    let after = ask(&database, "").await;
    assert_eq!(before.errors.sentence(), "2 kinds among 60 failures; 66.7% say “timeout after <n> s”.");
    assert_eq!(after.errors.sentence(), "60 failures, all “no more”.");
    database.run("delete from public.action_results where status = 'failed' and action_type = 'mail'").await;
    let fewer = ask(&database, "").await;
    assert_eq!((fewer.by_time.total(), fewer.by_type.rows.len()), (48, 1));
    assert_eq!(fewer.rows.sentence(), "48 failures, newest first.");
}

#[tokio::test]
async fn pages_follow_one_another_without_a_gap_whatever_comes_meanwhile() {
    let database = FreshDatabase::migrated().await;
    two_days(&database).await;
    // All at the same moment: only their ids tell them apart.
    database.run("update public.action_results set executed_at = (select executed_at from public.action_results where id = 'f20') where id ~ '^f'").await;
    let first = ask(&database, "").await.rows;
    database
        .run(
            "insert into public.action_results (id, job_id, action_type, status) values ('new', 'j', 'rest', 'failed')",
        )
        .await;
    let next = first.next.clone().unwrap();
    let second = store::failures::load(&database.pool, &domain::access::Scope::All, &query("").with_after(next))
        .await
        .unwrap()
        .unwrap()
        .rows;
    let mut all = ids(&first);
    all.extend(ids(&second));
    let expected: Vec<_> = (1..=60).map(|n| format!("f{n:02}")).collect();
    assert_eq!(all, expected);
    assert_eq!((second.next, second.is_first), (None, false));
}

#[tokio::test]
async fn filters_and_other_statuses_hold_for_everything() {
    let database = FreshDatabase::migrated().await;
    two_days(&database).await;
    let mail = ask(&database, "type=mail").await;
    assert_eq!((mail.by_time.total(), mail.errors.compared, mail.rows.rows.len()), (12, 12, 12));
    let trigger = ask(&database, "trigger=t1").await;
    assert_eq!((trigger.by_time.total(), trigger.errors.compared, trigger.by_trigger.triggers), (15, 15, 1));
    let organization = ask(&database, "org=acme").await;
    assert_eq!(
        (organization.by_time.total(), organization.errors.compared, organization.by_trigger.triggers),
        (30, 30, 2)
    );
    let nobody = ask(&database, "org=nobody").await;
    assert_eq!((nobody.by_time.total(), nobody.errors.compared, nobody.rows.rows.len()), (0, 0, 0));
    let success = ask(&database, "status=success").await;
    assert_eq!((success.by_time.total(), success.rows.rows.len()), (60, 50));
    assert!(success.rows.rows.iter().all(|run| run.status == "success"));
    let retrying = ask(&database, "status=retrying&q=timeout").await;
    assert_eq!(ids(&retrying.rows), ["r"]);
    let hour = ask(&database, "range=2020-01-01..2020-01-02").await;
    assert_eq!((hour.by_time.total(), hour.rows.rows.len()), (0, 0));
}

#[tokio::test]
async fn text_is_found_in_messages_responses_and_ids() {
    let database = FreshDatabase::migrated().await;
    two_days(&database).await;
    database.run("update public.action_results set response_data = '{\"Code\": 9007199254740993, \"note\": \"Ünïcode %_\\\\\"}' where id = 'f07'").await;
    for (text, expected) in [
        ("TIMEOUT%20after%207", "f07"),
        ("9007199254740993", "f07"),
        ("%C3%BCn%C3%AFcode%20%25_", "f07"),
        ("job-31", "f31"),
        ("f44", "f44"),
    ] {
        let page = ask(&database, &format!("q={text}")).await;
        assert_eq!(ids(&page.rows), [expected], "{text}");
        assert_eq!((page.by_time.total(), page.by_type.total, page.errors.compared), (1, 1, 1), "{text}");
    }
    let none = ask(&database, "q=_").await;
    assert_eq!(ids(&none.rows), ["f07"], "an underscore is an underscore");
    let compared = ask(&database, "q=refused&compare=1").await;
    assert_eq!((compared.by_time.total(), compared.by_time.before), (20, Some(40)));
}

#[tokio::test]
async fn one_kind_has_a_page_of_its_own() {
    let database = FreshDatabase::migrated().await;
    two_days(&database).await;
    let page = ask_kind(&database, "timeout after 99 s", "").await;
    assert!(page.kind.sentence().starts_with("40 failures of 4 triggers, the first on "), "{}", page.kind.sentence());
    let seen = page.kind.seen.unwrap();
    assert_eq!((seen.count, seen.samples.len(), page.by_time.total(), page.rows.rows.len()), (40, 3, 40, 40));
    assert_eq!(seen.samples[0], "timeout after 1 s");
    let filtered = ask_kind(&database, "refused", "type=mail&compare=1").await;
    assert_eq!((filtered.kind.seen.unwrap().count, filtered.by_time.before), (4, Some(0)));
    let after = query("").with_after(page.rows.rows[9].cursor());
    let name = Fingerprint::of("timeout after 99 s").to_string();
    let second =
        store::failure::load(&database.pool, &domain::access::Scope::All, &name, &after).await.unwrap().unwrap().rows;
    assert_eq!((second.rows[0].id.as_str(), second.rows.len()), (page.rows.rows[10].id.as_str(), 30));
    let unknown =
        store::failure::load(&database.pool, &domain::access::Scope::All, "banana", &query("")).await.unwrap().unwrap();
    assert!(unknown.kind.seen.is_none() && unknown.rows.rows.is_empty());
}

#[tokio::test]
async fn more_than_can_be_looked_at_is_said_and_reached_page_by_page() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.action_results (id, job_id, action_type, status, executed_at, error_message)
            select n::text, 'j', 'rest', 'failed', now() - n * interval '1 second', case when n > 10050 then 'needle' else 'hay' end
            from generate_series(1, 10100) as n",
        )
        .await;
    let page = ask(&database, "").await;
    assert_eq!((page.by_time.total(), page.errors.compared), (10_100, LOOKED_AT));
    assert_eq!(page.errors.scope.limit.unwrap().among, Among::Failures);
    assert!(page.errors.scope.note().unwrap().starts_with("Only the newest 10,000 failures were looked at, back to "));
    let needle = ask(&database, "q=needle").await.rows;
    assert_eq!((needle.rows.len(), needle.scope.limit.is_some()), (0, true));
    let older = query("q=needle").with_after(needle.next.unwrap());
    let found = store::failures::load(&database.pool, &domain::access::Scope::All, &older).await.unwrap().unwrap().rows;
    assert_eq!((found.rows.len(), found.next, found.scope.limit), (50, None, None));
}

#[tokio::test]
async fn hostile_and_huge_texts_are_read_safely() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            r#"insert into public.action_results (id, job_id, action_type, status, error_message, response_data)
            values ('<script>', 'j', 'rest', 'failed', repeat('é<b>', 1000000),
                    jsonb_build_object('number', 9007199254740993, 'fraction', 1.10, 'html', '<img onerror=x>', 'text', '\u0041\u202e')),
                ('huge', 'j', 'rest', 'failed', null, (select jsonb_agg(md5(n::text)) from generate_series(1, 20000) as n))"#,
        )
        .await;
    let page = ask(&database, "").await;
    let find = |id| page.rows.rows.iter().find(|run| run.id == id).unwrap();
    let (hostile, huge) = (find("<script>"), find("huge"));
    let message = hostile.message.clone().unwrap();
    assert_eq!((message.text.chars().count(), message.is_whole, message.bytes), (10_000, false, 5_000_000));
    let response = hostile.response.clone().unwrap();
    assert!(response.is_whole && response.text.contains("\"number\": 9007199254740993,"), "{}", response.text);
    assert!(response.text.contains("\"fraction\": 1.10"));
    let large = huge.response.clone().unwrap();
    assert_eq!((large.text.as_str(), large.is_whole, huge.message.is_none()), ("", false, true));
}
