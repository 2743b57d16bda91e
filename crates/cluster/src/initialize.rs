//! Makes the data of a new cluster: all or nothing.

use std::fs::{self, DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::process::{Output, Stdio};

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::binaries::Binaries;
use crate::error::{ClusterError, Trying};
use crate::home::{Home, version_of_data};
use crate::log::last_lines;
use crate::settings::Settings;
use crate::socket::NAME;
use crate::user::{give, run_as};

/// The encoding is UTF-8 either way; an old C library may not know the first, which also has the case of letters beyond ASCII.
const LOCALES: [&str; 2] = ["C.UTF-8", "C"];

/// Makes the data when there are none yet. Only for who holds the lock.
pub(crate) async fn initialize(home: &Home, binaries: &Binaries, settings: &Settings) -> Result<(), ClusterError> {
    let data = home.data();
    match version_of_data(&data)? {
        Some(major) if major == binaries.version.major => return Ok(()),
        Some(major) => {
            let programs = binaries.directory.clone();
            let binaries = binaries.version;
            return Err(ClusterError::WrongVersion { directory: data, data: major, programs, binaries });
        }
        None => tracing::info!(data = %data.display(), version = %binaries.version, "making a new Postgres cluster"),
    }
    let unfinished = home.unfinished_data();
    make_data(home, binaries, settings.durable, &unfinished).await?;
    create_database(home, binaries, settings.durable, &unfinished).await?;
    fs::rename(&unfinished, &data).trying("move the new cluster to", &data)?;
    if settings.durable {
        let parent = home.directory();
        File::open(parent).and_then(|directory| directory.sync_all()).trying("write to disk", parent)?;
    }
    Ok(())
}

async fn make_data(home: &Home, binaries: &Binaries, durable: bool, data: &Path) -> Result<(), ClusterError> {
    let mut reason = String::new();
    for locale in LOCALES {
        match fs::remove_dir_all(data) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error).trying("remove", data),
            _ => {}
        }
        DirBuilder::new().mode(0o700).create(data).trying("make the directory", data)?;
        give(data, home.account.as_ref())?;
        let mut command = command(home, binaries, "initdb");
        command.arg("-D").arg(data).args(["--encoding=UTF8", "--data-checksums", "--auth-local=trust"]);
        command.arg("--auth-host=reject").arg(format!("--username={NAME}")).arg(format!("--locale={locale}"));
        command.args((!durable).then_some("--no-sync"));
        let output = command.output().await.trying("run", &binaries.program("initdb"))?;
        if output.status.success() {
            return Ok(());
        }
        reason = said(&output);
    }
    Err(ClusterError::Initialize { directory: data.to_path_buf(), reason })
}

/// Creates the database without a server, as that needs neither a client nor a socket.
async fn create_database(home: &Home, binaries: &Binaries, durable: bool, data: &Path) -> Result<(), ClusterError> {
    let program = binaries.program("postgres");
    let mut command = command(home, binaries, "postgres");
    command.args(["--single", "-c", "exit_on_error=on"]);
    command.args((!durable).then_some("--fsync=off")).arg("-D").arg(data).arg("postgres").stdin(Stdio::piped());
    let mut child = command.spawn().trying("run", &program)?;
    if let Some(mut input) = child.stdin.take() {
        let statement = format!("create database {NAME}\n");
        input.write_all(statement.as_bytes()).await.trying("write to", &program)?;
    }
    let output = child.wait_with_output().await.trying("run", &program)?;
    if output.status.success() {
        return Ok(());
    }
    Err(ClusterError::Initialize { directory: data.to_path_buf(), reason: said(&output) })
}

/// A program that runs as the user of Postgres, apart from the terminal, in a directory it can enter, and in English.
pub(crate) fn command(home: &Home, binaries: &Binaries, program: &str) -> Command {
    let mut command = Command::new(binaries.program(program));
    command.current_dir(home.directory()).process_group(0).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").env("TZ", "UTC");
    run_as(&mut command, home.account.as_ref());
    command
}

fn said(output: &Output) -> String {
    last_lines(&String::from_utf8_lossy(if output.stderr.is_empty() { &output.stdout } else { &output.stderr }))
}
