//! What looks right and is not: engines that are broken on purpose. The interleavings and the stress must tell each from
//! the real one, or they could not see.

use std::time::Duration;

use crate::{
    interleavings::{all_moments, walk::Walker},
    stress,
    support::Engine,
};

/// Each with a name, and with the only kind of writer that shows what is wrong, where others would hide it.
const NAIVE: [(&str, Option<&str>, &str); 9] = [
    ("no wait for writers", None, include_str!("sql/naive/no_wait_for_writers.sql")),
    ("wait before watermark", None, include_str!("sql/naive/wait_before_watermark.sql")),
    ("only newer rows", None, include_str!("sql/naive/only_newer_rows.sql")),
    ("only inserts", None, include_str!("sql/naive/only_inserts.sql")),
    ("two statements", None, include_str!("sql/naive/two_statements.sql")),
    ("drain last", None, include_str!("sql/naive/drain_last.sql")),
    ("everything in the log", None, include_str!("sql/naive/everything_in_the_log.sql")),
    ("only live backends", Some("prepare"), include_str!("sql/naive/only_live_backends.sql")),
    ("no minimum lost", None, include_str!("sql/naive/no_minimum_lost.sql")),
];

/// The longest that a stress looks for what is wrong.
const LONGEST: Duration = Duration::from_secs(60);

/// Walks a broken engine until something is wrong, and tells what.
async fn walk_until_wrong(only: Option<&'static str>, sql: &str) -> Vec<String> {
    let engine = Engine::new().await;
    let mut walker = Walker::new(&engine.database.url).await;
    walker.only = only;
    engine.database.run(sql).await;
    for moments in all_moments() {
        let walked = walker.walk(moments).await;
        if !walked.differences.is_empty() {
            println!("{moments:?}: {}", walked.differences[0]);
            return walked.differences;
        }
    }
    Vec::new()
}

async fn stress_until_wrong(sql: &str) -> Vec<String> {
    let engine = Engine::new().await;
    engine.database.run(include_str!("sql/barriers.sql")).await;
    engine.database.run(sql).await;
    let (counts, differences) = stress::run(&engine, LONGEST, 1).await;
    println!("{counts:?}");
    differences
}

fn naive(wanted: &str) -> &'static str {
    NAIVE.iter().find(|(name, ..)| *name == wanted).unwrap().2
}

#[tokio::test]
async fn interleavings_tell_every_naive_engine() {
    for (name, only, sql) in NAIVE {
        let differences = walk_until_wrong(only, sql).await;
        assert!(!differences.is_empty(), "the interleavings do not see what is wrong with: {name}");
        println!("{name}: {}", differences[0]);
    }
}

macro_rules! stress_tells {
    ($($test:ident: $name:literal,)*) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $test() {
            let differences = stress_until_wrong(naive($name)).await;
            assert!(!differences.is_empty(), "a stress does not see what is wrong with: {}", $name);
            println!("{}", differences[0]);
        })*
    };
}

stress_tells! {
    stress_tells_who_does_not_wait: "no wait for writers",
    stress_tells_who_waits_too_early: "wait before watermark",
    stress_tells_who_folds_only_newer_rows: "only newer rows",
    stress_tells_who_drains_and_scans_in_two_statements: "two statements",
}
