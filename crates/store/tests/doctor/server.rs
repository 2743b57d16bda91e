//! What holds for a whole Postgres, in one of the test's own.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use chrono::{TimeDelta, Utc};
use domain::doctor::Thresholds;
use fresh_database::Server;
use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};

use super::{Outcome, found, found_of, healed, healthy, is_advice, sick, well};

#[tokio::test]
async fn connections_that_are_nearly_all_taken_are_found_and_ended() -> Outcome {
    let server = Server::start(&[("max_connections", "30")]).await;
    server.migrate().await;
    server.run("create role filler login").await;
    assert!(found_of(&server.pool, "server", &Thresholds::default(), "connections").await?.is_none());
    // What is kept for superusers stays free.
    let options: PgConnectOptions = server.url.parse()?;
    let options = options.username("filler").application_name("filler");
    let mut taken = Vec::new();
    while let Ok(connection) = PgConnection::connect_with(&options).await {
        taken.push(connection);
    }
    let finding = sick(&server.pool, "server", &Thresholds::default(), "connections").await?;
    assert!(finding.evidence.contains("most by filler of filler") && is_advice(&finding), "{finding:?}");
    // Those that idle for long can be ended.
    let soon = Thresholds { idle_after: TimeDelta::milliseconds(200), ..Thresholds::default() };
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let finding = sick(&server.pool, "server", &soon, "connections").await?;
    healed(&server.pool, &soon, &finding).await?;
    for connection in &mut taken {
        assert!(connection.ping().await.is_err(), "it was ended");
    }
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn old_transaction_numbers_are_found_and_frozen() -> Outcome {
    let server = Server::start(&[]).await;
    server.migrate().await;
    let low = Thresholds { transaction_age: 40_000, ..Thresholds::default() };
    assert!(found_of(&server.pool, "server", &low, "transaction numbers").await?.is_none());
    let mut reader = server.pool.begin_with("begin isolation level repeatable read").await?;
    sqlx::query("select count(*) from public.action_results").execute(&mut *reader).await?;
    server.run("do $$ begin for n in 1..50000 loop perform pg_current_xact_id(); commit; end loop; end $$").await;
    let held = sick(&server.pool, "server", &low, "transaction numbers").await?;
    assert!(held.evidence.contains("vacuum is kept from it by pid ") && is_advice(&held), "{held:?}");
    reader.rollback().await?;
    let free = sick(&server.pool, "server", &low, "transaction numbers").await?;
    healed(&server.pool, &low, &free).await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn transaction_numbers_that_run_out_are_found_and_frozen() -> Outcome {
    let server = Server::start(&[("autovacuum_freeze_max_age", "2000000000")]).await;
    server.migrate().await;
    if !server.has("pg_resetwal") {
        // Programs from npm come without. What counts here is seen above with fewer of them.
        server.stop().await;
        return Ok(());
    }
    // The beginning of a page of commits, which Postgres then makes by itself.
    let server = server.restarted_after("pg_resetwal", &["-x", &(1430 * 1_048_576).to_string()]).await;
    let finding = sick(&server.pool, "server", &Thresholds::default(), "transaction numbers").await?;
    assert!(finding.evidence.starts_with("the oldest is 1,499,4"), "{finding:?}");
    healed(&server.pool, &Thresholds::default(), &finding).await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn an_autovacuum_that_is_off_is_found_and_switched_on() -> Outcome {
    let server = Server::start(&[]).await;
    server.migrate().await;
    server.run("alter system set autovacuum = off").await;
    server.run("select pg_reload_conf()").await;
    let finding = sick(&server.pool, "server", &Thresholds::default(), "autovacuum").await?;
    healed(&server.pool, &Thresholds::default(), &finding).await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_slot_that_nobody_reads_is_found_and_dropped() -> Outcome {
    let server = Server::start(&[]).await;
    server.migrate().await;
    server.run("checkpoint").await;
    server.run("select pg_create_physical_replication_slot('left_behind', true)").await;
    let low = Thresholds { slot_bytes: 4 << 20, ..Thresholds::default() };
    assert!(found_of(&server.pool, "server", &low, "left_behind").await?.is_none());
    server.run("create table written as select n, repeat('x', 100) from generate_series(1, 50000) as n").await;
    let finding = sick(&server.pool, "server", &low, "left_behind").await?;
    healed(&server.pool, &low, &finding).await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_prepared_transaction_that_was_left_is_found_and_rolled_back() -> Outcome {
    let server = Server::start(&[("max_prepared_transactions", "2")]).await;
    server.migrate().await;
    let row = "insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'success')";
    server.run(&format!("begin; {row}; prepare transaction 'left behind'")).await;
    let soon = Thresholds { open_after: TimeDelta::milliseconds(300), ..Thresholds::default() };
    let finding = sick(&server.pool, "holders", &soon, "left behind").await?;
    healed(&server.pool, &soon, &finding).await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn settings_of_the_database_that_hurt_are_found_and_mended() -> Outcome {
    let database = healthy().await;
    let low = Thresholds { spilled_bytes: 100 << 10, ..Thresholds::default() };
    assert_eq!(found(&database.pool, "server", &low).await?, []);
    let spill = "set work_mem = '64kB';
        select count(*) from (select distinct n, n::text from generate_series(1, 50000) as n) as d; reset work_mem";
    database.run(spill).await;
    let finding = sick(&database.pool, "server", &low, "work_mem").await?;
    assert!(finding.fix.to_string().ends_with("set work_mem = '64MB'"), "{finding:?}");
    healed(&database.pool, &low, &finding).await?;
    let name: String = database.value("select current_database()::text").await;
    database.run(&format!("alter database {name} set track_counts = off")).await;
    let finding = sick(&database.pool, "server", &low, "track_counts").await?;
    healed(&database.pool, &low, &finding).await
}

/// A clock that is ahead is found, and one that is behind; `doctor_outside.rs` of the server moves one for real.
#[tokio::test]
async fn clocks_that_are_apart_are_found() -> Outcome {
    let (database, usual) = (healthy().await, Thresholds::default());
    let are_apart = async |asked_at| {
        let findings = store::doctor::examine(&database.pool, &usual, asked_at).await?;
        Ok::<_, Box<dyn Error>>(findings.into_iter().any(|finding| finding.subject == "clocks"))
    };
    assert!(are_apart(Utc::now() - TimeDelta::minutes(1)).await?);
    assert!(are_apart(Utc::now() + TimeDelta::minutes(1)).await?);
    assert!(!are_apart(Utc::now()).await?);
    Ok(())
}

#[tokio::test]
async fn a_disk_that_is_nearly_full_is_found_until_there_is_room() -> Outcome {
    let folder = tempfile::Builder::new().permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755)).tempdir()?;
    let Some(disk) = Disk::mount(folder.path()) else {
        // Only who may mount one has a disk to fill. No disk is freer than empty.
        let (database, all) =
            (healthy().await, Thresholds { free_disk: 1.1, free_disk_bytes: u64::MAX, ..Thresholds::default() });
        assert!(is_advice(&sick(&database.pool, "disk", &all, "").await?));
        return Ok(());
    };
    let server = Server::start_in(&disk.0, &[]).await;
    server.migrate().await;
    assert_eq!(found(&server.pool, "disk", &Thresholds::default()).await?, []);
    let filling = disk.0.join("filling");
    fs::write(&filling, vec![1; usize::try_from(DISK_BYTES)?]).err().ok_or("the disk was not filled")?;
    let finding = sick(&server.pool, "disk", &Thresholds::default(), "").await?;
    assert!(finding.evidence.contains(" are free, 0%") && is_advice(&finding), "{finding:?}");
    fs::remove_file(filling)?;
    well(&server.pool, "disk", &Thresholds::default(), "").await;
    server.stop().await;
    Ok(())
}

/// Enough for a Postgres, and half as much again.
const DISK_BYTES: u64 = 256 << 20;

/// A disk of a test's own, in memory.
struct Disk(PathBuf);

impl Disk {
    fn mount(place: &Path) -> Option<Self> {
        let size = format!("size={DISK_BYTES},mode=755");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tidemark"]).arg(place).output().ok()?;
        mounted.status.success().then(|| Self(place.to_owned()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a Postgres that a failed test leaves is still ending.
        if let Err(error) = Command::new("umount").arg("--lazy").arg(&self.0).status() {
            eprintln!("{} stays mounted: {error}", self.0.display());
        }
    }
}
