//! UTC hours, counted: what the panels of the overview are put together from.

use std::collections::BTreeMap;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use domain::{histogram::Histogram, status::StatusCounts};
use sqlx::PgConnection;

/// What ran in some span of time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub counts: StatusCounts,
    pub total_retries: i64,
    pub durations: Histogram,
}

/// The hours in which something ran.
#[derive(Debug, Default)]
pub(crate) struct Hours {
    by_start: BTreeMap<DateTime<Utc>, Tally>,
    /// Whether something ran before the first hour that was asked for.
    has_earlier: bool,
}

/// Counts the hours from the one that `from` is in to the one that `until` is in.
pub(crate) async fn load(
    connection: &mut PgConnection,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Hours, sqlx::Error> {
    let (first, last) = (start_of(from), start_of(until));
    let rows = sqlx::query_file!("sql/hours/list_hours.sql", first, last).fetch_all(&mut *connection).await?;
    let mut hours = Hours::default();
    for row in rows {
        let tally = hours.by_start.entry(row.hour).or_default();
        tally.counts.count(&row.status, row.executions);
        tally.total_retries += row.total_retries;
        tally.durations.add_all(&row.duration_buckets, &row.bucket_executions);
    }
    hours.has_earlier = sqlx::query_file_scalar!("sql/hours/has_earlier.sql", first).fetch_one(connection).await?;
    Ok(hours)
}

impl Hours {
    /// The hour that begins at `start`; `None` when nothing ran in it.
    pub fn get(&self, start: DateTime<Utc>) -> Option<&Tally> {
        self.by_start.get(&start)
    }

    /// Executions of the hour that begins at `start`; `None` of the time before the first execution of all.
    pub fn executions(&self, start: DateTime<Utc>) -> Option<i64> {
        let is_known = self.has_earlier || self.by_start.keys().next().is_some_and(|&first| first <= start);
        is_known.then(|| self.get(start).map_or(0, |tally| tally.counts.total()))
    }

    /// Whether nothing ran at all, up to the last hour that was asked for.
    pub fn are_empty(&self) -> bool {
        self.by_start.is_empty() && !self.has_earlier
    }

    /// What ran after `from` and up to `until`, the hours that these cut left out.
    pub fn between(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Tally {
        let mut sum = Tally::default();
        let whole = |start: &DateTime<Utc>| *start > from && *start < start_of(until);
        for (_, tally) in self.by_start.iter().filter(|(start, _)| whole(start)) {
            sum.add(tally);
        }
        sum
    }
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        self.counts = self.counts + other.counts;
        self.total_retries += other.total_retries;
        self.durations.merge(&other.durations);
    }

    fn subtract(&mut self, other: &Self) {
        self.counts = self.counts - other.counts;
        self.total_retries -= other.total_retries;
        self.durations.subtract(&other.durations);
    }
}

/// The moment at which a window begins, inside of an hour. What ran in the hour up to that moment, and after it, comes
/// from the source: the shorter of both parts is read, the other one is what remains of the hour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut {
    pub at: DateTime<Utc>,
}

/// What ran in a part of an hour: one action type, one status and about one duration.
#[derive(Debug)]
pub(crate) struct PartRow {
    pub action_type: String,
    pub status: String,
    pub bucket: Option<i32>,
    pub executions: i64,
    pub total_retries: i64,
    pub duration_sum_ms: i64,
    pub last_execution_at: DateTime<Utc>,
}

impl Cut {
    /// The beginning of the hour.
    pub fn hour(self) -> DateTime<Utc> {
        start_of(self.at)
    }

    /// Whether the part up to the cut is the one that is read.
    pub fn reads_early(self) -> bool {
        self.at - self.hour() < TimeDelta::minutes(30)
    }

    /// Reads the shorter part.
    pub async fn read(self, connection: &mut PgConnection) -> Result<Vec<PartRow>, sqlx::Error> {
        // A window does not hold its beginning, and a microsecond is the least there is between two rows.
        let after = self.at + TimeDelta::microseconds(1);
        let (from, until) =
            if self.reads_early() { (self.hour(), after) } else { (after, self.hour() + TimeDelta::hours(1)) };
        sqlx::query_file_as!(PartRow, "sql/hours/count_part.sql", from, until).fetch_all(connection).await
    }

    /// Both parts of the hour, up to the cut and after it.
    pub async fn split(self, connection: &mut PgConnection, hours: &Hours) -> Result<(Tally, Tally), sqlx::Error> {
        let mut read = Tally::default();
        for row in self.read(connection).await? {
            read.counts.count(&row.status, row.executions);
            read.total_retries += row.total_retries;
            if let Some(bucket) = row.bucket {
                read.durations.add(bucket, row.executions);
            }
        }
        let mut rest = hours.get(self.hour()).cloned().unwrap_or_default();
        rest.subtract(&read);
        Ok(if self.reads_early() { (read, rest) } else { (rest, read) })
    }
}

/// The beginning of the UTC hour that a moment is in.
pub(crate) fn start_of(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.duration_trunc(TimeDelta::hours(1)).unwrap_or(moment)
}
