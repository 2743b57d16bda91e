//! Executions that failed.

use domain::failures::{Failure, Failures, MESSAGE_CHARACTERS, MessageCounts, SHOWN};
use sqlx::PgConnection;

use crate::overview::Windows;

/// Failures whose messages are compared, at most: the newest. Reading all of a bad day would take longer than all else.
const COMPARED: i64 = 1_000;

/// The newest failures of a window in which `total` executions failed.
pub(crate) async fn load(connection: &mut PgConnection, windows: Windows, total: i64) -> Result<Failures, sqlx::Error> {
    let counted = sqlx::query_file!(
        "sql/failures/count_messages.sql",
        windows.begins,
        windows.until,
        MESSAGE_CHARACTERS,
        COMPARED
    );
    let counted = counted.fetch_one(&mut *connection).await?;
    let rows = sqlx::query_file_as!(
        Failure,
        "sql/failures/list_newest_failures.sql",
        windows.begins,
        windows.until,
        MESSAGE_CHARACTERS,
        SHOWN
    );
    let messages = MessageCounts {
        failures: counted.failures,
        kinds: counted.kinds,
        most_frequent: counted.most_frequent.map(|message| (message, counted.times)),
    };
    Ok(Failures { rows: rows.fetch_all(connection).await?, total, messages })
}
