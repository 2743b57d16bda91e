//! What the browser gets, made in `target/site`: the front end as WebAssembly, the chart library, the style, and the
//! public files, each with a compressed sibling. The server carries this folder inside its binary.

mod assets;
mod front_end;
mod sizes;

use crate::files::{Stamp, digest, digest_of, lock, read, remove, replace_folder, walk};
use crate::step::{Outcome, Steps};
use crate::{root, tools};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// Everything the site is made from.
const INPUTS: [&str; 9] = [
    "Cargo.lock",
    "Cargo.toml",
    "crates/app",
    "crates/charts",
    "crates/domain",
    "crates/frontend",
    "crates/xtask/src/site",
    "public",
    "style",
];

/// Builds the site where its inputs changed, then holds it to the budget.
pub fn build(steps: &mut Steps) -> Result<()> {
    let _lock = lock()?;
    steps.step("target wasm32-unknown-unknown", tools::wasm_target)?;
    bundle_charts(steps)?;
    let site = root().join("target/site");
    let stamp = Stamp::new("site", digest_of(&INPUTS.map(|input| root().join(input)))?);
    if stamp.is_current() && site.join("hash.txt").is_file() {
        steps.step("site", || Ok(Outcome::UpToDate))?;
    } else {
        make(steps, &site)?;
        stamp.set()?;
    }
    let sizes = sizes::of_site(&site)?;
    sizes::print(&sizes);
    sizes::hold_to_budget(&sizes)
}

/// The chart library as one script, for the browser and for the server's own QuickJS: `target/charts/echarts.js`.
pub fn chart_library(steps: &mut Steps) -> Result<()> {
    let _lock = lock()?;
    bundle_charts(steps)
}

fn bundle_charts(steps: &mut Steps) -> Result<()> {
    steps.step("npm packages (crates/charts/js)", || tools::npm_packages(&assets::javascript()))?;
    steps.step("chart library", assets::chart_library)
}

fn make(steps: &mut Steps, site: &Path) -> Result<()> {
    let draft = site.with_extension("tmp");
    let pkg = draft.join("pkg");
    remove(&draft)?;
    std::fs::create_dir_all(&pkg)?;
    steps.step("front end: rustc", front_end::compile)?;
    steps.step("front end: wasm-bindgen", || front_end::bind(&pkg))?;
    steps.step("front end: wasm-opt -Oz", || front_end::optimize(&pkg))?;
    steps.step("style and public files", || {
        assets::style(&pkg)?;
        assets::public(&draft)?;
        std::fs::copy(assets::chart_library_path(), pkg.join("echarts.js"))?;
        Ok(Outcome::Done)
    })?;
    steps.step("brotli", || {
        std::fs::write(draft.join("hash.txt"), hash(&pkg)?)?;
        sizes::compress(&draft)?;
        Ok(Outcome::Done)
    })?;
    replace_folder(&draft, site)
}

/// A short name for the content of `pkg/`: browsers may keep what they fetched under it for ever.
fn hash(pkg: &Path) -> Result<String> {
    let contents: Vec<Vec<u8>> = walk(pkg)?.iter().map(|path| read(path)).collect::<Result<_>>()?;
    let mut hash = digest(contents.iter().map(Vec::as_slice));
    hash.truncate(12);
    Ok(hash)
}

/// A program that an npm package of crates/charts/js brought.
fn npm_program(name: &str) -> PathBuf {
    assets::javascript().join("node_modules/.bin").join(name)
}
