//! Executions that failed.

use domain::failures::{Failure, Failures, MESSAGE_CHARACTERS, SHOWN};
use sqlx::PgConnection;

use crate::overview::Windows;

pub(crate) async fn load(connection: &mut PgConnection, windows: Windows) -> Result<Failures, sqlx::Error> {
    let counted =
        sqlx::query_file!("sql/failures/count_failures.sql", windows.as_of, windows.begins, MESSAGE_CHARACTERS)
            .fetch_one(&mut *connection)
            .await?;
    let rows = sqlx::query_file_as!(
        Failure,
        "sql/failures/list_newest_failures.sql",
        windows.as_of,
        windows.begins,
        MESSAGE_CHARACTERS,
        SHOWN
    );
    let rows = rows.fetch_all(connection).await?;
    let most_frequent = counted.message.map(|message| (message, counted.times));
    Ok(Failures { rows, total: counted.total, most_frequent })
}
