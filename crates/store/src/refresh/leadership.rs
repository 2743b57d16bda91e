//! Which of several servers does what only one should do.

use std::time::Duration;

use sqlx::PgConnection;

use crate::{Pool, StoreError, pool};

/// How long the database may take to say that this server still leads.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// The right to do what only one server of a database should do. It lasts as long as one connection, so it is lost with
/// that, and free again as soon as the database noticed. A connection pooler must not share sessions between clients.
#[derive(Debug)]
pub struct Leadership {
    connection: PgConnection,
}

/// Takes the lead, unless another server has it.
///
/// # Errors
/// When the database does not answer.
pub async fn lead(pool: &Pool) -> Result<Option<Leadership>, StoreError> {
    let mut connection = pool::connect_alone(pool).await?;
    if sqlx::query_file_scalar!("sql/leadership/try_lead.sql").fetch_one(&mut connection).await? {
        return Ok(Some(Leadership { connection }));
    }
    pool::close(connection).await;
    Ok(None)
}

impl Leadership {
    /// Asks the database whether this server still leads. Once it does not, it never will again.
    pub async fn still_held(&mut self) -> bool {
        let check = sqlx::query_file_scalar!("sql/leadership/check_lead.sql").fetch_one(&mut self.connection);
        matches!(tokio::time::timeout(ANSWERS_WITHIN, check).await, Ok(Ok(true)))
    }

    /// Leaves the lead to others at once; dropping it does so too, a little later.
    pub async fn resign(self) {
        pool::close(self.connection).await;
    }
}
