//! Everything the overview page shows, read from one snapshot of the database.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    overview::{HOURS, Overview},
    triggers::Thresholds,
};
use sqlx::PgConnection;

use crate::{Pool, StoreError, action_types, durations, executions, failures, summary, triggers};

/// Two windows of equal length, one after the other: from `begins` to `as_of`, and from `before_begins` to `begins`.
/// Each holds its end, but not its beginning.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Windows {
    pub as_of: DateTime<Utc>,
    pub begins: DateTime<Utc>,
    pub before_begins: DateTime<Utc>,
}

impl Windows {
    fn back_from(as_of: DateTime<Utc>) -> Self {
        let length = TimeDelta::hours(HOURS);
        Self { as_of, begins: as_of - length, before_begins: as_of - length - length }
    }
}

/// Loads the overview; `None` before the first refresh of all views.
///
/// # Errors
/// When the database does not answer, or a view cannot be read.
pub async fn load(pool: &Pool) -> Result<Option<Overview>, StoreError> {
    let mut transaction = pool.begin_with(include_str!("../sql/overview/begin_overview.sql")).await?;
    let moment = sqlx::query_file!("sql/overview/find_moment.sql").fetch_optional(&mut *transaction).await?;
    let Some(moment) = moment else { return Ok(None) };
    let overview = load_panels(&mut transaction, moment.data_version, moment.data_as_of).await?;
    transaction.commit().await?;
    Ok(Some(overview))
}

async fn load_panels(
    connection: &mut PgConnection,
    data_version: i64,
    data_as_of: DateTime<Utc>,
) -> Result<Overview, sqlx::Error> {
    let windows = Windows::back_from(data_as_of);
    Ok(Overview {
        data_version,
        data_as_of,
        summary: summary::load(connection, windows).await?,
        executions: executions::load(connection, data_as_of).await?,
        durations: durations::load(connection, data_as_of).await?,
        action_types: action_types::load(connection).await?,
        triggers: triggers::load(connection, data_as_of, &Thresholds::default()).await?,
        failures: failures::load(connection, windows).await?,
    })
}
