//! Imports into a real Postgres: `DATABASE_URL` names a server where databases may be made.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bad_rows;
mod flights;
mod roundtrip;

use std::path::{Path, PathBuf};

use clap::Parser;
use fresh_database::FreshDatabase;
use tempfile::TempDir;

use super::*;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: ImportArgs,
}

/// Arguments as they are given in a shell; no file name here has a space.
fn arguments(line: &str) -> ImportArgs {
    Line::try_parse_from(std::iter::once("import").chain(line.split_whitespace())).expect(line).args
}

/// A database and a folder for files.
struct Place {
    database: FreshDatabase,
    folder: TempDir,
}

impl Place {
    async fn new() -> Self {
        Self { database: FreshDatabase::migrated().await, folder: tempfile::tempdir().unwrap() }
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    async fn import(&self, line: &str) -> anyhow::Result<ImportReport> {
        run(arguments(line), &self.database.pool).await
    }

    /// The answer to a question with one number.
    async fn number(&self, question: &str) -> i64 {
        self.database.number(question).await
    }

    async fn rows(&self) -> i64 {
        self.number("select count(*) from action_results").await
    }
}

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name).display().to_string()
}

fn february() -> String {
    format!("{} --triggers {}", fixture("flights-2013-02.csv.gz"), fixture("flights.triggers.csv"))
}
