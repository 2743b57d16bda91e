//! A whole Postgres killed with `kill -9` at each step of a fold.

use std::path::Path;

use cluster::{Binaries, Cluster, Settings};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use store::PoolSettings;

use super::walk::{GAPS, Gap, Moments, Walker};
use crate::support::{Session, assert_none, in_time};

/// A Postgres of this test's own, with the engine, the oracle and the barriers.
async fn start(data_dir: &Path) -> Cluster {
    let binaries = Binaries::find(None).await.expect("a Postgres on this machine");
    let mut settings = Settings::new(data_dir, binaries);
    settings.parameters = [("max_prepared_transactions", "10"), ("restart_after_crash", "on")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    let cluster = Cluster::start(settings).await.unwrap();
    let pool = store::connect(cluster.url(), &PoolSettings::default()).await.unwrap();
    store::schema::migrate(&pool).await.unwrap();
    pool.close().await;
    Session::connect(cluster.url()).await.unwrap().run(include_str!("../sql/oracle.sql")).await;
    cluster
}

/// The process that `postmaster.pid` names; `None` while there is no such file, or it is still being written.
fn postmaster(data_dir: &Path) -> Option<Pid> {
    let text = std::fs::read_to_string(data_dir.join("postgres/postmaster.pid")).ok()?;
    Some(Pid::from_raw(text.lines().next()?.trim().parse().ok()?))
}

/// Kills everything, and waits until it is there again.
async fn crash(data_dir: &Path, url: &str) {
    let killed = postmaster(data_dir).expect("a running Postgres");
    kill(killed, Signal::SIGKILL).unwrap();
    in_time(async {
        // Who is still there from before must not be taken for it.
        while postmaster(data_dir).is_none_or(|running| running == killed) || Session::connect(url).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_postgres_killed_at_any_step_comes_back_exact() {
    let directory =
        tempfile::Builder::new().permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755)).tempdir().unwrap();
    let data_dir = directory.path().join("data");
    let cluster = start(&data_dir).await;
    let mut walker = Walker::new(cluster.url()).await;
    for last in GAPS {
        walker.prepare().await;
        let moments = Moments { begin: Gap::BeforeWatermark, write: Gap::BeforeWatermark, end: Gap::AfterCommit };
        let fold = walker.start_fold(if last == Gap::DuringWait { "60s" } else { "30ms" }).await;
        for gap in GAPS.into_iter().filter(|&gap| gap <= last && (gap == last || gap != Gap::DuringWait)) {
            assert_eq!(walker.barriers.arrival(&fold, gap).await, gap);
            if gap != Gap::AfterCommit {
                assert_none(&walker.write(moments, gap).await, &format!("before the crash at {last:?}"));
            }
            if gap < last {
                walker.barriers.leave(gap).await;
            }
        }
        crash(&data_dir, cluster.url()).await;
        assert_eq!(fold.outcome().await.1.is_ok(), last == Gap::AfterCommit);
        walker = Walker::again(cluster.url(), walker.round).await;
        assert_none(&walker.asker.live_differences().await.unwrap(), &format!("right after the crash at {last:?}"));
        walker.end_prepared().await;
        assert_none(&walker.asker.live_differences().await.unwrap(), &format!("prepared ones ended after {last:?}"));
        assert_none(&walker.asker.differences_after_refresh().await, &format!("refreshed after {last:?}"));
    }
    cluster.stop().await.unwrap();
}
