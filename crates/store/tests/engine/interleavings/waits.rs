//! Waiting for older writers: whom it sees, what it costs, and who is named.

use super::walk::{Gap, Walker};
use crate::support::Engine;

const INSERT: &str = "insert into public.action_results (job_id, action_type, status, executed_at, duration_ms)
    values ('j', 'a', 'failed', clock_timestamp(), 5)";
const OLD_ROWS: &str = "insert into public.action_results (job_id, action_type, status, executed_at, duration_ms)
    select 'j', 'a', 'success', clock_timestamp() - number * interval '1 hour', number from generate_series(0, 5) as number";

/// How often a transaction is prepared while somebody looks who writes.
const PREPARED_TIMES: u32 = 300;

/// Preparing changes all but the id that a transaction is known by.
#[tokio::test]
async fn who_prepares_during_the_wait_is_still_waited_for() {
    let engine = Engine::new().await;
    let mut walker = Walker::new(&engine.database.url).await;
    walker.prepare().await;
    let mut writer = engine.session().await;
    let fold = walker.start_fold("60s").await;
    walker.barriers.arrival(&fold, Gap::BeforeWatermark).await;
    writer.run("begin").await;
    writer.run(INSERT).await;
    walker.barriers.open().await;
    assert_eq!(walker.barriers.arrival(&fold, Gap::DuringWait).await, Gap::DuringWait);
    let name = format!("during the wait {}", fold.pid);
    writer.run(&format!("prepare transaction '{name}'")).await;
    let holder = "select coalesce(prepared_as, 'pid') from tidemark.frontier_holders()";
    assert_eq!(walker.asker.texts(holder).await, [name.as_str()]);
    // Ten looks at who still writes.
    for _ in 0..10 {
        walker.asker.run("select pg_sleep(0.05)").await;
        assert!(!fold.is_finished(), "the prepared one has not ended");
    }
    writer.run(&format!("commit prepared '{name}'")).await;
    let mut folder = fold.finish().await;
    assert!(!folder.value::<bool>("select current_setting('walk.is_held')::boolean").await);
    engine.assert_exact("prepared during the wait").await;
}

/// It is known by one thing before and by another after; looked at one after the other, it may be neither.
#[tokio::test]
async fn who_is_being_prepared_is_never_overlooked() {
    let engine = Engine::new().await;
    engine.database.run("create sequence public.presence; select nextval('public.presence')").await;
    let mut writer = engine.session().await;
    // While the sequence stays at an even number, one writer is there, and the look has to see it.
    let looking = engine.session().await.start(format!(
        "do $$ declare
            before bigint;
            is_seen boolean;
        begin
            loop
                select last_value into before from public.presence;
                is_seen := exists (select from tidemark.writers());
                if not is_seen and before % 2 = 0 and before = (select last_value from public.presence) then
                    raise exception 'overlooked when being prepared the %th time', before / 2;
                end if;
                exit when before > {PREPARED_TIMES} * 2;
            end loop;
        end $$"
    ));
    for round in 0..=PREPARED_TIMES {
        let name = format!("{} {round}", engine.database.url);
        writer.run("begin").await;
        writer.run(INSERT).await;
        writer.run("select nextval('public.presence')").await;
        writer.run(&format!("prepare transaction '{name}'")).await;
        writer.run("select nextval('public.presence')").await;
        writer.run(&format!("rollback prepared '{name}'")).await;
    }
    looking.finish().await;
}

#[tokio::test]
async fn an_old_writer_holds_the_frontier_and_is_named_and_nothing_gets_wrong() {
    let engine = Engine::new().await;
    engine.database.run(OLD_ROWS).await;
    let name = format!("held {}", engine.database.url);
    for end in
        [vec!["commit".to_owned()], vec![format!("prepare transaction '{name}'"), format!("commit prepared '{name}'")]]
    {
        engine.database.run("select tidemark.fold()").await;
        let mut writer = engine.session().await;
        writer.run("set application_name = 'forgotten'; begin; set local statement_timeout = 0").await;
        writer.run(INSERT).await;
        for end in end {
            let frontier: String = engine.database.value("select frontier_at::text from tidemark.frontier").await;
            for _ in 0..3 {
                engine.database.run(INSERT).await;
                engine.database.run("update public.action_results set retry_count = coalesce(retry_count, 0) + 1, executed_at = executed_at - interval '1 minute' where duration_ms = 3").await;
                let mut folder = engine.session().await;
                folder.run("set tidemark.writer_wait = '10ms'").await;
                let fold = folder.texts("select concat_ws(' ', is_held, waited_ms between 10 and 5000, frontier_at) from tidemark.fold()").await;
                assert_eq!(fold, [format!("t t {frontier}")], "{end}");
                assert_eq!(engine.database.number("select count(*) from tidemark.change_log").await, 0);
                engine.assert_live(&format!("held until {end}")).await;
            }
            assert_named(&engine, &end, writer.pid, &name).await;
            engine.assert_exact(&format!("held until {end}")).await;
            writer.run(&end).await;
        }
        engine.assert_exact("no longer held").await;
        assert_eq!(engine.database.texts("select is_held::text from tidemark.fold()").await, ["false"]);
        assert_eq!(engine.database.number("select count(*) from tidemark.frontier_holders()").await, 0);
    }
}

async fn assert_named(engine: &Engine, end: &str, pid: i32, name: &str) {
    let named = engine
        .database
        .texts(
            "select concat_ws('|', pid, prepared_as, user_name = current_user, application_name,
                transaction_age between '0' and '1 minute', left(query, 12)) from tidemark.frontier_holders()",
        )
        .await;
    let expected = match end.strip_prefix("commit prepared") {
        Some(_) => format!("{name}|t|t"),
        None => format!("{pid}|t|forgotten|t|insert into "),
    };
    assert_eq!(named, [expected], "until {end}");
}

#[tokio::test]
async fn who_only_reads_or_writes_elsewhere_holds_nothing() {
    let engine = Engine::new().await;
    let mut reader = engine.session().await;
    reader.run("begin isolation level repeatable read; select count(*) from public.action_results").await;
    let mut elsewhere = engine.session().await;
    elsewhere.run("begin; insert into public.triggers (name) values ('t')").await;
    let mut looker = engine.session().await;
    looker.run("begin; select * from public.action_results for update").await;
    let mut folder = engine.session().await;
    folder.run("set tidemark.writer_wait = '30s'").await;
    assert_eq!(folder.texts("select concat_ws(' ', is_held, waited_ms < 1000) from tidemark.fold()").await, ["f t"]);
}
