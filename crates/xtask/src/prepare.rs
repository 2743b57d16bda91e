//! The description of the queries in `crates/store/.sqlx`, with which `store` compiles without a database.
//!
//! The migrations are applied with sqlx here and not with `store`, which cannot compile before it is described.

use crate::files::{digest_of, read, remove, walk, write_if_changed};
use crate::postgres::{self, ThrowAway};
use crate::step::{Outcome, Steps, command};
use crate::{root, tools};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

type Descriptions = BTreeMap<String, Vec<u8>>;

/// Makes the description anew.
pub fn run() -> Result<()> {
    Steps::default().step("description of the queries", || {
        let described = describe()?;
        let home = home();
        for name in in_folder(&home)?.keys().filter(|name| !described.contains_key(*name)) {
            fs::remove_file(home.join(name))?;
        }
        for (name, content) in &described {
            write_if_changed(&home.join(name), content)?;
        }
        Ok(Outcome::Done)
    })
}

/// An error when the committed description is not that of the queries and migrations there are.
pub fn check() -> Result<Outcome> {
    let stamp = crate::files::Stamp::new("queries", digest_of(&inputs())?);
    if stamp.is_current() {
        return Ok(Outcome::UpToDate);
    }
    let (described, committed) = (describe()?, in_folder(&home())?);
    if described != committed {
        let differ = |name: &&String| described.get(*name) != committed.get(*name);
        let names = described.keys().chain(committed.keys().filter(|name| !described.contains_key(*name)));
        let count = names.filter(differ).count();
        bail!("{count} files in crates/store/.sqlx are not of the queries: run `cargo xtask prepare`");
    }
    stamp.set()?;
    Ok(Outcome::Done)
}

fn home() -> PathBuf {
    root().join("crates/store/.sqlx")
}

fn inputs() -> Vec<PathBuf> {
    let names = ["migrations", "crates/store/src", "crates/store/sql", "crates/store/.sqlx", "Cargo.lock"];
    names.map(|name| root().join(name)).into()
}

/// Describes all queries against a database with just the migrations.
fn describe() -> Result<Descriptions> {
    let cluster = ThrowAway::start(&postgres::of_machine()?)?;
    // A description spells table names as the search path lets it, which would follow the name of the user.
    let url = format!("{}&options[search_path]=public", cluster.url());
    cluster.wait_for(migrate(&url))?;
    let folder = root().join("target/xtask/sqlx");
    remove(&folder)?;
    fs::create_dir_all(&folder)?;
    let _touched = Touched::new(&root().join("crates/store/src/lib.rs"))?;
    let mut cargo = tools::cargo();
    cargo.args(["check", "--package", "store", "--lib"]);
    cargo.env("DATABASE_URL", &url).env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", &folder);
    command(&mut cargo)?;
    in_folder(&folder)
}

async fn migrate(url: &str) -> Result<()> {
    let migrator = sqlx::migrate::Migrator::new(root().join("migrations")).await?;
    let pool = sqlx::PgPool::connect(url).await?;
    migrator.run(&pool).await.context("cannot apply the migrations")?;
    pool.close().await;
    Ok(())
}

fn in_folder(folder: &Path) -> Result<Descriptions> {
    let mut found = Descriptions::new();
    for path in walk(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        found.insert(name, read(&path)?);
    }
    Ok(found)
}

/// A file that looks changed to cargo for as long as this lives, so that its crate is compiled once more.
struct Touched {
    path: PathBuf,
    before: SystemTime,
}

impl Touched {
    fn new(path: &Path) -> Result<Self> {
        let before = fs::metadata(path)?.modified()?;
        let touched = Self { path: path.to_owned(), before };
        touched.set(SystemTime::now())?;
        Ok(touched)
    }

    fn set(&self, time: SystemTime) -> Result<()> {
        Ok(fs::File::options().append(true).open(&self.path)?.set_modified(time)?)
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        if let Err(error) = self.set(self.before) {
            eprintln!("warning: {} keeps a new time: {error:#}", self.path.display());
        }
    }
}
