//! Comparing what is kept and shown with the rows themselves, and counting anew what differs.

mod compare;
mod ranges;
mod rebuild;

use chrono::{DateTime, Utc};
use domain::progress::Progress;
use sqlx::PgConnection;

pub use rebuild::{Mended, rebuild};

use self::compare::Found;
use crate::{
    Pool, StoreError,
    patience::{AS_LONG_AS_IT_TAKES, prepare},
    pool::{self, connect_alone},
    refresh,
};

/// What is to be looked at: whole UTC days, and where there are no bounds the totals of triggers and the views too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scope {
    /// The beginning of the first day; `None` is no bound.
    pub from: Option<DateTime<Utc>>,
    /// The end of the last day; `None` is no bound.
    pub until: Option<DateTime<Utc>>,
    /// The share of the days, chosen at random, and of the triggers, 0 to 1.
    pub share: f64,
}

impl Scope {
    /// Everything.
    pub const ALL: Self = Self { from: None, until: None, share: 1.0 };

    /// Whether it is not bounded in time.
    #[must_use]
    pub fn is_of_all_times(&self) -> bool {
        self.from.is_none() && self.until.is_none()
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many rows were looked at.
    Rows(Progress),
    /// Now come the totals of triggers.
    Triggers,
    /// Now come the four views.
    Views,
}

/// One measure of one group that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Difference {
    /// The rollup or the view.
    pub relation: String,
    /// The group, by its key.
    pub group_key: String,
    /// The measure.
    pub measure: String,
    /// What is there; `None` where the group is missing.
    pub found: Option<String>,
    /// What should be; `None` where there should be no such group.
    pub expected: Option<String>,
}

/// What a validation found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Rows that were looked at.
    pub rows: i64,
    /// Differences in all.
    pub count: i64,
    /// The first of them, as many as were asked for.
    pub differences: Vec<Difference>,
    /// Whether the totals of triggers were compared.
    pub compared_triggers: bool,
    /// Whether the views were compared: with the rollups, so only where nothing differs in these.
    pub compared_views: bool,
}

impl Findings {
    fn add(&mut self, found: Found, show: usize) {
        self.count += found.count;
        self.differences.extend(found.first);
        self.differences.truncate(show);
    }
}

/// Compares the rollups, with all that is not folded yet, with the rows, range by range, each as of one moment; then
/// refreshes the views and compares these. Writers and readers go on meanwhile. `show` differences are told at most.
///
/// # Errors
/// When the database does not answer, or not everything is counted yet.
pub async fn validate(
    pool: &Pool,
    scope: &Scope,
    show: usize,
    mut tell: impl FnMut(Step),
) -> Result<Findings, StoreError> {
    let mut connection = connect_for_long(pool).await?;
    let mut findings = Findings::default();
    compare::ranges(&mut connection, scope, show, &mut findings, &mut tell).await?;
    if scope.is_of_all_times() {
        tell(Step::Triggers);
        findings.add(compare::triggers(&mut connection, scope.share, show).await?, show);
        findings.compared_triggers = true;
    }
    if scope.is_of_all_times() && findings.count == 0 {
        tell(Step::Views);
        findings.add(compare::views(pool, &mut connection).await?, show);
        findings.compared_views = true;
    }
    pool::close(connection).await;
    Ok(findings)
}

/// A connection of its own, whose statements may take long, and end soon after nobody waits for them any more.
async fn connect_for_long(pool: &Pool) -> Result<PgConnection, StoreError> {
    let mut connection = connect_alone(pool).await?;
    prepare(&mut connection, AS_LONG_AS_IT_TAKES).await?;
    refresh::watch_client(&mut connection).await;
    Ok(connection)
}
