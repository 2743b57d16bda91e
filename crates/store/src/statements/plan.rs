//! How the database would run a statement: it is planned for any values, and never run.

use domain::statements::{Plan, Statement};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::Measured;
use crate::{Pool, StoreError, pool};

/// Adds to each statement how it would be run.
pub(super) async fn add(pool: &Pool, measured: Vec<Measured>) -> Result<Vec<Statement>, StoreError> {
    // Of its own: what is prepared on it ends with it.
    let mut connection = pool::connect_alone(pool).await?;
    let mut statements = Vec::with_capacity(measured.len());
    for one in measured {
        let plan = match plan_of(&mut connection, &one.statement).await {
            Ok(lines) => Plan::Known(lines.join("\n")),
            Err(sqlx::Error::Database(error)) => Plan::Unknown(error.message().to_owned()),
            Err(error) => return Err(error.into()),
        };
        statements.push(one.with(plan));
    }
    pool::close(connection).await;
    Ok(statements)
}

/// The text is parsed as one statement, which `prepare` takes for something that can be planned, or refuses.
async fn plan_of(connection: &mut PgConnection, statement: &str) -> Result<Vec<String>, sqlx::Error> {
    let mut look = connection.begin_with(include_str!("../../sql/statements/begin_look.sql")).await?;
    sqlx::query_file!("sql/statements/prepare_look.sql").fetch_one(&mut *look).await?;
    let prepare = AssertSqlSafe(format!("prepare looked_at as {statement}"));
    sqlx::query(prepare).persistent(false).execute(&mut *look).await?;
    let parameters = sqlx::query_file_scalar!("sql/statements/count_parameters.sql").fetch_one(&mut *look).await?;
    let nulls = vec!["null"; usize::try_from(parameters).unwrap_or_default()].join(", ");
    let values = if nulls.is_empty() { nulls } else { format!("({nulls})") };
    let explain = AssertSqlSafe(format!("explain execute looked_at{values}"));
    let lines = sqlx::query_scalar(explain).persistent(false).fetch_all(&mut *look).await;
    sqlx::query("deallocate looked_at").persistent(false).execute(&mut *look).await.ok();
    look.rollback().await?;
    lines
}
