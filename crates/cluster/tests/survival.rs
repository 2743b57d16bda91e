//! Processes that are killed, and several that use the same cluster.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use nix::sys::signal::{Signal, kill};
use support::{OtherProcess, is_alive, number_in_time, postmaster, run, start, until};

const COUNT: &str = "select count(*) from kept";
const KEEP_ONE: &str = "create table kept as select 1 as number";

/// Not a test of its own, and empty when run as one: what [`OtherProcess`] runs.
#[tokio::test]
async fn other_process() {
    support::be_the_other_process().await;
}

#[tokio::test]
async fn a_killed_postgres_is_restarted_with_its_data() {
    let directory = tempfile::tempdir().unwrap();
    let cluster = start(directory.path()).await;
    run(cluster.url(), KEEP_ONE).await.unwrap();
    for _ in 0..2 {
        let killed = postmaster(directory.path());
        kill(killed, Signal::SIGKILL).unwrap();
        until("it is gone", || !is_alive(killed)).await;
        assert_eq!(number_in_time(cluster.url(), COUNT).await, 1);
        assert_ne!(postmaster(directory.path()), killed);
    }
    let last = postmaster(directory.path());
    cluster.stop().await.unwrap();
    assert!(!is_alive(last));
}

#[tokio::test]
async fn a_stop_right_after_a_kill_leaves_nothing_running() {
    let directory = tempfile::tempdir().unwrap();
    let cluster = start(directory.path()).await;
    let killed = postmaster(directory.path());
    kill(killed, Signal::SIGKILL).unwrap();
    until("it is gone, and about to be restarted", || !is_alive(killed)).await;
    cluster.stop().await.unwrap();
    let file = directory.path().join("postgres/postmaster.pid");
    assert!(!file.exists() || !is_alive(postmaster(directory.path())));
}

#[tokio::test]
async fn after_a_killed_owner_the_next_start_has_the_data_and_no_orphan_stays() {
    let directory = tempfile::tempdir().unwrap();
    let (data, told) = (directory.path().join("data"), directory.path().join("told"));
    let owner = OtherProcess::start(&data, &told).await;
    let said = owner.said();
    let url = said.strip_prefix("owner ").expect("the first is the owner");
    run(url, KEEP_ONE).await.unwrap();
    let orphan = postmaster(&data);
    owner.kill();
    assert!(is_alive(orphan), "Postgres outlives its owner");

    let cluster = start(&data).await;
    assert!(cluster.is_owner());
    assert!(!is_alive(orphan));
    assert_eq!(number_in_time(cluster.url(), COUNT).await, 1);
    let pid = postmaster(&data);
    cluster.stop().await.unwrap();
    assert!(!is_alive(pid));
}

#[tokio::test]
async fn after_owner_and_postgres_are_both_killed_the_data_are_there() {
    let directory = tempfile::tempdir().unwrap();
    let (data, told) = (directory.path().join("data"), directory.path().join("told"));
    let owner = OtherProcess::start(&data, &told).await;
    run(owner.said().strip_prefix("owner ").unwrap(), KEEP_ONE).await.unwrap();
    let pid = postmaster(&data);
    // Held still, the owner can't restart what is killed.
    owner.signal(Signal::SIGSTOP);
    kill(pid, Signal::SIGKILL).unwrap();
    owner.kill();

    let cluster = start(&data).await;
    assert_eq!(number_in_time(cluster.url(), COUNT).await, 1);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_guest_uses_the_cluster_leaves_it_running_and_takes_over_after_the_owner() {
    let directory = tempfile::tempdir().unwrap();
    let (data, told) = (directory.path().join("data"), directory.path().join("told"));
    let owner = OtherProcess::start(&data, &told).await;
    let first = postmaster(&data);

    let passing = start(&data).await;
    let staying = start(&data).await;
    assert!(!passing.is_owner() && !staying.is_owner());
    assert!(owner.said().ends_with(staying.url()), "the same URL for all");
    run(passing.url(), KEEP_ONE).await.unwrap();
    passing.stop().await.unwrap();
    assert!(is_alive(first), "a guest that leaves stops nothing");

    owner.stop().await;
    until("the guest takes over", || staying.is_owner()).await;
    assert_eq!(number_in_time(staying.url(), COUNT).await, 1);
    let second = postmaster(&data);
    assert_ne!(second, first);
    staying.stop().await.unwrap();
    assert!(!is_alive(second));
}

#[tokio::test]
async fn a_guest_takes_over_from_a_killed_owner() {
    let directory = tempfile::tempdir().unwrap();
    let (data, told) = (directory.path().join("data"), directory.path().join("told"));
    let owner = OtherProcess::start(&data, &told).await;
    let guest = start(&data).await;
    run(guest.url(), KEEP_ONE).await.unwrap();
    owner.kill();
    until("the guest takes over", || guest.is_owner()).await;
    assert_eq!(number_in_time(guest.url(), COUNT).await, 1);
    guest.stop().await.unwrap();
}
