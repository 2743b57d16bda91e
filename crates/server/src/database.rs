//! The database: the one that was named, or a Postgres of Tidemark's own.

use std::{
    env,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use cluster::{Binaries, Cluster};
use store::{Pool, PoolSettings, schema::MigrationReport};
use tokio_util::sync::CancellationToken;

use crate::{progress, settings::DatabaseArgs};

/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long connections that are still at work may take to end.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long one statement of the server may take; a refresh has its own limit.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);

/// An open database, and the cluster below it when that is Tidemark's own.
pub struct Database {
    /// Connections.
    pub pool: Pool,
    cluster: Option<Cluster>,
}

impl Database {
    /// Connects, starting Tidemark's own Postgres where no database was named.
    pub async fn open(args: &DatabaseArgs) -> anyhow::Result<Self> {
        let (url, cluster) = match &args.database_url {
            Some(url) => (url.clone(), None),
            None => {
                let cluster = start_cluster(args).await?;
                (cluster.url().to_owned(), Some(cluster))
            }
        };
        let settings = PoolSettings {
            max_connections: args.max_connections,
            acquire_timeout: ACQUIRE_TIMEOUT,
            statement_timeout: STATEMENT_TIMEOUT,
            application_name: "tidemark".to_owned(),
        };
        match store::connect(&url, &settings).await {
            Ok(pool) => Ok(Self { pool, cluster }),
            Err(error) => {
                stop(cluster).await;
                Err(error.into())
            }
        }
    }

    /// Opens, works, and closes whatever happens, also when it is told to stop meanwhile: nothing is left running.
    pub async fn with<Done>(
        args: &DatabaseArgs,
        stop: &CancellationToken,
        work: impl AsyncFnOnce(&Pool) -> anyhow::Result<Done>,
    ) -> anyhow::Result<Done> {
        let database = Self::open(args).await?;
        let done = stop.run_until_cancelled(work(&database.pool)).await;
        database.close().await;
        done.unwrap_or_else(|| Err(anyhow::anyhow!("stopped before it was done")))
    }

    /// The same with the schema brought up to date, and everything counted first.
    pub async fn with_migrated<Done>(
        args: &DatabaseArgs,
        stop: &CancellationToken,
        work: impl AsyncFnOnce(&Pool) -> anyhow::Result<Done>,
    ) -> anyhow::Result<Done> {
        Self::with(args, stop, async |pool| {
            migrate(pool).await?;
            progress::build(pool).await?;
            work(pool).await
        })
        .await
    }

    /// Closes all connections and stops Tidemark's own Postgres.
    pub async fn close(self) {
        if tokio::time::timeout(CLOSE_TIMEOUT, self.pool.close()).await.is_err() {
            tracing::warn!("connections that were still at work are cut off");
        }
        stop(self.cluster).await;
    }
}

/// Brings the schema up to date. What is there already is counted afterwards: see [`progress`].
pub async fn migrate(pool: &Pool) -> anyhow::Result<MigrationReport> {
    store::schema::migrate(pool).await.context("the schema could not be brought up to date")
}

async fn start_cluster(args: &DatabaseArgs) -> anyhow::Result<Cluster> {
    let data_dir = data_dir(args)?;
    let binaries = Binaries::find_or_fetch(&data_dir, cluster::data_version(&data_dir)?).await?;
    let mut settings = cluster::Settings::new(data_dir, binaries);
    settings.max_connections = settings.max_connections.max(args.max_connections + 20);
    Ok(Cluster::start(settings).await?)
}

async fn stop(cluster: Option<Cluster>) {
    let Some(cluster) = cluster else { return };
    if let Err(error) = cluster.stop().await {
        tracing::error!(%error, "Postgres did not stop cleanly");
    }
}

/// Refuses to make a cluster only to find nothing in it: for commands that just look.
pub fn expect_existing(args: &DatabaseArgs) -> anyhow::Result<()> {
    if args.database_url.is_some() {
        return Ok(());
    }
    let data_dir = data_dir(args)?;
    if cluster::data_version(&data_dir)?.is_none() {
        anyhow::bail!("there is no database in {} yet: run `tidemark serve`, or set DATABASE_URL", data_dir.display());
    }
    Ok(())
}

fn data_dir(args: &DatabaseArgs) -> anyhow::Result<PathBuf> {
    args.data_dir.clone().map_or_else(default_data_dir, Ok)
}

/// `.tidemark` in the current directory where there is one or where the project's own files are, else the user's folder.
fn default_data_dir() -> anyhow::Result<PathBuf> {
    let here = env::current_dir().context("the current directory is gone")?;
    if here.join(".tidemark").is_dir() || here.join("crates/server").is_dir() {
        return Ok(here.join(".tidemark"));
    }
    let home = env::var_os("HOME").map(PathBuf::from);
    match env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(|| home.map(|home| home.join(".local/share"))) {
        // Nobody but root enters root's home, and Postgres does not run as root.
        Some(data) if !data.starts_with("/root") => Ok(data.join("tidemark")),
        Some(_) => Ok(Path::new("/var/lib/tidemark").to_owned()),
        None => anyhow::bail!("there is no home directory to keep data in; name a place with --data-dir"),
    }
}
