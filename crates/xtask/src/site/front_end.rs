//! The front end: Rust to WebAssembly, bound to JavaScript, then made small.

use super::npm_program;
use crate::step::{Outcome, command, quiet};
use crate::{root, tools};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// Leptos asks for `/pkg/tidemark.js` and `/pkg/tidemark_bg.wasm`: the names follow from this one.
const NAME: &str = "tidemark";

/// What rustc's WebAssembly uses, and every browser of the last years has.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

pub fn compile() -> Result<Outcome> {
    let arguments = ["build", "--package", "frontend", "--target", tools::WASM, "--profile", "wasm-release"];
    command(tools::cargo().args(arguments))?;
    Ok(Outcome::Done)
}

/// Writes the glue as one minified script, and the WebAssembly beside it.
pub fn bind(pkg: &Path) -> Result<Outcome> {
    let input = root().join("target").join(tools::WASM).join("wasm-release/frontend.wasm");
    let bound = tempfile::tempdir()?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&input).out_name(NAME);
    bindgen.web(true)?.typescript(false).demangle(false).debug(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.generate(bound.path()).with_context(|| format!("wasm-bindgen of {}", input.display()))?;

    let wasm = format!("{NAME}_bg.wasm");
    fs::copy(bound.path().join(&wasm), pkg.join(&wasm))?;
    let mut esbuild = Command::new(npm_program("esbuild"));
    esbuild.arg(bound.path().join(format!("{NAME}.js")));
    esbuild.arg(format!("--outfile={}", pkg.join(format!("{NAME}.js")).display()));
    quiet(esbuild.args(["--bundle", "--format=esm", "--minify", "--target=es2022", "--log-level=warning"]))?;
    Ok(Outcome::Done)
}

pub fn optimize(pkg: &Path) -> Result<Outcome> {
    let wasm = pkg.join(format!("{NAME}_bg.wasm"));
    let mut wasm_opt = Command::new(npm_program("wasm-opt"));
    // Knowing what each function touches, a second pass removes some more.
    wasm_opt.args(["-Oz", "--generate-global-effects", "-Oz"]).args(FEATURES).arg(&wasm).arg("--output").arg(&wasm);
    quiet(&mut wasm_opt)?;
    Ok(Outcome::Done)
}
