//! `cargo xtask build`: the site for the browser, then the server that carries it.

use crate::step::{Outcome, Steps, command};
use crate::{root, site, tools};
use anyhow::Result;
use std::path::PathBuf;

/// What to build.
#[derive(clap::Args)]
pub struct Arguments {
    /// Build the server without optimization: much quicker to build, slower to run
    #[arg(long)]
    pub dev: bool,
}

/// Builds, and says where the binary is.
pub fn run(arguments: &Arguments) -> Result<()> {
    let mut steps = Steps::default();
    let binary = build(&mut steps, arguments.dev)?;
    println!("\n  {}", binary.strip_prefix(root()).unwrap_or(&binary).display());
    Ok(())
}

/// Builds the product as further steps of a command. The path of the `tidemark` binary.
pub fn build(steps: &mut Steps, dev: bool) -> Result<PathBuf> {
    site::build(steps)?;
    let (profile, folder) = if dev { ("dev", "debug") } else { ("release", "release") };
    steps.step(&format!("server ({profile})"), || {
        command(tools::cargo().args([
            "build",
            "--workspace",
            "--exclude",
            "frontend",
            "--bin",
            "tidemark",
            "--profile",
            profile,
        ]))?;
        Ok(Outcome::Done)
    })?;
    Ok(root().join("target").join(folder).join("tidemark"))
}
