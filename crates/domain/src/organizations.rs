//! Who uses how much: executions by the organization that owns their trigger now.

pub mod executions;
mod growth;
mod top;
mod usage;

use chrono::{DateTime, Utc};

use crate::{page::Page, query::Query, range::Span, status::StatusCounts};

pub use executions::Executions;
pub use growth::Growth;
pub use top::{Top, rows_behind};
pub use usage::Usage;

/// How many organizations are listed.
pub const LISTED: usize = 200;

/// How many are drawn.
pub const DRAWN: usize = 8;

/// Everything the page of organizations shows, read in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Organizations {
    /// Every execution committed before this moment is counted.
    pub data_as_of: DateTime<Utc>,
    /// What to know about how it was counted, if anything is out of the ordinary.
    pub note: Option<String>,
    /// Whether anything ever ran.
    pub has_run: bool,
    /// Whether triggers belong to organizations at all in this database.
    pub are_known: bool,
    /// What they run by time.
    pub executions: Executions,
    /// The busiest ones.
    pub top: Top,
    /// How they grow.
    pub growth: Growth,
    /// All of them in numbers.
    pub usage: Usage,
}

/// What all panels are made from: organizations, busiest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listed {
    /// The time.
    pub span: Span,
    /// At most [`LISTED`] organizations.
    pub rows: Vec<Organization>,
    /// How many there are.
    pub total: i64,
    /// Executions of all of them.
    pub executions: i64,
    /// Whether only one status counts: then there is no success rate.
    pub is_of_one_status: bool,
}

/// One organization.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Organization {
    /// Its id.
    pub id: String,
    /// Its name, where the database has one.
    pub name: Option<String>,
    /// Its plan.
    pub plan: Option<String>,
    /// How many triggers it owns now.
    pub triggers: i64,
    /// What they ran in the time.
    pub counts: StatusCounts,
    /// What they ran in the time before; `None` where that is not known.
    pub before: Option<StatusCounts>,
    /// How often executions of the time had been tried again.
    pub total_retries: i64,
    /// Mean duration in milliseconds; `None` when nothing had a duration.
    pub avg_duration_ms: Option<f64>,
}

impl Listed {
    /// Puts them in order.
    #[must_use]
    pub fn of(mut rows: Vec<Organization>, query: &Query) -> Self {
        let (total, executions) =
            (i64::try_from(rows.len()).unwrap_or(i64::MAX), rows.iter().map(|row| row.counts.total()).sum());
        rows.sort_by(|left, right| (right.counts.total(), &left.id).cmp(&(left.counts.total(), &right.id)));
        rows.truncate(LISTED);
        Self { span: query.span(), rows, total, executions, is_of_one_status: query.status.is_some() }
    }

    /// Percentage (0 to 100) that succeeded; `None` where nothing ran, or only one status counts.
    #[must_use]
    pub fn success_rate(&self, row: &Organization) -> Option<f64> {
        row.counts.success_rate().filter(|_| !self.is_of_one_status)
    }
}

impl Organization {
    /// Its name, or its id.
    #[must_use]
    pub fn title(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&self.id)
    }

    /// How much more ran than before, as a percentage; `None` where nothing ran before or it is not known.
    #[must_use]
    pub fn growth(&self) -> Option<f64> {
        crate::status::growth(self.counts.total(), self.before?.total())
    }

    /// A page of only this one.
    #[must_use]
    pub fn href(&self, query: &Query, page: &Page) -> String {
        query.with_organization(Some(&self.id)).with_text(None).href(page)
    }
}

#[cfg(test)]
mod testing {
    use super::*;

    pub fn row(id: &str, success: i64, failed: i64, before: Option<i64>) -> Organization {
        Organization {
            id: id.to_owned(),
            name: Some(format!("The {id}")),
            triggers: 3,
            counts: StatusCounts { success, retrying: 0, failed },
            before: before.map(|success| StatusCounts { success, ..StatusCounts::default() }),
            ..Organization::default()
        }
    }

    pub fn listed(rows: Vec<Organization>) -> Listed {
        Listed::of(rows, &Query::default())
    }
}
