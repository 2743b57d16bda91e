//! Everything the overview page shows, read from one snapshot of the live truth: the rollups, what was logged since and
//! the newest rows. It is exact however long ago a fold or a refresh of the views was.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    overview::{HOURS, Overview},
    triggers::Thresholds,
};
use sqlx::PgConnection;

use crate::{
    Pool, StoreError, action_types, durations, executions, failures,
    hours::{self, start_of},
    summary, triggers,
};

/// Two windows of equal length, one after the other: from `begins` to `until`, and from `before_begins` to `begins`. They
/// do not hold their beginning. The newest one reaches to the end of the hour that `as_of` is in: writers with a clock
/// that is ahead are counted at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Windows {
    pub until: DateTime<Utc>,
    pub begins: DateTime<Utc>,
    pub before_begins: DateTime<Utc>,
}

impl Windows {
    fn back_from(as_of: DateTime<Utc>) -> Self {
        let length = TimeDelta::hours(HOURS);
        let until = start_of(as_of) + TimeDelta::hours(1);
        Self { until, begins: as_of - length, before_begins: as_of - length - length }
    }
}

/// Loads the overview; `None` before everything that is there was counted once.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(pool: &Pool) -> Result<Option<Overview>, StoreError> {
    let mut transaction = pool.begin_with(include_str!("../sql/overview/begin_overview.sql")).await?;
    let moment = sqlx::query_file!("sql/overview/find_moment.sql").fetch_optional(&mut *transaction).await?;
    let Some(moment) = moment else { return Ok(None) };
    let overview = load_panels(&mut transaction, moment.as_of).await?;
    transaction.commit().await?;
    Ok(Some(overview))
}

async fn load_panels(connection: &mut PgConnection, as_of: DateTime<Utc>) -> Result<Overview, sqlx::Error> {
    let windows = Windows::back_from(as_of);
    let hours = hours::load(connection, windows.before_begins, as_of).await?;
    let mut summary = summary::load(connection, &hours, windows).await?;
    let failures = failures::load(connection, windows, summary.current.counts.failed).await?;
    summary.current.kinds_of_error = failures.kinds_of_error();
    Ok(Overview {
        data_version: as_of.timestamp_millis(),
        data_as_of: as_of,
        summary,
        executions: executions::of(&hours, as_of),
        durations: durations::of(&hours, as_of),
        action_types: action_types::load(connection, as_of).await?,
        triggers: triggers::load(connection, as_of, &Thresholds::default()).await?,
        failures,
    })
}
