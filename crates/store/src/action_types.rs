//! How executions spread over action types.

use domain::{
    action_types::{ActionType, ActionTypes, SHOWN},
    status::StatusCounts,
};
use sqlx::PgConnection;

pub(crate) async fn load(connection: &mut PgConnection) -> Result<ActionTypes, sqlx::Error> {
    let rows = sqlx::query_file!("sql/action_types/list_action_types.sql", SHOWN).fetch_all(connection).await?;
    let total_types = rows.first().map_or(0, |row| row.total_types);
    let rows = rows.into_iter().map(|row| ActionType {
        action_type: row.action_type,
        counts: StatusCounts {
            success: row.success,
            retrying: row.total - row.success - row.failed,
            failed: row.failed,
        },
        percentage: row.percentage,
        avg_duration_ms: row.avg_duration_ms,
        last_execution_at: row.last_execution_at,
    });
    Ok(ActionTypes { rows: rows.collect(), total_types })
}
