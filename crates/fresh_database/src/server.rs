//! A Postgres of one test's own, for what holds for a whole server.

use cluster::{Binaries, Cluster, Settings};
use store::{Pool, PoolSettings};
use tempfile::TempDir;

/// A server of one test's own, of the version that is found on this machine. It is to be stopped at the end.
#[derive(Debug)]
pub struct Server {
    /// Connections to it, as its superuser.
    pub pool: Pool,
    cluster: Cluster,
    _folder: TempDir,
}

impl Server {
    /// Starts one with these settings.
    pub async fn start(parameters: &[(&str, &str)]) -> Self {
        // Root runs Postgres as another user, who has to get in.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        let folder = tempfile::Builder::new().permissions(open).tempdir().unwrap();
        let mut settings = Settings::throw_away(folder.path().join("data"), Binaries::find(None).await.unwrap());
        settings.parameters = parameters.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let cluster = Cluster::start(settings).await.unwrap();
        let pool = store::connect(cluster.url(), &PoolSettings::default()).await.unwrap();
        Self { pool, cluster, _folder: folder }
    }

    /// Stops it, and waits until it is gone.
    pub async fn stop(self) {
        self.pool.close().await;
        self.cluster.stop().await.unwrap();
    }
}
