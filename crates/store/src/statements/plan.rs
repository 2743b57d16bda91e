//! How the database would run a statement: it is planned for any values, and never run.

use domain::statements::Plan;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::{Pool, StoreError, pool};

/// How each statement would be run.
pub(crate) async fn of_each(pool: &Pool, statements: &[String]) -> Result<Vec<Plan>, StoreError> {
    // Of its own: what is prepared on it ends with it.
    let mut connection = pool::connect_alone(pool).await?;
    let mut plans = Vec::new();
    for statement in statements {
        plans.push(match lines_of(&mut connection, statement).await {
            Ok(lines) => Plan::of_lines(lines),
            Err(sqlx::Error::Database(error)) => Plan::Unknown(error.message().to_owned()),
            Err(error) => return Err(error.into()),
        });
    }
    pool::close(connection).await;
    Ok(plans)
}

/// The text is parsed as one statement, which `prepare` takes for something that can be planned, or refuses.
async fn lines_of(connection: &mut PgConnection, statement: &str) -> Result<Vec<String>, sqlx::Error> {
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
