//! A database of its own for each test that needs one: `DATABASE_URL` names a server where databases may be made.

use std::str::FromStr as _;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

/// A fresh, migrated database; gone at [`TestDatabase::drop_now`].
pub struct TestDatabase {
    /// Connections to it.
    pub pool: store::Pool,
    name: String,
}

fn server() -> PgConnectOptions {
    let url = std::env::var("DATABASE_URL").expect("DATABASE_URL must name a Postgres server for the tests");
    PgConnectOptions::from_str(&url).unwrap()
}

async fn on_server(statement: String) {
    let mut admin = PgConnection::connect_with(&server()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut admin).await.unwrap();
}

impl TestDatabase {
    /// Makes one with Tidemark's tables.
    pub async fn new() -> Self {
        let database = Self::empty().await;
        store::schema::migrate(&database.pool).await.unwrap();
        database
    }

    /// Makes one without tables.
    pub async fn empty() -> Self {
        let name = format!("tidemark_test_{:x}_{:x}", std::process::id(), rand::random::<u64>());
        on_server(format!("create database {name}")).await;
        let pool = PgPoolOptions::new().connect_with(server().database(&name)).await.unwrap();
        Self { pool, name }
    }

    /// Where it is.
    #[allow(dead_code, reason = "only those who run the binary ask")]
    pub fn url(&self) -> String {
        server().database(&self.name).to_url_lossy().to_string()
    }

    /// The answer to a question with one number.
    pub async fn number(&self, question: &'static str) -> i64 {
        sqlx::query_scalar(question).fetch_one(&self.pool).await.unwrap()
    }

    /// Takes it away.
    pub async fn drop_now(self) {
        self.pool.close().await;
        on_server(format!("drop database {} with (force)", self.name)).await;
    }
}
