//! Hears of refreshes, whoever made them.

use sqlx::postgres::PgListener;

use crate::{Pool, StoreError};

/// The channel on which every refresh is announced.
const CHANNEL: &str = "tidemark_refreshed";

/// Hears of every refresh in this database. Keeps one connection of the pool.
#[derive(Debug)]
pub struct Listener {
    listener: PgListener,
}

/// Starts to listen.
///
/// # Errors
/// When the database does not answer.
pub async fn listen(pool: &Pool) -> Result<Listener, StoreError> {
    let mut listener = PgListener::connect_with(pool).await?;
    // Whoever waits is to know at once that the database went away, not when it is back.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(Listener { listener })
}

impl Listener {
    /// Waits for the next refresh and returns the number of its run; `None` when the connection was lost, so that some
    /// may have been missed. The next call connects again. May be dropped and called again without losing anything.
    ///
    /// # Errors
    /// When the database does not answer. Calling again tries again.
    pub async fn next(&mut self) -> Result<Option<i64>, StoreError> {
        loop {
            let Some(notification) = self.listener.try_recv().await? else { return Ok(None) };
            match notification.payload().parse() {
                Ok(run_id) => return Ok(Some(run_id)),
                Err(_) => tracing::debug!(payload = notification.payload(), "not the number of a run"),
            }
        }
    }
}
