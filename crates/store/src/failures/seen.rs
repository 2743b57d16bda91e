//! Looks at executions one by one: the newest of a window, up to a limit, each source by its own index.

use chrono::{DateTime, Utc};
use domain::{
    cursor::Cursor,
    failures::{
        Among, LOOKED_AT, Limit, Seen, SeenRun,
        rows::{self, LARGEST_RESPONSE, SEARCHED_CHARACTERS},
    },
    fingerprint,
    status::Status,
};
use sqlx::PgConnection;

use crate::hours::Filter;

/// What is looked for.
pub(crate) struct Search<'a> {
    pub filter: &'a Filter,
    /// How the executions ended.
    pub outcome: Status,
    /// What they hold.
    pub text: Option<&'a str>,
    /// From when on.
    pub from: DateTime<Utc>,
    /// Before when.
    pub until: DateTime<Utc>,
    /// After which row, if not from the newest on.
    pub after: Option<&'a Cursor>,
    /// How many at most.
    pub wanted: i64,
}

/// What was found, and where the search ended.
#[derive(Default)]
pub(crate) struct Found {
    pub seen: Seen,
    /// The last row that was looked at, where there may be more that was not.
    pub last: Option<Cursor>,
}

/// A row, and whether it fits.
struct Row {
    id: String,
    trigger_id: Option<String>,
    action_type: String,
    message: Option<String>,
    executed_at: DateTime<Utc>,
    fits: bool,
    is_last: bool,
}

impl Search<'_> {
    pub async fn run(&self, connection: &mut PgConnection) -> Result<Found, sqlx::Error> {
        let triggers = self.filter.triggers.as_deref();
        let (rows, among) = match (triggers, self.outcome) {
            (Some([]), _) => return Ok(Found::default()),
            (Some([trigger]), _) => (self.runs_of_trigger(connection, trigger).await?, Among::RunsOfTrigger),
            (_, Status::Failed) => (self.failures(connection).await?, Among::Failures),
            _ => (self.runs(connection).await?, Among::Runs),
        };
        let mut found = Found::default();
        for row in rows {
            if row.is_last {
                found.last = Some(rows::cursor(row.executed_at, &row.id));
                found.seen.limit = Some(Limit { among, back_to: row.executed_at });
            }
            if row.fits {
                let Row { id, trigger_id, action_type, message, executed_at, .. } = row;
                found.seen.runs.push(SeenRun { id, trigger_id, action_type, message, executed_at });
            }
        }
        Ok(found)
    }

    /// Up to where rows are read: a moment that does not count, but for ids after a cursor's.
    fn bounds(&self) -> (DateTime<Utc>, Option<&str>) {
        let after = self.after.and_then(|cursor| Some((rows::place(cursor)?, cursor.id.as_str())));
        match after.filter(|(moment, _)| *moment < self.until) {
            Some((moment, id)) => (moment, Some(id)),
            None => (self.until, None),
        }
    }

    async fn failures(&self, connection: &mut PgConnection) -> Result<Vec<Row>, sqlx::Error> {
        let (until, after) = self.bounds();
        let rows = sqlx::query_file_as!(
            Row,
            "sql/failures/list_seen_failures.sql",
            self.from,
            until,
            after,
            LOOKED_AT,
            characters(),
            self.filter.action_type.as_deref(),
            self.filter.triggers.as_deref(),
            self.text,
            SEARCHED_CHARACTERS,
            LARGEST_RESPONSE,
            self.wanted
        );
        rows.fetch_all(connection).await
    }

    async fn runs(&self, connection: &mut PgConnection) -> Result<Vec<Row>, sqlx::Error> {
        let (until, after) = self.bounds();
        let rows = sqlx::query_file_as!(
            Row,
            "sql/failures/list_seen_runs.sql",
            self.from,
            until,
            after,
            LOOKED_AT,
            characters(),
            self.filter.action_type.as_deref(),
            self.filter.triggers.as_deref(),
            self.text,
            SEARCHED_CHARACTERS,
            LARGEST_RESPONSE,
            self.wanted,
            self.outcome.word()
        );
        rows.fetch_all(connection).await
    }

    async fn runs_of_trigger(&self, connection: &mut PgConnection, trigger: &str) -> Result<Vec<Row>, sqlx::Error> {
        let (until, after) = self.bounds();
        let rows = sqlx::query_file_as!(
            Row,
            "sql/failures/list_seen_runs_of_trigger.sql",
            self.from,
            until,
            after,
            LOOKED_AT,
            characters(),
            self.filter.action_type.as_deref(),
            None::<&[String]>,
            self.text,
            SEARCHED_CHARACTERS,
            LARGEST_RESPONSE,
            self.wanted,
            self.outcome.word(),
            trigger
        );
        rows.fetch_all(connection).await
    }
}

/// Characters of a message that are read to group it.
fn characters() -> i32 {
    i32::try_from(fingerprint::CHARACTERS).unwrap_or(i32::MAX)
}
