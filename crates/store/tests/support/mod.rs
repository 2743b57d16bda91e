//! A fresh database for every test, on the server that `DATABASE_URL` names.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "each test file uses a part of this")]

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use store::{Pool, PoolSettings};

static MADE: AtomicU32 = AtomicU32::new(0);

/// A database of its own; dropped with this.
pub struct TestDatabase {
    pub pool: Pool,
    pub url: String,
    admin_url: String,
    name: String,
    roles: Vec<String>,
}

impl TestDatabase {
    /// A database with nothing in it.
    pub async fn empty() -> Self {
        let Ok(admin_url) = std::env::var("DATABASE_URL") else {
            panic!("set DATABASE_URL to a superuser's connection, as in postgres://postgres@localhost/postgres");
        };
        let moment = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() % 1_000_000_000;
        let name = format!("store_{}_{}_{moment}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        execute_on(&admin_url, &format!("create database {name} template template0")).await.unwrap();
        let url = with_database(&admin_url, &name);
        let pool = connect(&url).await;
        Self { pool, url, admin_url, name, roles: Vec::new() }
    }

    /// A database with Tidemark's schema.
    pub async fn migrated() -> Self {
        let database = Self::empty().await;
        store::schema::migrate(&database.pool).await.unwrap();
        database
    }

    /// The database that an earlier system left behind.
    pub async fn plain() -> Self {
        let database = Self::empty().await;
        database.run(include_str!("../fixtures/plain_database.sql")).await;
        database
    }

    /// Runs any statements.
    pub async fn run(&self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&self.pool)
            .await
            .unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// One value.
    pub async fn value<T>(&self, sql: &str) -> T
    where
        T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        let value = sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&self.pool).await;
        value.unwrap_or_else(|error| panic!("{error}: {sql}"))
    }

    /// The rows of a query that answers with one column of text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_all(&self.pool).await;
        rows.unwrap_or_else(|error| panic!("{error}: {sql}"))
    }

    /// Refreshes all views, and makes sure that each succeeded.
    pub async fn refresh(&self) {
        let views = store::refresh::run(&self.pool, "test", Duration::from_secs(60)).await.unwrap();
        assert!(views.iter().all(|view| view.success), "{views:?}");
    }

    /// Another pool on this database.
    pub async fn another_pool(&self) -> Pool {
        connect(&self.url).await
    }

    /// A pool whose sessions act as a new role without any privileges.
    pub async fn pool_as_new_role(&mut self) -> (Pool, String) {
        let role = format!("{}_role_{}", self.name, self.roles.len());
        self.run(&format!("create role {role}")).await;
        self.roles.push(role.clone());
        let separator = if self.url.contains('?') { '&' } else { '?' };
        (connect(&format!("{}{separator}options=-c%20role%3D{role}", self.url)).await, role)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let mut statements = vec![format!("drop database if exists {} with (force)", self.name)];
        statements.extend(self.roles.iter().map(|role| format!("drop role if exists {role}")));
        let admin_url = self.admin_url.clone();
        // A runtime of its own: the one of the test may be going away.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            for statement in statements {
                if let Err(error) = runtime.block_on(execute_on(&admin_url, &statement)) {
                    eprintln!("{statement}: {error}");
                }
            }
        });
        dropping.join().unwrap();
    }
}

pub async fn connect(url: &str) -> Pool {
    let settings = PoolSettings { max_connections: 8, ..PoolSettings::default() };
    store::connect(url, &settings).await.unwrap()
}

async fn execute_on(url: &str, sql: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await?;
    connection.close().await
}

/// The same address with another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').map_or((url, None), |(address, rest)| (address, Some(rest)));
    let (scheme, rest) = address.split_once("://").expect("DATABASE_URL is an address");
    let server = rest.split_once('/').map_or(rest, |(server, _)| server);
    let parameters = parameters.map(|parameters| format!("?{parameters}")).unwrap_or_default();
    format!("{scheme}://{server}/{name}{parameters}")
}

/// Waits until a condition holds.
pub async fn until<F: Future<Output = bool>>(what: &str, condition: impl Fn() -> F) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while !condition().await {
        assert!(tokio::time::Instant::now() < deadline, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
