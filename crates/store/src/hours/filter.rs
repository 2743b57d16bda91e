//! What of a query leaves executions out.

use domain::{access, query::Query, status::Status};
use sqlx::PgConnection;

/// Only what fits is counted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub action_type: Option<String>,
    pub status: Option<Status>,
    /// The ids of the triggers that count; `None` where all do, and executions without a trigger too.
    pub triggers: Option<Vec<String>>,
    /// Whether durations need not be read: they are most of what there is to read.
    pub skips_durations: bool,
}

impl Filter {
    /// Reads what a query asks for, within what is seen; the triggers of organizations are looked up.
    pub async fn load(connection: &mut PgConnection, sees: &access::Scope, query: &Query) -> Result<Self, sqlx::Error> {
        let triggers = match (sees.narrowed(query.organization.as_deref()), &query.trigger) {
            (Some(organizations), trigger) => {
                let ids = sqlx::query_file_scalar!(
                    "sql/triggers/list_filtered_triggers.sql",
                    &organizations,
                    trigger.as_deref()
                );
                Some(ids.fetch_all(connection).await?)
            }
            (None, Some(trigger)) => Some(vec![trigger.clone()]),
            (None, None) => None,
        };
        Ok(Self { action_type: query.action_type.clone(), status: query.status, triggers, skips_durations: false })
    }

    /// The status as the source spells it.
    pub fn status_word(&self) -> Option<&'static str> {
        self.status.map(Status::word)
    }

    /// Whether failures count at all.
    pub fn has_failures(&self) -> bool {
        self.status.is_none_or(|status| status == Status::Failed)
    }

    /// Whether some failures may be left out.
    pub fn leaves_out_failures(&self) -> bool {
        self.action_type.is_some() || self.triggers.is_some()
    }
}
