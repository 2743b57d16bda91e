//! The newest failures, for the overview.

use chrono::{DateTime, Utc};
use domain::{
    access,
    failures::{Failure, MESSAGE_CHARACTERS, MessageCounts, NewestFailures, SHOWN},
    panel::Panel as _,
    query::Query,
    window::Window,
};
use sqlx::PgConnection;

use crate::{Pool, StoreError, exports::Part, hours::Filter};

/// Failures whose messages are compared, at most: the newest. Reading all of a bad day would take longer than all else.
const COMPARED: i64 = 1_000;

/// Among how many failures, the newest, those are looked for that a filter lets through.
const LOOKED_AT: i64 = 10_000;

/// Characters of a message in a file.
const EXPORTED_CHARACTERS: i32 = 2_000;

/// All failures of the time that is asked for, as of a moment: the newest [`LOOKED_AT`].
pub(crate) async fn export(
    pool: &Pool,
    sees: &access::Scope,
    query: &Query,
    as_of: DateTime<Utc>,
) -> Result<Part, StoreError> {
    let mut connection = pool.acquire().await?;
    let filter = Filter::load(&mut connection, sees, query).await?;
    let window = Window::of(query.range, query.zone, as_of);
    let rows = if filter.has_failures() {
        sqlx::query_file_as!(
            Failure,
            "sql/failures/list_newest_failures.sql",
            window.begins,
            window.until,
            EXPORTED_CHARACTERS,
            LOOKED_AT,
            filter.action_type.as_deref(),
            filter.triggers.as_deref(),
            LOOKED_AT
        )
        .fetch_all(&mut *connection)
        .await?
    } else {
        Vec::new()
    };
    Ok(Part { table: NewestFailures { rows, ..NewestFailures::default() }.table(query), next: None })
}

/// The newest failures of a window in which `total` executions failed.
pub(crate) async fn load(
    connection: &mut PgConnection,
    query: &Query,
    filter: &Filter,
    window: &Window,
    total: i64,
) -> Result<NewestFailures, sqlx::Error> {
    if !filter.has_failures() {
        return Ok(NewestFailures { span: query.span(), ..NewestFailures::default() });
    }
    let (action_type, triggers) = (filter.action_type.as_deref(), filter.triggers.as_deref());
    let looked_at = |wanted: i64| if filter.leaves_out_failures() { LOOKED_AT } else { wanted };
    let counted = sqlx::query_file!(
        "sql/failures/count_messages.sql",
        window.begins,
        window.until,
        MESSAGE_CHARACTERS,
        COMPARED,
        action_type,
        triggers,
        looked_at(COMPARED)
    );
    let counted = counted.fetch_one(&mut *connection).await?;
    let rows = sqlx::query_file_as!(
        Failure,
        "sql/failures/list_newest_failures.sql",
        window.begins,
        window.until,
        MESSAGE_CHARACTERS,
        SHOWN,
        action_type,
        triggers,
        looked_at(SHOWN)
    );
    let messages = MessageCounts {
        failures: counted.failures,
        kinds: counted.kinds,
        most_frequent: counted.most_frequent.map(|message| (message, counted.times)),
    };
    Ok(NewestFailures { span: query.span(), rows: rows.fetch_all(connection).await?, total, messages })
}
