//! A fresh database for each test, on the Postgres that `DATABASE_URL` names. For tests only: what goes wrong panics.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test that cannot be set up has failed")]

mod server;

use std::{
    str::FromStr as _,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

pub use server::Server;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};
use store::{Pool, PoolSettings};

/// How long [`until`] waits.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many databases this process has made: a part of their names.
static MADE: AtomicU32 = AtomicU32::new(0);

/// A database of one test's own. It is dropped with this, also when the test panics.
#[derive(Debug)]
pub struct FreshDatabase {
    /// Connections to it.
    pub pool: Pool,
    /// Where it is, for other pools and for programs.
    pub url: String,
    name: String,
    roles: Vec<String>,
}

impl FreshDatabase {
    /// A database with nothing in it.
    pub async fn empty() -> Self {
        let moment = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() % 1_000_000_000;
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("fresh_{}_{number}_{moment}", std::process::id());
        // Nobody is ever connected to template0, which would make this fail.
        execute_on(&server(), &format!("create database {name} template template0")).await.unwrap();
        let url = server().database(&name).to_url_lossy().to_string();
        Self { pool: connect(&url).await, url, name, roles: Vec::new() }
    }

    /// A database with Tidemark's schema, and all in it that there is to count counted.
    pub async fn migrated() -> Self {
        let database = Self::empty().await;
        database.migrate().await;
        database
    }

    /// Brings the schema up to date, and counts what is not counted yet.
    pub async fn migrate(&self) {
        store::schema::migrate(&self.pool).await.unwrap();
        store::build::run(&self.pool, |_| ()).await.unwrap();
    }

    /// Runs any statements.
    pub async fn run(&self, sql: &str) {
        let ran = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&self.pool).await;
        ran.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// One value.
    pub async fn value<T>(&self, sql: &str) -> T
    where
        T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        let value = sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&self.pool).await;
        value.unwrap_or_else(|error| panic!("{error}: {sql}"))
    }

    /// One whole number.
    pub async fn number(&self, sql: &str) -> i64 {
        self.value(sql).await
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

    /// A pool whose sessions act as a new role without any privileges, and the role's name.
    pub async fn pool_as_new_role(&mut self) -> (Pool, String) {
        let role = format!("{}_role_{}", self.name, self.roles.len());
        self.run(&format!("create role {role}")).await;
        self.roles.push(role.clone());
        let separator = if self.url.contains('?') { '&' } else { '?' };
        (connect(&format!("{}{separator}options=-c%20role%3D{role}", self.url)).await, role)
    }
}

impl Drop for FreshDatabase {
    fn drop(&mut self) {
        let mut statements = vec![format!("drop database if exists {} with (force)", self.name)];
        statements.extend(self.roles.iter().map(|role| format!("drop role if exists {role}")));
        // On a runtime of its own: the one of the test may be going away.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            for statement in statements {
                if let Err(error) = runtime.block_on(execute_on(&server(), &statement)) {
                    eprintln!("{statement}: {error}");
                }
            }
        });
        // A second panic on top of a test's own would hide that one.
        if dropping.join().is_err() {
            eprintln!("the database {} is left behind", self.name);
        }
    }
}

/// Waits until a condition holds.
pub async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(tokio::time::Instant::now() < deadline, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn server() -> PgConnectOptions {
    let Ok(url) = std::env::var("DATABASE_URL") else {
        panic!("set DATABASE_URL to a superuser's connection, as in postgres://postgres@localhost/postgres");
    };
    PgConnectOptions::from_str(&url).unwrap_or_else(|error| panic!("DATABASE_URL cannot be understood: {error}"))
}

async fn connect(url: &str) -> Pool {
    let settings = PoolSettings { max_connections: 8, ..PoolSettings::default() };
    store::connect(url, &settings).await.unwrap()
}

async fn execute_on(server: &PgConnectOptions, sql: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect_with(server).await?;
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await?;
    connection.close().await
}
