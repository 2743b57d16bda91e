//! The indexes that Tidemark reads the source tables by.
//!
//! They are made concurrently, which cannot be part of a migration's transaction: that way neither a small nor a huge
//! table is ever closed to writers. Whatever goes wrong here makes pages slow, not wrong, so it does not stop a server.

use std::time::Duration;

use domain::indexes::Missing;
use sqlx::PgConnection;

use super::MigrationReport;
use crate::{
    Pool, StoreError,
    patience::prepare,
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
    /// An index of an older Tidemark that it makes superfluous, and what removes that.
    instead_of: Option<(&'static str, &'static str)>,
}

const SOURCE_INDEXES: [SourceIndex; 4] = [
    SourceIndex {
        name: "tidemark_action_results_executed_at",
        create: include_str!("../../sql/schema/create_executed_at_index.sql"),
        drop: include_str!("../../sql/schema/drop_executed_at_index.sql"),
        instead_of: None,
    },
    SourceIndex {
        name: "tidemark_action_results_trigger_executed_at",
        create: include_str!("../../sql/schema/create_trigger_executed_at_index.sql"),
        drop: include_str!("../../sql/schema/drop_trigger_executed_at_index.sql"),
        instead_of: Some((
            "tidemark_action_results_trigger_id",
            include_str!("../../sql/schema/drop_trigger_id_index.sql"),
        )),
    },
    SourceIndex {
        name: "tidemark_action_results_failed",
        create: include_str!("../../sql/schema/create_failed_index.sql"),
        drop: include_str!("../../sql/schema/drop_failed_index.sql"),
        instead_of: None,
    },
    SourceIndex {
        name: "tidemark_triggers_name",
        create: include_str!("../../sql/schema/create_triggers_name_index.sql"),
        drop: include_str!("../../sql/schema/drop_triggers_name_index.sql"),
        instead_of: None,
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

/// Those that are not there, with the statement that makes each.
///
/// # Errors
/// When the database does not answer.
pub async fn missing(pool: &Pool) -> Result<Vec<Missing>, StoreError> {
    let states = sqlx::query_file!("sql/schema/list_source_indexes.sql").fetch_all(pool).await?;
    let missing = states.into_iter().filter(|state| !state.is_there && !state.is_partitioned).filter_map(|state| {
        let index = SOURCE_INDEXES.iter().find(|index| index.name == state.name)?;
        // The statement without the question that its file opens with.
        let lines = index.create.lines().filter(|line| !line.starts_with("--"));
        let table_name =
            if state.name == "tidemark_triggers_name" { "public.triggers" } else { "public.action_results" };
        Some(Missing {
            name: state.name,
            table_name: table_name.to_owned(),
            statement: lines.collect::<Vec<_>>().join(" "),
        })
    });
    Ok(missing.collect())
}

async fn make_on(connection: &mut PgConnection, report: &mut MigrationReport) -> Result<(), StoreError> {
    if !lock(connection).await? {
        tracing::warn!("another server has been making indexes for long; it is left to it");
        return Ok(());
    }
    let states = sqlx::query_file!("sql/schema/list_source_indexes.sql").fetch_all(&mut *connection).await?;
    for state in states {
        let Some(index) = SOURCE_INDEXES.iter().find(|index| index.name == state.name) else { continue };
        let is_there =
            state.is_there || make_one(connection, index, state.is_half_made, state.is_partitioned, report).await?;
        if is_there && state.is_superfluous_there {
            drop_superfluous(connection, index, report).await?;
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

/// Whether it is there now.
async fn make_one(
    connection: &mut PgConnection,
    index: &SourceIndex,
    is_half_made: bool,
    is_partitioned: bool,
    report: &mut MigrationReport,
) -> Result<bool, StoreError> {
    // No index can be made concurrently on a partitioned table as a whole.
    let is_possible = !is_partitioned && (!is_half_made || execute(connection, index.drop, index.name).await?);
    if is_possible && execute(connection, index.create, index.name).await? {
        report.indexes_made.push(index.name.to_owned());
        return Ok(true);
    }
    report.indexes_missing.push(index.name.to_owned());
    Ok(false)
}

async fn drop_superfluous(
    connection: &mut PgConnection,
    index: &SourceIndex,
    report: &mut MigrationReport,
) -> Result<(), StoreError> {
    let Some((name, drop)) = index.instead_of else { return Ok(()) };
    if execute(connection, drop, name).await? {
        report.indexes_dropped.push(name.to_owned());
    }
    Ok(())
}

/// Whether a statement succeeded. Only a database that does not answer is an error.
async fn execute(connection: &mut PgConnection, statement: &'static str, name: &str) -> Result<bool, StoreError> {
    match sqlx::query(statement).execute(connection).await.map_err(StoreError::from) {
        Ok(_) => Ok(true),
        Err(error) if error.is_unreachable() => Err(error),
        Err(error) => {
            tracing::warn!(index = name, %error, "an index could not be made or dropped; pages will be slow");
            Ok(false)
        }
    }
}
