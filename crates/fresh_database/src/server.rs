//! A Postgres of one test's own, for what holds for a whole server.

use std::{
    os::unix::{fs::MetadataExt as _, fs::PermissionsExt as _, process::CommandExt as _},
    path::Path,
    process::Command,
};

use cluster::{Binaries, Cluster, Settings};
use sqlx::AssertSqlSafe;
use store::{Pool, PoolSettings};
use tempfile::TempDir;

/// A server of one test's own, of the version that is found on this machine. It is to be stopped at the end.
#[derive(Debug)]
pub struct Server {
    /// Connections to it, as its superuser.
    pub pool: Pool,
    /// Where it is.
    pub url: String,
    cluster: Cluster,
    settings: Settings,
    folder: Option<TempDir>,
}

impl Server {
    /// Starts one with these settings.
    pub async fn start(parameters: &[(&str, &str)]) -> Self {
        // Root runs Postgres as another user, who has to get in.
        let open = std::fs::Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new().permissions(open).tempdir().unwrap();
        let server = Self::start_in(folder.path(), parameters).await;
        Self { folder: Some(folder), ..server }
    }

    /// The same in a folder, which the user that runs Postgres can enter.
    pub async fn start_in(folder: &Path, parameters: &[(&str, &str)]) -> Self {
        let mut settings = Settings::throw_away(folder.join("data"), Binaries::find(None).await.unwrap());
        settings.parameters = parameters.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self::of(settings, None).await
    }

    async fn of(settings: Settings, folder: Option<TempDir>) -> Self {
        let cluster = Cluster::start(settings.clone()).await.unwrap();
        let url = cluster.url().to_owned();
        let pool = store::connect(&url, &PoolSettings::default()).await.unwrap();
        Self { pool, url, cluster, settings, folder }
    }

    /// Makes Tidemark's schema, with nothing in it, and refreshes the views.
    pub async fn migrate(&self) {
        store::schema::migrate(&self.pool).await.unwrap();
        store::build::run(&self.pool, |_| ()).await.unwrap();
    }

    /// Runs any statements.
    pub async fn run(&self, sql: &str) {
        let ran = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&self.pool).await;
        ran.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// Whether Postgres came with this program.
    #[must_use]
    pub fn has(&self, program: &str) -> bool {
        self.settings.binaries.directory.join(program).exists()
    }

    /// Stops it, has a program of Postgres work on its data, and starts it again.
    pub async fn restarted_after(self, program: &str, arguments: &[&str]) -> Self {
        self.pool.close().await;
        self.cluster.stop().await.unwrap();
        let data = self.settings.data_dir.join("postgres");
        let owner = std::fs::metadata(&data).unwrap();
        let mut command = Command::new(self.settings.binaries.directory.join(program));
        let status = command.uid(owner.uid()).gid(owner.gid()).args(arguments).arg(&data).status().unwrap();
        assert!(status.success(), "{program} {arguments:?}: {status}");
        Self::of(self.settings, self.folder).await
    }

    /// Stops it, and waits until it is gone.
    pub async fn stop(self) {
        self.pool.close().await;
        self.cluster.stop().await.unwrap();
    }
}
