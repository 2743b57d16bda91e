//! What pages say when the database does not answer, or not with what was asked.

use chrono::{DateTime, Utc};
use domain::freshness::Trouble;
use store::{StoreError, freshness::RefreshFailure};

/// Characters of a database's message that pages show; the log and `tidemark status` have it whole.
const MESSAGE_CHARACTERS: usize = 200;

/// What to tell of an error, with the time since when it lasts.
pub fn of_error(error: &StoreError, known: Option<&Trouble>) -> Trouble {
    let since = |known: Option<DateTime<Utc>>| known.unwrap_or_else(Utc::now);
    if error.is_unreachable() {
        let before = match known {
            Some(Trouble::DatabaseUnreachable { since }) => Some(*since),
            _ => None,
        };
        if before.is_none() {
            tracing::error!(%error, "the database does not answer");
        }
        return Trouble::DatabaseUnreachable { since: since(before) };
    }
    let before = match known {
        Some(Trouble::Unreadable { since }) => Some(*since),
        _ => None,
    };
    if before.is_none() {
        tracing::error!(%error, "the data could not be read");
    }
    Trouble::Unreadable { since: since(before) }
}

/// What to tell of a refresh that failed.
pub fn of_failure(failure: RefreshFailure) -> Trouble {
    Trouble::RefreshFailed {
        at: failure.at,
        view_name: failure.view_name,
        message: failure.message.chars().take(MESSAGE_CHARACTERS).collect(),
    }
}
