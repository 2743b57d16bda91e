//! `tidemark import`: action results from files.
//!
//! Files are read on a thread of their own, checked row by row, and copied into a staging table; only when the last row
//! was read is anything merged. Running an import twice adds nothing twice: rows are known by their id, or, where they
//! bring none, by their content and by how many rows of the same content came before them in their file.

mod csv_file;
mod intake;
mod json_lines;
mod progress;
mod rejects;
mod report;
mod row;
mod source;
#[cfg(test)]
pub mod tests;
mod timestamp;
mod triggers_file;
mod values;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use store::import::{Import, Merge, Trigger};
use tokio::sync::mpsc;

use intake::{Intake, Tally};
use progress::Progress;
pub use report::ImportReport;
use source::{FormatChoice, Source};

/// Batches read ahead of the database.
const BATCHES_AHEAD: usize = 8;

/// Import action results from CSV or JSON Lines files, plain or gzipped.
#[derive(Debug, Clone, Args)]
pub struct ImportArgs {
    /// Files to import; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// CSV of triggers (id,name,organization,enabled) to write first; known ones are brought up to date
    #[arg(long, value_name = "FILE")]
    pub triggers: Option<PathBuf>,
    /// Move all times by whole weeks, so that the newest row is at or just before now
    #[arg(long, conflicts_with = "shift_weeks")]
    pub shift_to_now: bool,
    /// Move all times by this many weeks
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub shift_weeks: Option<i32>,
    /// What a bad row does: `stop` imports nothing at all, `skip` sets it aside in a rejects file
    #[arg(long, value_enum, default_value_t)]
    pub on_error: OnError,
    /// Do nothing when there are action results already
    #[arg(long)]
    pub if_empty: bool,
    /// Commit every N rows, instead of all in one transaction
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub batch_rows: Option<u64>,
    /// Where bad rows are set aside, instead of FILE.rejects.csv beside each file
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// How rows are written
    #[arg(long, value_enum, default_value_t)]
    pub format: FormatChoice,
    /// Columns of the files to leave out; any other unknown column is an error
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub ignore_columns: Vec<String>,
}

/// What a bad row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum OnError {
    /// Nothing is imported.
    #[default]
    Stop,
    /// It is set aside, the others are imported.
    Skip,
}

/// Imports what the arguments name, and says what it did.
///
/// # Errors
/// When a file cannot be read, a row is bad (with [`OnError::Stop`]), or the database refuses something. Nothing is
/// imported then, except for earlier batches with `batch_rows`.
pub async fn run(args: ImportArgs, pool: &store::Pool) -> anyhow::Result<ImportReport> {
    if args.if_empty && !store::import::is_empty(pool).await.context("cannot look for action results")? {
        println!("there are action results already: nothing was imported (--if-empty)");
        return Ok(ImportReport::default());
    }
    check_files(&args)?;
    let triggers = args.triggers.as_deref().map(triggers_file::read).transpose()?.unwrap_or_default();
    let progress = Progress::new(size_of(&args.files));
    let report = import(&args, pool, &triggers, &progress).await;
    progress.finish();
    let report = report?;
    for detail in report.details() {
        eprintln!("{detail}");
    }
    println!("{report}");
    Ok(report)
}

async fn import(
    args: &ImportArgs,
    pool: &store::Pool,
    triggers: &[Trigger],
    progress: &Progress,
) -> anyhow::Result<ImportReport> {
    let sources = open_sources(args, progress)?;
    let known_triggers = known_triggers(pool, triggers).await.context("cannot look for triggers")?;
    let mut import = Import::begin(pool).await.context("cannot begin the import")?;
    let tally = stage(args, &mut import, sources, known_triggers, progress).await?;
    if tally.bad > 0 && args.on_error == OnError::Stop {
        bail!(nothing_imported(&tally));
    }

    let staged = import.summarize().await.context("cannot look at the rows read")?;
    let mut report = ImportReport {
        read: tally.read,
        rejected: tally.bad,
        shown: tally.shown,
        repeated: staged.repeated,
        without_time: staged.without_time,
        shift_weeks: args.shift_weeks.or(staged.weeks_to_now.filter(|_| args.shift_to_now)).unwrap_or(0),
        triggers: triggers.len(),
        ..ImportReport::default()
    };
    if triggers.iter().any(|trigger| trigger.organization.is_some()) && !store::import::has_organizations(pool).await? {
        report.notices.push("this database knows no organizations: those of the triggers were left out".to_owned());
    }
    // Set aside before anything is merged, so that no crash in between loses a row.
    for rejects in tally.rejects {
        report.rejects.push(rejects.keep()?);
    }
    progress.begin_merge(staged.rows);
    let merge = Merge { triggers, shift_weeks: report.shift_weeks, batch_rows: args.batch_rows };
    report.imported = import.merge(&merge, |rows| progress.merged(rows)).await?;
    report.already_there = staged.rows - report.imported;
    report.elapsed = progress.elapsed();
    Ok(report)
}

/// Reads all sources into the staging table.
async fn stage(
    args: &ImportArgs,
    import: &mut Import,
    sources: Vec<Source>,
    known_triggers: Option<HashSet<String>>,
    progress: &Progress,
) -> anyhow::Result<Tally> {
    let (sender, mut batches) = mpsc::channel(BATCHES_AHEAD);
    let intake = Intake {
        known_triggers,
        ignored: args.ignore_columns.clone(),
        skip_bad_rows: args.on_error == OnError::Skip,
        sender,
        progress: progress.clone(),
    };
    let reading = tokio::task::spawn_blocking(move || intake.read(sources));
    let staged = import.stage(&mut batches).await;
    // What the database said comes first: without it the reader only knows that nobody takes its rows.
    drop(batches);
    let tally = reading.await.context("the reading of the files broke off")?;
    staged?;
    tally
}

/// The triggers that rows may name: those of the database and those that come along.
async fn known_triggers(pool: &store::Pool, coming: &[Trigger]) -> anyhow::Result<Option<HashSet<String>>> {
    let mut known = store::import::known_triggers(pool).await?;
    if let Some(known) = &mut known {
        known.extend(coming.iter().map(|trigger| trigger.id.clone()));
    }
    Ok(known)
}

fn check_files(args: &ImportArgs) -> anyhow::Result<()> {
    if args.rejects.is_some() && args.files.len() > 1 {
        bail!("--rejects FILE takes the bad rows of one file: import the files one by one, or leave it out");
    }
    if args.files.iter().filter(|file| file.as_os_str() == "-").count() > 1 {
        bail!("standard input (-) can be read once only");
    }
    Ok(())
}

fn open_sources(args: &ImportArgs, progress: &Progress) -> anyhow::Result<Vec<Source>> {
    let open = |path: &PathBuf| Source::open(path, args.format, args.rejects.as_deref(), progress);
    args.files.iter().map(open).collect()
}

fn size_of(files: &[PathBuf]) -> Option<u64> {
    let size =
        |file: &PathBuf| Path::new(file).metadata().ok().filter(std::fs::Metadata::is_file).map(|file| file.len());
    files.iter().map(size).sum()
}

fn nothing_imported(tally: &Tally) -> String {
    let shown: Vec<String> = tally.shown.iter().map(ToString::to_string).collect();
    let unseen = tally.bad - tally.shown.len() as u64;
    let more = if unseen > 0 { format!("\n… and {} more", progress::counted_rows(unseen)) } else { String::new() };
    format!(
        "nothing was imported: {} of {} bad. Mend them, or import the others with --on-error skip\n{}{more}",
        domain::format::count(tally.bad.cast_signed()),
        progress::counted_rows(tally.read),
        shown.join("\n")
    )
}

/// A text of a file as it is shown: in quotes, its middle left out when it is long.
fn quoted(text: &str) -> String {
    const LIMIT: usize = 60;
    if text.chars().count() <= LIMIT {
        return format!("{text:?}");
    }
    let start: String = text.chars().take(LIMIT).collect();
    format!("{:?}", start + "…")
}
