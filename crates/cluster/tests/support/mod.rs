//! What the tests of clusters share.

#![allow(clippy::unwrap_used, clippy::expect_used, dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cluster::{Binaries, Cluster, Settings};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sqlx::{Connection, PgConnection};

/// No condition in these tests takes longer.
const DEADLINE: Duration = Duration::from_secs(60);

/// Settings on the newest Postgres of this machine, durable as in use, but quick to tell about trouble.
pub async fn settings(data_dir: &Path) -> Settings {
    let binaries = Binaries::find(None).await.expect("these tests need a Postgres on this machine");
    let mut settings = Settings::new(data_dir, binaries);
    settings.start_timeout = DEADLINE;
    settings.stop_timeout = Duration::from_secs(20);
    settings
}

pub async fn start(data_dir: &Path) -> Cluster {
    Cluster::start(settings(data_dir).await).await.expect("the cluster starts")
}

/// Runs a statement on a connection of its own.
pub async fn run(url: &str, statement: &'static str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::raw_sql(statement).execute(&mut connection).await?;
    connection.close().await
}

/// Asks for one number on a connection of its own.
pub async fn number(url: &str, question: &'static str) -> Result<i64, sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    let answer = sqlx::query_scalar(question).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(answer)
}

/// Waits until the database answers, as it does again some time after a crash.
pub async fn number_in_time(url: &str, question: &'static str) -> i64 {
    let began = Instant::now();
    loop {
        match number(url, question).await {
            Ok(answer) => return answer,
            Err(error) => assert!(began.elapsed() < DEADLINE, "no answer in time: {error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until `condition` holds.
pub async fn until(what: &str, condition: impl Fn() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < DEADLINE, "in time: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The postmaster, by its own file.
pub fn postmaster(data_dir: &Path) -> Pid {
    let text = fs::read_to_string(data_dir.join("postgres/postmaster.pid")).expect("Postgres is running");
    Pid::from_raw(text.lines().next().unwrap().trim().parse().unwrap())
}

pub fn is_alive(pid: Pid) -> bool {
    // A zombie is dead, but still has its number.
    let state = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    kill(pid, None).is_ok() && !state.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z'))
}

/// Another process that has the cluster of `data_dir`: this test program, told to run its test `other_process`.
pub struct OtherProcess {
    child: Child,
    told: PathBuf,
}

impl OtherProcess {
    /// Starts it and waits until it has the cluster.
    pub async fn start(data_dir: &Path, told: &Path) -> Self {
        let _ = fs::remove_file(told);
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "other_process", "--nocapture"]);
        command.env("CLUSTER_TEST_DATA", data_dir).env("CLUSTER_TEST_TOLD", told);
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        let child = command.spawn().unwrap();
        let other = Self { child, told: told.to_path_buf() };
        until("the other process has the cluster", || other.told.exists()).await;
        other
    }

    /// What it said: `owner` or `guest`, and the URL.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.told).unwrap()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Lets it stop the cluster and end.
    pub async fn stop(mut self) {
        drop(self.child.stdin.take());
        let status = tokio::task::spawn_blocking(move || self.child.wait().unwrap()).await.unwrap();
        assert!(status.success());
    }

    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }
}

/// What the other process does: has the cluster until its standard input ends.
pub async fn be_the_other_process() {
    let (Some(data), Some(told)) = (std::env::var_os("CLUSTER_TEST_DATA"), std::env::var_os("CLUSTER_TEST_TOLD"))
    else {
        return;
    };
    let cluster = start(Path::new(&data)).await;
    let role = if cluster.is_owner() { "owner" } else { "guest" };
    let unfinished = Path::new(&told).with_extension("new");
    fs::write(&unfinished, format!("{role} {}", cluster.url())).unwrap();
    fs::rename(&unfinished, &told).unwrap();
    let end = || std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    tokio::task::spawn_blocking(end).await.unwrap().unwrap();
    cluster.stop().await.unwrap();
}
