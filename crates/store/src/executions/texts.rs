//! The texts of one execution, whole.

use domain::access;

use crate::{Pool, StoreError};

/// Bytes of a text that are read, at most.
pub const LARGEST: i64 = 64 * 1024 * 1024;

/// A text of an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// All of it.
    Whole(String),
    /// It has more than [`LARGEST`] bytes.
    TooLarge {
        /// How many.
        bytes: i64,
    },
    /// There is no such execution, or it has none.
    Missing,
}

impl Text {
    fn of(text: Option<String>, bytes: Option<i64>) -> Self {
        match (text, bytes) {
            (Some(text), _) => Self::Whole(text),
            (None, Some(bytes)) => Self::TooLarge { bytes },
            (None, None) => Self::Missing,
        }
    }
}

/// What an execution reported.
///
/// # Errors
/// When the database does not answer.
pub async fn message(pool: &Pool, sees: &access::Scope, id: &str) -> Result<Text, StoreError> {
    let organizations = sees.organizations();
    let row = sqlx::query_file!("sql/executions/find_message.sql", id, LARGEST, organizations.as_deref())
        .fetch_optional(pool)
        .await?;
    Ok(row.map_or(Text::Missing, |row| Text::of(row.text, row.bytes)))
}

/// What an execution was answered: JSON on several lines, its numbers as they are.
///
/// # Errors
/// When the database does not answer.
pub async fn response(pool: &Pool, sees: &access::Scope, id: &str) -> Result<Text, StoreError> {
    let organizations = sees.organizations();
    let row = sqlx::query_file!("sql/executions/find_response.sql", id, LARGEST, organizations.as_deref())
        .fetch_optional(pool)
        .await?;
    Ok(row.map_or(Text::Missing, |row| Text::of(row.text, row.bytes)))
}
