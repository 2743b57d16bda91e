//! What is not Rust: the chart library, the style, and the public files.

use super::npm_program;
use crate::files::{Stamp, digest_of, read, walk, write_if_changed};
use crate::step::{Outcome, quiet};
use crate::{root, tools};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the npm packages of the build live.
pub fn javascript() -> PathBuf {
    root().join("crates/charts/js")
}

/// The chart library, bundled.
pub fn chart_library_path() -> PathBuf {
    root().join("target/charts/echarts.js")
}

/// Bundles the parts of ECharts in use.
pub fn chart_library() -> Result<Outcome> {
    let output = chart_library_path();
    let stamp = Stamp::new("charts", digest_of(&[javascript()])?);
    if stamp.is_current() && output.is_file() {
        return Ok(Outcome::UpToDate);
    }
    let draft = tempfile::tempdir()?;
    let bundle = draft.path().join("echarts.js");
    let mut node = Command::new(tools::require("node")?);
    quiet(node.args(["build.mjs", "--out"]).arg(&bundle).current_dir(javascript()))?;
    write_if_changed(&output, &read(&bundle)?)?;
    stamp.set()?;
    Ok(Outcome::Done)
}

/// What pages name: each imports the other style sheets that it is joined from.
const STYLE_SHEETS: [&str; 2] = ["style/frame.css", "style/content.css"];

/// Joins the style sheets into those that pages name.
pub fn style(pkg: &Path) -> Result<()> {
    let mut esbuild = Command::new(npm_program("esbuild"));
    esbuild.args(STYLE_SHEETS.map(|sheet| root().join(sheet))).arg(format!("--outdir={}", pkg.display()));
    quiet(esbuild.args(["--bundle", "--minify", "--log-level=warning"]))
}

/// Copies the public files to the root of the site.
pub fn public(site: &Path) -> Result<()> {
    let public = root().join("public");
    for from in walk(&public)? {
        let to = site.join(from.strip_prefix(&public)?);
        fs::create_dir_all(to.parent().unwrap_or(site))?;
        fs::copy(&from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    Ok(())
}
