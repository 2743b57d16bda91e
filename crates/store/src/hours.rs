//! What ran, counted by UTC hour: what pages about a time are put together from.
//!
//! A window mostly begins inside of an hour. That hour is cut in two there, and so every count of a window is exact: the
//! shorter part is read from the source, the other one is what remains of the hour.

mod cut;
mod days;
mod filter;
mod packed_durations;
mod triggers;

use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::{
    histogram::Histogram,
    query::Query,
    status::StatusCounts,
    window::{Bucket, Step, Window, start_of_hour},
};
use sqlx::PgConnection;

pub(crate) use filter::Filter;
pub use packed_durations::PackedDurations;
pub(crate) use triggers::days_until;

/// What ran of a window and of the one before it, in pieces.
#[derive(Debug)]
pub(crate) struct Counted {
    /// The windows.
    pub window: Window,
    /// An hour, a part of one or a day, by action type and status, in no order.
    pub pieces: Vec<Piece>,
    /// Whether anything ran before both windows.
    pub has_earlier: bool,
    /// The first hour of all with an execution, unless something ran before both windows.
    pub first_hour: Option<DateTime<Utc>>,
    /// Whether the pieces hold durations.
    pub has_durations: bool,
    /// Before this moment pieces are whole UTC days: hours of triggers are not kept for ever.
    pub days_until: Option<DateTime<Utc>>,
}

/// What ran from some moment on, of one action type and status. A negative piece takes away from a whole one.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// When the hour begins, or its part; some moment of a UTC day.
    pub at: DateTime<Utc>,
    pub action_type: String,
    pub status: String,
    pub executions: i64,
    pub executions_with_duration: i64,
    pub duration_sum_ms: i64,
    pub total_retries: i64,
    /// Executions by bucket of their duration; a bucket may come several times.
    pub durations: Vec<(i32, i64)>,
}

/// Counts the window of a query and the one before it by hour.
pub(crate) async fn load(
    connection: &mut PgConnection,
    query: &Query,
    filter: &Filter,
    as_of: DateTime<Utc>,
) -> Result<Counted, sqlx::Error> {
    load_pieces(connection, query, filter, as_of, false).await
}

/// Counts the window of a query and the one before it as closely as its buckets need, for pages that look no closer. Where
/// buckets are days that is a tenth of what hours hold.
pub(crate) async fn load_in_steps(
    connection: &mut PgConnection,
    query: &Query,
    filter: &Filter,
    as_of: DateTime<Utc>,
) -> Result<Counted, sqlx::Error> {
    load_pieces(connection, query, filter, as_of, true).await
}

async fn load_pieces(
    connection: &mut PgConnection,
    query: &Query,
    filter: &Filter,
    as_of: DateTime<Utc>,
    in_steps: bool,
) -> Result<Counted, sqlx::Error> {
    let mut window = Window::of(query.range, query.zone, as_of);
    let (mut pieces, mut days_until) = (Vec::new(), None);
    let last = start_of_hour(window.until - TimeDelta::microseconds(1));
    let mut first = start_of_hour(window.before_begins);
    if let Some(triggers) = &filter.triggers {
        days_until = triggers::days_until(connection, &window).await?;
        if let Some(until) = days_until {
            first = first.max(until);
            pieces = triggers::days(connection, triggers, filter, window.before_begins, until).await?;
        }
        if days_until.is_some_and(|until| window.begins < until) {
            window = window.in_days();
        }
        pieces.extend(triggers::hours(connection, triggers, filter, first, last).await?);
    } else if in_steps {
        pieces = days::load(connection, filter, &days::Plan::of(&window, first, last)).await?;
    } else {
        pieces = hours(connection, filter, &hours_between(first, last)).await?;
    }
    let cuts = [window.before_begins, window.begins, window.until].into_iter().filter(|&cut| cut >= first);
    cut::split(connection, filter, &mut pieces, cuts.collect()).await?;
    let earliest = start_of_hour(window.before_begins);
    let has_earlier =
        sqlx::query_file_scalar!("sql/hours/has_earlier.sql", earliest).fetch_one(&mut *connection).await?;
    let first_hour = if has_earlier {
        None
    } else {
        sqlx::query_file_scalar!("sql/hours/find_first_hour.sql", earliest).fetch_one(connection).await?
    };
    Ok(Counted {
        window,
        pieces,
        has_earlier,
        first_hour,
        has_durations: filter.triggers.is_none() && !filter.skips_durations,
        days_until,
    })
}

async fn hours(
    connection: &mut PgConnection,
    filter: &Filter,
    hours: &[DateTime<Utc>],
) -> Result<Vec<Piece>, sqlx::Error> {
    let (action_type, status) = (filter.action_type.as_deref(), filter.status_word());
    let rows = sqlx::query_file!("sql/hours/list_hours.sql", hours, action_type, status, !filter.skips_durations);
    let rows = rows.fetch_all(connection).await?.into_iter().map(|row| Piece {
        at: row.hour,
        action_type: row.action_type,
        status: row.status,
        executions: row.executions,
        executions_with_duration: row.executions_with_duration,
        duration_sum_ms: row.duration_sum_ms,
        total_retries: row.total_retries,
        durations: row.durations.0,
    });
    Ok(rows.collect())
}

impl Piece {
    /// Adds its executions to those by how they ended.
    pub fn count(&self, counts: &mut StatusCounts) {
        counts.count(&self.status, self.executions);
    }

    /// Adds its durations to others.
    pub fn measure(&self, durations: &mut Histogram) {
        for &(bucket, executions) in &self.durations {
            durations.add(bucket, executions);
        }
    }

    /// What takes it away again from what counts at another moment.
    fn taken_at(&self, at: DateTime<Utc>) -> Self {
        Self {
            at,
            executions: -self.executions,
            executions_with_duration: -self.executions_with_duration,
            duration_sum_ms: -self.duration_sum_ms,
            total_retries: -self.total_retries,
            durations: self.durations.iter().map(|&(bucket, executions)| (bucket, -executions)).collect(),
            ..self.clone()
        }
    }
}

/// The hours from one to another.
fn hours_between(first: DateTime<Utc>, last: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    std::iter::successors(Some(first), |&hour| Some(hour + TimeDelta::hours(1)))
        .take_while(|&hour| hour <= last)
        .collect()
}

/// The beginning of the UTC day that a moment is in.
pub(crate) fn start_of_day(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.date_naive().and_time(chrono::NaiveTime::MIN).and_utc()
}

/// The first UTC day that begins at a moment or after it.
fn next_day(moment: DateTime<Utc>) -> DateTime<Utc> {
    let day = start_of_day(moment);
    if day == moment { day } else { day + Days::new(1) }
}

impl Counted {
    /// The pieces of the window.
    pub fn current(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(|piece| piece.at >= self.window.begins && piece.at < self.window.until)
    }

    /// The pieces of the window before.
    pub fn previous(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(|piece| piece.at >= self.window.before_begins && piece.at < self.window.begins)
    }

    /// Whether what ran at a moment would be known: not before the first execution of all.
    pub fn knows(&self, moment: DateTime<Utc>) -> bool {
        self.has_earlier || self.first_hour.is_some_and(|first| first <= moment)
    }

    /// Whether the window before is in pieces as short as this one's buckets.
    pub fn is_before_in_steps(&self) -> bool {
        let is_hours = self.window.step == Step::Hour;
        !(is_hours && self.days_until.is_some_and(|until| self.window.before_begins < until))
    }

    /// The pieces of the window with the place of the bucket that each is in.
    pub fn placed<'a>(&'a self, buckets: &'a [Bucket]) -> impl Iterator<Item = (usize, &'a Piece)> {
        self.current().filter_map(|piece| Some((self.window.place(buckets, piece.at)?, piece)))
    }

    /// The pieces of the window before with the place of the bucket that each is compared with.
    pub fn placed_before<'a>(&'a self, buckets: &'a [Bucket]) -> impl Iterator<Item = (usize, &'a Piece)> {
        let later = self.window.length();
        self.previous().filter_map(move |piece| Some((self.window.place(buckets, piece.at + later)?, piece)))
    }

    /// Whether what ran at the place of a bucket in the window before is known.
    pub fn knows_before(&self, bucket: &Bucket) -> bool {
        self.is_before_in_steps() && self.knows(bucket.begins - self.window.length())
    }

    /// Whether all of the window before is known.
    pub fn knows_window_before(&self) -> bool {
        self.knows(self.window.before_begins)
    }

    /// Whether somebody compares, and all of the window before is known.
    pub fn is_compared(&self, query: &Query) -> bool {
        query.compare && self.knows_window_before()
    }

    /// Whether anything ever ran, whatever was asked for.
    pub async fn has_run(&self, connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
        if self.has_earlier || !self.pieces.is_empty() {
            return Ok(true);
        }
        sqlx::query_file_scalar!("sql/hours/has_run.sql").fetch_one(connection).await
    }

    /// What to know about counts that are not cut to the moment.
    pub fn note(&self) -> Option<String> {
        let until = self.days_until?;
        Some(format!("Before {}, runs of single triggers are counted by whole UTC days.", until.format("%-d %b %Y")))
    }
}
