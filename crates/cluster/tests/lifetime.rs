//! A cluster from its start to its stop, and what can lie in its way.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use cluster::{Binaries, Cluster, Settings, data_version};
use support::{is_alive, number, number_in_time, postmaster, run, settings, start};

#[tokio::test]
async fn a_stop_leaves_no_process_and_the_data_are_there_again() {
    let directory = tempfile::tempdir().unwrap();
    let cluster = start(directory.path()).await;
    assert!(cluster.is_owner());
    run(cluster.url(), "create table kept (number bigint); insert into kept values (42)").await.unwrap();
    let (pid, url) = (postmaster(directory.path()), cluster.url().to_owned());
    assert_eq!(nix::unistd::getpgid(Some(pid)).unwrap(), pid, "the terminal's Ctrl-C does not reach it");
    cluster.stop().await.unwrap();
    assert!(!is_alive(pid));
    assert!(number(&url, "select number from kept").await.is_err());

    let cluster = start(directory.path()).await;
    assert_eq!(cluster.url(), url);
    assert_eq!(number(&url, "select number from kept").await.unwrap(), 42);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn only_the_socket_is_open_the_data_are_safe_and_the_settings_hold() {
    let directory = tempfile::tempdir().unwrap();
    let mut settings = settings(directory.path()).await;
    settings.max_connections = 37;
    settings.parameters.push(("work_mem".to_owned(), "5MB".to_owned()));
    let cluster = Cluster::start(settings).await.unwrap();
    let right = "select count(*) from pg_settings where (name, setting) in (('listen_addresses', ''), ('fsync', 'on'),
        ('full_page_writes', 'on'), ('synchronous_commit', 'on'), ('TimeZone', 'UTC'), ('server_encoding', 'UTF8'),
        ('max_connections', '37'), ('work_mem', '5120'))";
    assert_eq!(number(cluster.url(), right).await.unwrap(), 8);
    for private in ["socket", "postgres"] {
        let mode = fs::metadata(directory.path().join(private)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{private}");
    }
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_data_directory_closed_to_others_works_for_root_too() {
    let directory = tempfile::tempdir().unwrap();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o700)).unwrap();
    for _ in 0..2 {
        start(directory.path()).await.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_dropped_cluster_ends_too() {
    let directory = tempfile::tempdir().unwrap();
    let cluster = start(directory.path()).await;
    let pid = postmaster(directory.path());
    drop(cluster);
    support::until("Postgres is gone", || !is_alive(pid)).await;
}

#[test]
fn a_cluster_ends_with_its_runtime() {
    let directory = tempfile::tempdir().unwrap();
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let first = runtime();
    let cluster = first.block_on(start(directory.path()));
    let pid = postmaster(directory.path());
    drop(first);
    drop(cluster);
    runtime().block_on(support::until("Postgres is gone", || !is_alive(pid)));
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_falls_back_to_a_short_one() {
    let directory = tempfile::tempdir().unwrap();
    let long = directory.path().join("a long name, with a comma and a space, ".repeat(4));
    let cluster = start(&long).await;
    let url = cluster.url().to_owned();
    assert!(url.contains("tmp%2Ftidemark-"), "{url}");
    assert_eq!(number(&url, "select 1::bigint").await.unwrap(), 1);
    let socket = fs::read_link(long.join("socket")).unwrap();
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o700);
    cluster.stop().await.unwrap();
    assert!(!socket.exists(), "nothing stays in /tmp");

    let cluster = start(&long).await;
    assert_eq!(cluster.url(), url, "guests would find it again");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_postmaster_file_of_garbage_is_no_obstacle() {
    start_again_with_postmaster_file("garbage\n").await;
}

#[tokio::test]
async fn a_postmaster_file_that_names_another_process_is_no_obstacle() {
    // This process surely lives, and is no Postgres.
    start_again_with_postmaster_file(&format!("{}\n/elsewhere\n", std::process::id())).await;
}

#[tokio::test]
async fn a_postmaster_file_of_a_dead_process_is_no_obstacle() {
    let mut dead = Command::new("true").spawn().unwrap();
    dead.wait().unwrap();
    start_again_with_postmaster_file(&format!("{}\n/elsewhere\n", dead.id())).await;
}

async fn start_again_with_postmaster_file(text: &str) {
    let directory = tempfile::tempdir().unwrap();
    start(directory.path()).await.stop().await.unwrap();
    fs::write(directory.path().join("postgres/postmaster.pid"), text).unwrap();
    let cluster = start(directory.path()).await;
    assert_eq!(number_in_time(cluster.url(), "select 1::bigint").await, 1);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn data_of_another_version_are_refused_in_one_line() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(data_version(directory.path()).unwrap(), None);
    fs::create_dir(directory.path().join("postgres")).unwrap();
    fs::write(directory.path().join("postgres/PG_VERSION"), "9\n").unwrap();
    assert_eq!(data_version(directory.path()).unwrap(), Some(9));
    let message = refusal(settings(directory.path()).await).await;
    assert!(message.contains("are of Postgres 9, but the programs in"), "{message}");
}

#[tokio::test]
async fn something_else_in_place_of_the_data_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("postgres")).unwrap();
    fs::write(directory.path().join("postgres/thesis.txt"), "precious").unwrap();
    let message = refusal(settings(directory.path()).await).await;
    assert!(message.contains("is not empty and not a Postgres data directory"), "{message}");
    assert_eq!(fs::read_to_string(directory.path().join("postgres/thesis.txt")).unwrap(), "precious");
}

#[tokio::test]
async fn a_failed_start_quotes_the_log_and_leaves_nothing_running() {
    let directory = tempfile::tempdir().unwrap();
    let mut settings = settings(directory.path()).await;
    settings.parameters.push(("shared_buffers".to_owned(), "much".to_owned()));
    let message = refusal(settings).await;
    assert!(message.contains("invalid value for parameter \"shared_buffers\""), "{message}");
    start(directory.path()).await.stop().await.unwrap();
}

#[tokio::test]
async fn for_root_a_directory_that_blocks_is_named_and_stays_as_it_is() {
    if !nix::unistd::Uid::effective().is_root() {
        eprintln!("only root starts Postgres as another user: nothing to see here");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let message = refusal(throw_away(home.path().join("project/data")).await).await;
    assert!(message.contains(&format!("can't enter {}", home.path().display())), "{message}");
    assert_eq!(fs::metadata(home.path()).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn for_root_data_that_matter_move_out_of_a_directory_that_blocks() {
    if !nix::unistd::Uid::effective().is_root() {
        eprintln!("only root starts Postgres as another user: nothing to see here");
        return;
    }
    let (home, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let data_dir = home.path().join("data");
    for _ in 0..2 {
        let mut settings = settings(&data_dir).await;
        settings.state_dir = state.path().to_path_buf();
        let cluster = Cluster::start(settings.clone()).await.unwrap();
        assert_eq!(number(cluster.url(), "select 1::bigint").await.unwrap(), 1);
        assert_eq!(data_version(&data_dir).unwrap(), Some(settings.binaries.version.major));
        cluster.stop().await.unwrap();
    }
    assert!(fs::read_link(data_dir.join("postgres")).unwrap().starts_with(state.path().join("data")));
    assert_eq!(fs::metadata(home.path()).unwrap().permissions().mode() & 0o777, 0o700);
}

async fn throw_away(data_dir: std::path::PathBuf) -> Settings {
    Settings::throw_away(data_dir, Binaries::find(None).await.unwrap())
}

/// The message with which a start is refused.
async fn refusal(settings: Settings) -> String {
    let message = Cluster::start(settings).await.expect_err("the start is refused").to_string();
    assert_eq!(message.lines().count(), 1, "{message}");
    message
}
