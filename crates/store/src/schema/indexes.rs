//! The indexes that Tidemark reads `action_results` by.
//!
//! They are made concurrently, which cannot be part of a migration's transaction: that way neither a small nor a huge
//! table is ever closed to writers. Whatever goes wrong here makes pages slow, not wrong, so it does not stop a server.

use std::time::Duration;

use sqlx::PgConnection;

use super::{MigrationReport, prepare};
use crate::{
    Pool, StoreError,
    pool::{self, connect_alone},
};

/// How long to wait for transactions that began before the index; a forgotten one would hold it up for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often to ask whether another server is done making indexes.
const ASK_EVERY: Duration = Duration::from_millis(200);

/// How often to ask at most; then the other server is left to it.
const ASK_TIMES: u32 = 300;

/// An index, with the statements that make and remove it.
struct SourceIndex {
    name: &'static str,
    create: &'static str,
    drop: &'static str,
}

const SOURCE_INDEXES: [SourceIndex; 3] = [
    SourceIndex {
        name: "tidemark_action_results_executed_at",
        create: include_str!("../../sql/schema/create_executed_at_index.sql"),
        drop: include_str!("../../sql/schema/drop_executed_at_index.sql"),
    },
    SourceIndex {
        name: "tidemark_action_results_trigger_id",
        create: include_str!("../../sql/schema/create_trigger_id_index.sql"),
        drop: include_str!("../../sql/schema/drop_trigger_id_index.sql"),
    },
    SourceIndex {
        name: "tidemark_action_results_failed",
        create: include_str!("../../sql/schema/create_failed_index.sql"),
        drop: include_str!("../../sql/schema/drop_failed_index.sql"),
    },
];

/// Makes those that are not there yet, under whatever name.
pub(super) async fn make(pool: &Pool, report: &mut MigrationReport) -> Result<(), StoreError> {
    let mut connection = connect_alone(pool).await?;
    prepare(&mut connection, PATIENCE).await?;
    let made = make_on(&mut connection, report).await;
    pool::close(connection).await;
    made
}

async fn make_on(connection: &mut PgConnection, report: &mut MigrationReport) -> Result<(), StoreError> {
    if !lock(connection).await? {
        tracing::warn!("another server has been making indexes for long; it is left to it");
        return Ok(());
    }
    let states = sqlx::query_file!("sql/schema/list_source_indexes.sql").fetch_all(&mut *connection).await?;
    for state in states.into_iter().filter(|state| !state.is_there) {
        let Some(index) = SOURCE_INDEXES.iter().find(|index| index.name == state.name) else { continue };
        // No index can be made concurrently on a partitioned table as a whole.
        let made = if state.is_partitioned { Ok(false) } else { make_one(connection, index, state.is_half_made).await };
        match made {
            Ok(true) => report.indexes_made.push(state.name),
            Ok(false) => report.indexes_missing.push(state.name),
            Err(error) if error.is_unreachable() => return Err(error),
            Err(error) => {
                tracing::warn!(index = index.name, %error, "an index could not be made; pages will be slow");
                report.indexes_missing.push(state.name);
            }
        }
    }
    Ok(())
}

/// Keeps other servers from making the same indexes; the lock ends with the connection.
async fn lock(connection: &mut PgConnection) -> Result<bool, StoreError> {
    for _ in 0..ASK_TIMES {
        if sqlx::query_file_scalar!("sql/schema/try_lock_indexes.sql").fetch_one(&mut *connection).await? {
            return Ok(true);
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
    Ok(false)
}

async fn make_one(connection: &mut PgConnection, index: &SourceIndex, is_half_made: bool) -> Result<bool, StoreError> {
    if is_half_made {
        sqlx::query(index.drop).execute(&mut *connection).await?;
    }
    sqlx::query(index.create).execute(&mut *connection).await?;
    Ok(true)
}
