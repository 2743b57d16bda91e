//! `tidemark doctor`: what is wrong, for people and for programs.

use fresh_database::FreshDatabase;
use serde_json::Value;

use crate::running::{tidemark, told};

#[tokio::test]
async fn the_exit_code_tells_how_bad_it_is() {
    let database = FreshDatabase::migrated().await;
    database.refresh().await;
    let doctor = |arguments: &[&str]| told(&mut tidemark(&database.url, &[&["doctor"], arguments].concat()));
    let warned = doctor(&[]);
    // The disk of the machine that runs this may be what it is.
    let is_full = warned.stdout.contains("The disk of the database is nearly full");
    assert_eq!(warned.code, Some(if is_full { 2 } else { 1 }), "{warned:?}");
    assert!(warned.stdout.contains("warning: Nobody refreshes the views: the schedule"), "{warned:?}");
    database.run("drop index public.idx_recent_failures_unique").await;
    let critical = doctor(&["--json"]);
    assert_eq!(critical.code, Some(2), "{critical:?}");
    let answer: Value = serde_json::from_str(&critical.stdout).unwrap();
    let findings = answer["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["check"]["name"] == "views").unwrap();
    assert_eq!(finding["subject"], "recent_failures");
    let fix = &finding["fix"];
    assert_eq!(fix["kind"], "statements");
    assert!(fix["text"][0].as_str().unwrap().starts_with("create unique index concurrently"), "{fix}");
}

#[tokio::test]
async fn people_and_keys_are_told_at_the_command_line() {
    let database = FreshDatabase::migrated().await;
    let run = |arguments: &[&str]| told(&mut tidemark(&database.url, arguments));
    let added = run(&["user", "add", "Anna", "--role", "admin"]);
    assert!(added.code == Some(0) && added.stdout.contains("/invitations/"), "{added:?}");
    let twice = run(&["user", "add", "ANNA"]);
    assert!(twice.code == Some(2) && twice.stderr.contains("somebody is called ANNA already"), "{twice:?}");
    let last = run(&["user", "disable", "anna"]);
    assert!(last.code == Some(2) && last.stderr.contains("the last admin"), "{last:?}");
    let listed = run(&["user", "list"]);
    assert!(listed.stdout.contains("Anna") && listed.stdout.contains("admin"), "{listed:?}");
    let key = run(&["key", "add", "deploys", "--role", "operator", "--days", "3"]);
    assert!(key.stdout.starts_with("tdmk_") && key.stdout.lines().count() == 1, "{key:?}");
    assert!(run(&["key", "list"]).stdout.contains("deploys"));
    assert_eq!(run(&["key", "revoke", "1"]).code, Some(0));
    assert!(run(&["key", "revoke", "1"]).stderr.contains("no good key 1"));
    assert!(run(&["user", "add", "x", "--role", "root"]).stderr.contains("viewer, operator, admin"));
    database.run("insert into public.organizations (id, name) values ('acme', 'Acme')").await;
    for what in ["user", "key"] {
        let nowhere = run(&[what, "add", "x", "--organizations", "nowhere"]);
        assert!(nowhere.code == Some(2) && nowhere.stderr.contains("not “nowhere”"), "{nowhere:?}");
    }
    assert_eq!(database.number("select count(*) from tidemark.audit_log where actor = 'command line'").await, 3);
}
