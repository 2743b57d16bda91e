//! `cargo xtask run`: from a clone to a dashboard over real rows.

use crate::step::{Outcome, Steps, command};
use crate::{product, root};
use anyhow::{Context, Result};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

const FLIGHTS: &str = "crates/server/tests/fixtures/flights-2013-02.csv.gz";
const FLIGHTS_TRIGGERS: &str = "crates/server/tests/fixtures/flights.triggers.csv";

/// Where to serve, and how.
#[derive(clap::Args)]
pub struct Arguments {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8640")]
    addr: String,
    /// Build the server with optimization: slower to build, quicker to run
    #[arg(long)]
    release: bool,
    /// Further arguments of `tidemark serve`
    #[arg(last = true)]
    serve: Vec<String>,
}

/// Builds, loads data when there are none, and becomes the server.
pub fn run(arguments: &Arguments) -> Result<()> {
    let mut steps = Steps::default();
    let binary = product::build(&mut steps, !arguments.release)?;
    steps.step("real data, when there are none", || {
        let mut import = tidemark(&binary, "import");
        import.args([FLIGHTS, "--triggers", FLIGHTS_TRIGGERS, "--shift-to-now", "--if-empty"]);
        command(&mut import)?;
        Ok(Outcome::Done)
    })?;
    println!("\n  Tidemark is at http://{} (Ctrl-C stops it)\n", arguments.addr);
    let mut serve = tidemark(&binary, "serve");
    serve.args(["--addr", &arguments.addr, "--trickle"]).args(&arguments.serve);
    // In the place of this process, not below it: signals reach the server itself, and nothing can be orphaned.
    Err(serve.exec()).with_context(|| format!("cannot start {}", binary.display()))
}

fn tidemark(binary: &Path, subcommand: &str) -> Command {
    let mut tidemark = Command::new(binary);
    tidemark.arg(subcommand).arg("--data-dir").arg(root().join(".tidemark"));
    if std::env::var_os("TIDEMARK_ANONYMOUS").is_none() {
        tidemark.env("TIDEMARK_ANONYMOUS", "viewer");
    }
    // Made-up rows trickle in: never into a database that happens to be named here.
    tidemark.env_remove("DATABASE_URL");
    tidemark.current_dir(root());
    tidemark
}
