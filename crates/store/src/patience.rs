//! Trying again while others stand in the way.

use std::time::Duration;

use sqlx::PgConnection;

use crate::StoreError;

/// How long to wait for a lock. Whoever comes after that queues behind it meanwhile, writers too, so this is short; and
/// shorter than the second after which Postgres looks for a deadlock, so that none is ever found in somebody else.
const LOCK_TIMEOUT: Duration = Duration::from_millis(500);

/// How long to wait once that was of no use so often: an automatic vacuum, which may take hours, gives way to whoever has
/// waited for a second (`deadlock_timeout`). Still shorter than what writers can be asked to bear.
const LONGER_LOCK_TIMEOUT: Duration = Duration::from_millis(1_500);

/// Attempts with the shorter timeout.
const SHORT_ATTEMPTS: u32 = 5;

/// Waits for a lock without end, where nobody queues behind it.
pub(crate) const AS_LONG_AS_IT_TAKES: Duration = Duration::ZERO;

/// How often something is tried before it is given up; with the pauses that is about two minutes.
const ATTEMPTS: u32 = 25;

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What is left of somebody's patience with those who stand in the way.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    attempts: u32,
}

impl Patience {
    /// How long the next attempt waits for a lock.
    pub(crate) fn lock_timeout(&self) -> Duration {
        if self.attempts < SHORT_ATTEMPTS { LOCK_TIMEOUT } else { LONGER_LOCK_TIMEOUT }
    }

    /// Waits until it is time to try again.
    ///
    /// # Errors
    /// The error itself where trying again is no use; that there is no end to it, after many attempts.
    pub(crate) async fn wait(&mut self, error: StoreError) -> Result<(), StoreError> {
        self.attempts += 1;
        if !error.is_in_the_way() {
            return Err(error);
        }
        if self.attempts >= ATTEMPTS {
            return Err(StoreError::Locked { attempts: self.attempts });
        }
        tracing::info!(attempt = self.attempts, %error, "another transaction is in the way; trying again");
        tokio::time::sleep((Duration::from_millis(250) * self.attempts).min(LONGEST_PAUSE)).await;
        Ok(())
    }
}

/// Sets how long this session waits for a lock, and that its statements may take as long as they take.
pub(crate) async fn prepare(connection: &mut PgConnection, lock_timeout: Duration) -> Result<(), StoreError> {
    sqlx::query_file!("sql/schema/prepare_session.sql", lock_timeout.as_millis().to_string())
        .fetch_one(connection)
        .await?;
    Ok(())
}
