//! One at a time counts; who comes second watches.

use std::time::Duration;

use domain::progress::Progress;
use sqlx::PgConnection;

use crate::{StoreError, meter::Meter};

/// How often somebody who waits looks how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How far the count is.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    /// Whether all is counted.
    pub is_built: bool,
    /// Rows that are counted.
    pub rows_built: i64,
    /// Rows that there were about when it began; `None` where nobody knows.
    pub rows_to_build: Option<i64>,
}

impl State {
    /// How far that is.
    pub(super) fn read(&self, meter: &mut Meter) -> Progress {
        if self.is_built { Meter::finish(self.rows_built) } else { meter.reach(self.rows_built, self.rows_to_build) }
    }
}

/// Waits until nobody else counts, telling how far that is. The turn ends with the connection.
pub(super) async fn take(connection: &mut PgConnection, progress: &mut impl FnMut(Progress)) -> Result<(), StoreError> {
    let mut watched: Option<(State, Meter)> = None;
    while !sqlx::query_file_scalar!("sql/build/try_turn.sql").fetch_one(&mut *connection).await? {
        let state = find_state(connection).await?;
        let (known, meter) = watched.get_or_insert_with(|| {
            tracing::info!("somebody else counts already; waiting");
            (state, Meter::start(state.rows_built))
        });
        if state.rows_built != known.rows_built {
            *known = state;
            progress(state.read(meter));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

pub(super) async fn find_state(connection: &mut PgConnection) -> Result<State, StoreError> {
    Ok(sqlx::query_file_as!(State, "sql/build/find_state.sql").fetch_one(connection).await?)
}
