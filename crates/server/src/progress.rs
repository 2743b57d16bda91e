//! Shows how far work on the database is: one line that is written anew on a terminal, a line per step elsewhere.

use std::time::Duration;

use domain::{format, progress::Progress};
use indicatif::{ProgressBar, ProgressDrawTarget};
use store::{Pool, build::Built};
use tokio_util::sync::CancellationToken;

/// How often the line moves although there is no news, so that nobody takes it for dead.
const MOVE_EVERY: Duration = Duration::from_millis(200);

/// The pause before a build in the background is tried again.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// A line on standard error. It is taken away when this is dropped.
#[derive(Debug)]
pub struct Line {
    bar: ProgressBar,
}

impl Line {
    /// A line that appears with the first news.
    pub fn new() -> Self {
        Self { bar: ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()) }
    }

    /// Shows the news.
    pub fn show(&self, news: String) {
        if self.bar.is_hidden() {
            eprintln!("{news}");
            return;
        }
        self.bar.enable_steady_tick(MOVE_EVERY);
        self.bar.set_message(news);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Counts what is not counted yet, and shows how far that is; what was done, if there was anything to do.
pub async fn build(pool: &Pool) -> anyhow::Result<Option<String>> {
    let line = Line::new();
    let built = store::build::run(pool, |progress| line.show(counted(progress))).await?;
    Ok(built.map(done))
}

/// The same while pages are served: it goes into the log, and what fails is tried again until it is told to stop.
pub async fn build_in_background(pool: Pool, stop: CancellationToken) {
    let mut pause = FIRST_PAUSE;
    let tell = |progress: Progress| tracing::info!(rows = progress.rows, "{}", counted(progress));
    while let Some(built) = stop.run_until_cancelled(store::build::run(&pool, tell)).await {
        match built {
            Ok(None) => return,
            Ok(Some(built)) => {
                tracing::info!(rows = built.rows, "{}", done(built));
                return;
            }
            Err(error) => tracing::warn!(%error, "not everything could be counted; trying again"),
        }
        if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return;
        }
        pause = (2 * pause).min(LONGEST_PAUSE);
    }
}

fn counted(progress: Progress) -> String {
    progress.sentence("counted")
}

fn done(built: Built) -> String {
    let rows = format::counted(built.rows, "row", "rows");
    format!("counted {rows} in {}; the four views are exact from now on", format::duration(built.took))
}
