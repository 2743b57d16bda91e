//! What of a query leaves executions out.

use domain::{query::Query, status::Status};
use sqlx::PgConnection;

/// Only what fits is counted.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    pub action_type: Option<String>,
    pub status: Option<Status>,
    /// The ids of the triggers that count; `None` where all do, and executions without a trigger too.
    pub triggers: Option<Vec<String>>,
}

impl Filter {
    /// Reads what a query asks for; the triggers of an organization are looked up.
    pub async fn load(connection: &mut PgConnection, query: &Query) -> Result<Self, sqlx::Error> {
        let triggers = match (&query.organization, &query.trigger) {
            (Some(organization), trigger) => {
                let ids = sqlx::query_file_scalar!(
                    "sql/triggers/list_filtered_triggers.sql",
                    organization,
                    trigger.as_deref()
                );
                Some(ids.fetch_all(connection).await?)
            }
            (None, Some(trigger)) => Some(vec![trigger.clone()]),
            (None, None) => None,
        };
        Ok(Self { action_type: query.action_type.clone(), status: query.status, triggers })
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
