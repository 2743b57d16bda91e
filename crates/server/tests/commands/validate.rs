//! `tidemark validate` and `tidemark rebuild`.

use fresh_database::FreshDatabase;
use serde_json::Value;

use super::running::{Told, tidemark, told};

/// A migrated database with rows over ten days, the newest of them yesterday, all in the rollups.
async fn filled() -> FreshDatabase {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.triggers (id, name) select 'trigger-' || n, 'Trigger ' || n from generate_series(0, 6) as n;
            insert into public.action_results (job_id, trigger_id, action_type, status, executed_at, duration_ms)
            select 'job', 'trigger-' || n % 7, (array['rest', 'mcp'])[1 + n % 2], 'success',
                date_trunc('day', now(), 'UTC') - n * interval '7 minutes', n % 1000
            from generate_series(1, 2000) as n",
        )
        .await;
    database.refresh().await;
    database
}

fn run(database: &FreshDatabase, arguments: &[&str]) -> Told {
    told(&mut tidemark(&database.url, arguments))
}

#[tokio::test]
async fn what_is_exact_is_told_and_how_far_it_is_meanwhile() {
    let database = filled().await;
    let exact = run(&database, &["validate"]);
    assert_eq!(exact.code, Some(0), "{exact:?}");
    let expected = "Exact: the counts agree with 2,000 rows, so do the totals of triggers and the four views.\n";
    assert_eq!(exact.stdout, expected);
    assert!(exact.stderr.contains("compared 2,000 of about 2,000 rows (100%)"), "{exact:?}");
    let nothing = run(&database, &["rebuild"]);
    assert_eq!(
        (nothing.code, nothing.stdout.as_str()),
        (Some(0), "Nothing was wrong: the counts agree with 2,000 rows.\n")
    );
}

#[tokio::test]
async fn what_differs_is_named_and_mended() {
    let database = filled().await;
    let hour = "(select max(hour) from tidemark.executions_hourly)";
    database
        .run(&format!(
            "update tidemark.executions_hourly set executions = executions + 1, duration_max_ms = null where hour = {hour};
            delete from tidemark.trigger_executions_daily where trigger_id = 'trigger-3';
            update tidemark.trigger_executions set total_retries = 77 where trigger_id = 'trigger-5'"
        ))
        .await;
    let different = run(&database, &["validate"]);
    assert_eq!(different.code, Some(1), "{different:?}");
    for told in ["executions_hourly", "duration_max_ms", "trigger_executions_daily", "trigger-3", "`tidemark rebuild`"]
    {
        assert!(different.stdout.contains(told), "{told}: {different:?}");
    }
    let few: Value = serde_json::from_str(&run(&database, &["validate", "--json", "--show", "3"]).stdout).unwrap();
    assert_eq!((&few["is_exact"], few["differences"].as_array().unwrap().len()), (&Value::Bool(false), 3));
    assert!(few["count"].as_i64().unwrap() > 20, "{few}");
    assert_eq!(few["compared_views"], false, "the rollups have to be right first");

    let mended = run(&database, &["rebuild"]);
    assert_eq!(mended.code, Some(0), "{mended:?}");
    assert!(
        mended.stdout.contains("and 1 total of a trigger did not agree with 2,000 rows; they do now."),
        "{mended:?}"
    );
    let exact = run(&database, &["validate", "--json"]);
    assert_eq!(exact.code, Some(0), "{exact:?}");
    let exact: Value = serde_json::from_str(&exact.stdout).unwrap();
    assert_eq!((&exact["is_exact"], &exact["count"], &exact["rows"]), (&Value::Bool(true), &0.into(), &2000.into()));
}

#[tokio::test]
async fn a_range_is_looked_at_alone_and_so_is_a_sample() {
    let database = filled().await;
    let day = async |back: i32| -> String {
        database.value(&format!("select ((now() at time zone 'UTC')::date - {back})::text")).await
    };
    database
        .run("update tidemark.executions_hourly set total_retries = 9 where hour >= date_trunc('day', now(), 'UTC') - interval '2 days'
            and hour < date_trunc('day', now(), 'UTC') - interval '1 day'")
        .await;
    let (one, two, three, five) = (day(1).await, day(2).await, day(3).await, day(5).await);
    let before = run(&database, &["validate", "--from", &five, "--until", &three]);
    assert_eq!(before.code, Some(0), "{before:?}");
    assert!(before.stdout.starts_with("Exact: the counts agree with 61"), "{before:?}");
    let within = run(&database, &["validate", "--from", &two, "--until", &two]);
    assert_eq!(within.code, Some(1), "{within:?}");
    assert!(within.stdout.contains(&format!("`tidemark rebuild --from {two} --until {two}`")), "{within:?}");
    assert_eq!(run(&database, &["validate", "--from", &one]).code, Some(0));

    let mended = run(&database, &["rebuild", "--from", &two, "--until", &two]);
    assert!(mended.stdout.contains("groups did not agree with 20"), "{mended:?}");
    let sampled = run(&database, &["validate", "--sample", "25%", "--json"]);
    assert_eq!(sampled.code, Some(0), "{sampled:?}");
    let sampled: Value = serde_json::from_str(&sampled.stdout).unwrap();
    assert!((1..1_000).contains(&sampled["rows"].as_i64().unwrap()), "{sampled}");

    let none = run(&database, &["validate", "--from", &one, "--until", &two]);
    assert_eq!(none.code, Some(2), "{none:?}");
    assert!(none.stderr.contains("there is no day from"), "{none:?}");
}

#[tokio::test]
async fn what_cannot_be_trusted_is_not_exact_although_nothing_differs() {
    let database = filled().await;
    database.run("alter table public.action_results disable trigger tidemark_log_update").await;
    for arguments in [&["status"][..], &["status", "--json"]] {
        let told = run(&database, arguments);
        assert_eq!(told.code, Some(2), "{told:?}");
        assert!(
            told.stdout.contains("the trigger tidemark_log_update on action_results is not enabled always"),
            "{told:?}"
        );
    }
    let migrated = run(&database, &["migrate"]);
    assert!(migrated.stdout.contains("to be counted anew: the trigger tidemark_log_update"), "{migrated:?}");
    assert_eq!(run(&database, &["validate"]).code, Some(0));
    assert_eq!(run(&database, &["status"]).code, Some(0));
}
