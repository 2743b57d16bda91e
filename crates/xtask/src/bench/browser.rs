//! `cargo xtask bench browser`: how the overview feels in the browser of a slow computer, as a table in Markdown.

use crate::postgres::{self, ThrowAway};
use crate::step::{Outcome, Steps, command};
use crate::{product, root, tools};
use anyhow::Result;

/// Builds what is measured, and measures.
pub fn run() -> Result<()> {
    let mut steps = Steps::default();
    let binary = product::build(&mut steps, false)?;
    let end2end = root().join("end2end");
    steps.step("npm packages (end2end)", || tools::npm_packages(&end2end))?;
    let chromium = tools::chromium(&end2end)?;
    let cluster = ThrowAway::start(&postgres::of_machine()?)?;
    steps.step("reports", || {
        command(tools::playwright(&binary, &chromium, cluster.url())?.args(["--config", "reports.config.ts"]))?;
        Ok(Outcome::Done)
    })
}
