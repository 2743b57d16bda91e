//! A database with the engine and the oracle in it, and sessions on it that are held still and killed.

use std::{future::Future, time::Duration};

use fresh_database::FreshDatabase;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::time::Instant;

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Refreshes the four views, fails where one of them fails, and tells what is wrong in them.
const REFRESH: &str = "do $$
begin
    if exists (select from public.refresh_action_analytics() where not success) then
        raise exception 'a view was not refreshed: %', (select string_agg(error_message, '; ') from tidemark.refresh_log);
    end if;
end
$$";

/// A database of a test's own.
pub struct Engine {
    pub database: FreshDatabase,
}

impl Engine {
    /// With the engine, without rows.
    pub async fn new() -> Self {
        let engine = Self { database: FreshDatabase::migrated().await };
        engine.ask_oracle().await;
        engine
    }

    /// Makes the oracle of this database.
    pub async fn ask_oracle(&self) {
        self.database.run(include_str!("sql/oracle.sql")).await;
    }

    /// A connection of its own.
    pub async fn session(&self) -> Session {
        Session::connect(&self.database.url).await.unwrap()
    }

    /// What the live views tell wrongly, as of one snapshot.
    pub async fn live_differences(&self) -> Vec<String> {
        self.session().await.live_differences().await.unwrap()
    }

    /// Makes sure that the live views tell the truth.
    pub async fn assert_live(&self, when: &str) {
        assert_none(&self.live_differences().await, when);
    }

    /// Makes sure that after a refresh the four views tell the truth, and the live views still do. Nobody may write
    /// meanwhile.
    pub async fn assert_exact(&self, when: &str) {
        assert_none(&self.differences().await, when);
    }

    /// What is wrong in the live views before and after a refresh, and in the four views after it.
    pub async fn differences(&self) -> Vec<String> {
        let mut session = self.session().await;
        let mut found = session.live_differences().await.unwrap();
        found.extend(session.differences_after_refresh().await);
        found
    }
}

/// Fails with everything that was found.
pub fn assert_none(differences: &[String], when: &str) {
    let shown: Vec<_> = differences.iter().take(20).collect();
    assert!(differences.is_empty(), "{when}: {} differences, such as {shown:#?}", differences.len());
}

/// A connection, and the process that serves it.
pub struct Session {
    pub connection: PgConnection,
    pub pid: i32,
}

impl Session {
    pub async fn connect(url: &str) -> Result<Self, sqlx::Error> {
        let mut connection = PgConnection::connect(url).await?;
        sqlx::raw_sql("set statement_timeout = '100s'").execute(&mut connection).await?;
        let pid = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut connection).await?;
        Ok(Self { connection, pid })
    }

    /// Runs any statements.
    pub async fn run(&mut self, sql: &str) {
        self.attempt(sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// Runs any statements, which may fail.
    pub async fn attempt(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut self.connection).await.map(drop)
    }

    /// One value.
    pub async fn value<T>(&mut self, sql: &str) -> T
    where
        T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        let value = sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut self.connection).await;
        value.unwrap_or_else(|error| panic!("{error}: {sql}"))
    }

    /// The rows of a query that answers with one column of text.
    pub async fn texts(&mut self, sql: &str) -> Vec<String> {
        let rows = sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_all(&mut self.connection).await;
        rows.unwrap_or_else(|error| panic!("{error}: {sql}"))
    }

    /// What the live views tell wrongly. The lock comes before the snapshot: a truncate in between would be seen in the
    /// table, yet not in the log.
    pub async fn live_differences(&mut self) -> Result<Vec<String>, sqlx::Error> {
        self.attempt("begin isolation level repeatable read; lock table public.action_results in access share mode")
            .await?;
        let found = sqlx::query_scalar("select oracle.live_differences()").fetch_all(&mut self.connection).await?;
        self.attempt("commit").await?;
        Ok(found)
    }

    /// What is wrong in the live and in the four views, right after a refresh. Nobody may write meanwhile.
    pub async fn differences_after_refresh(&mut self) -> Vec<String> {
        self.run("begin").await;
        if let Err(error) = self.attempt(REFRESH).await {
            self.run("rollback").await;
            return vec![format!("the refresh failed: {error}")];
        }
        let found = self.texts("select oracle.live_differences() union all select oracle.view_differences()").await;
        self.run("commit").await;
        found
    }

    /// Ends another session at once.
    pub async fn terminate(&mut self, pid: i32) {
        self.run(&format!("select pg_terminate_backend({pid})")).await;
        self.until_true(&format!("select not exists (select from pg_stat_activity where pid = {pid})")).await;
    }

    /// Waits until a question is answered with true.
    pub async fn until_true(&mut self, question: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.value::<bool>(question).await {
            assert!(Instant::now() < deadline, "waited in vain for: {question}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Waits until a session waits for a lock of a kind.
    pub async fn until_waits(&mut self, pid: i32, locktype: &str) {
        self.until_true(&format!(
            "select exists (select from pg_locks where pid = {pid} and locktype = '{locktype}' and not granted)"
        ))
        .await;
    }

    /// Runs statements in the background, and gives the session back with what came of them.
    pub fn start(mut self, sql: impl Into<String>) -> Background {
        let (pid, sql) = (self.pid, sql.into());
        let task = tokio::spawn(async move {
            let outcome = self.attempt(&sql).await;
            (self, outcome)
        });
        Background { pid, task }
    }
}

/// A session that is busy.
pub struct Background {
    pub pid: i32,
    task: tokio::task::JoinHandle<(Session, Result<(), sqlx::Error>)>,
}

impl Background {
    /// Waits for its end, which must be a good one.
    pub async fn finish(self) -> Session {
        let (session, outcome) = self.outcome().await;
        outcome.unwrap();
        session
    }

    /// Waits for its end.
    pub async fn outcome(self) -> (Session, Result<(), sqlx::Error>) {
        in_time(self.task).await.unwrap()
    }

    pub fn is_finished(&self) -> bool {
        self.task.is_finished()
    }
}

/// Fails where something takes too long.
pub async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.expect("it ends in time")
}

/// What the database calls an error.
pub fn sqlstate(error: &sqlx::Error) -> String {
    error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned()).unwrap_or_default()
}
