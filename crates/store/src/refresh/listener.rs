//! Hears of refreshes and folds, whoever made them.

use sqlx::postgres::PgListener;

use crate::{Pool, StoreError};

/// The channels on which every refresh, every fold that found something and every change of the annotations is announced,
/// each with a number.
const CHANNELS: [&str; 3] = ["tidemark_refreshed", "tidemark_folded", "tidemark_annotated"];

/// Hears of every refresh, every fold and every change of the annotations in this database. Keeps one connection of the pool.
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
    listener.listen_all(CHANNELS).await?;
    Ok(Listener { listener })
}

impl Listener {
    /// Waits for the next of them and returns its number; `None` when the connection was lost, so that some
    /// may have been missed. The next call connects again. May be dropped and called again without losing anything.
    ///
    /// # Errors
    /// When the database does not answer. Calling again tries again.
    pub async fn next(&mut self) -> Result<Option<i64>, StoreError> {
        loop {
            let Some(notification) = self.listener.try_recv().await? else { return Ok(None) };
            match notification.payload().parse() {
                Ok(number) => return Ok(Some(number)),
                Err(_) => tracing::debug!(payload = notification.payload(), "not a number"),
            }
        }
    }
}
