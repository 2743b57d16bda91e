//! The newest failures of a trigger, read from the source by index and with a limit.

use std::collections::HashMap;

use domain::{
    failures::{Failure, MESSAGE_CHARACTERS, MessageCounts, NewestFailures, SHOWN},
    query::Query,
    window::Window,
};
use sqlx::PgConnection;

use crate::hours::Filter;

/// Failures whose messages are compared, at most: the newest.
const COMPARED: i64 = 200;

/// Among how many executions, the newest, failures are looked for.
const LOOKED_AT: i64 = 10_000;

/// The newest failures of a window in which `total` executions of the trigger failed.
pub(super) async fn load(
    connection: &mut PgConnection,
    id: &str,
    query: &Query,
    filter: &Filter,
    window: &Window,
    total: i64,
) -> Result<NewestFailures, sqlx::Error> {
    let none = NewestFailures { span: query.span(), total, ..NewestFailures::default() };
    if !filter.has_failures() {
        return Ok(none);
    }
    let rows = sqlx::query_file_as!(
        Failure,
        "sql/trigger/list_failures.sql",
        id,
        window.begins,
        window.until,
        MESSAGE_CHARACTERS,
        filter.action_type.as_deref(),
        COMPARED,
        LOOKED_AT
    );
    let mut rows = rows.fetch_all(connection).await?;
    let messages = compare(&rows);
    rows.truncate(usize::try_from(SHOWN).unwrap_or_default());
    Ok(NewestFailures { rows, messages, ..none })
}

/// What failures say, and what most of them do.
fn compare(rows: &[Failure]) -> MessageCounts {
    let mut counts: HashMap<&str, i64> = HashMap::new();
    for message in rows.iter().filter_map(|row| row.error_message.as_deref()) {
        *counts.entry(message).or_default() += 1;
    }
    let most = counts.iter().max_by(|left, right| left.1.cmp(right.1).then(right.0.cmp(left.0)));
    MessageCounts {
        failures: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        kinds: i64::try_from(counts.len()).unwrap_or(i64::MAX),
        most_frequent: most.map(|(&message, &times)| (message.to_owned(), times)),
    }
}
