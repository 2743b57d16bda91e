//! Whole UTC days in the place of their hours, where a page does not look closer: one histogram instead of 24.
//!
//! A day stands at one moment, so it counts for one bucket of one window. Where a bucket or a window begins inside of it,
//! as days of most zones do, the hours that count elsewhere are read too: each is added where it is and taken from the day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::window::{Window, start_of_hour};
use sqlx::PgConnection;

use super::{Filter, PackedDurations, Piece, start_of_day};

const HOUR: TimeDelta = TimeDelta::hours(1);

/// What to read of two windows.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Plan {
    /// The days to read whole, and where each of them counts.
    days: BTreeMap<DateTime<Utc>, DateTime<Utc>>,
    /// The hours to read, those among them that are to be taken from a day.
    hours: Vec<DateTime<Utc>>,
}

impl Plan {
    /// The hours from `first` to `last`, as days where that is less to read.
    pub fn of(window: &Window, first: DateTime<Utc>, last: DateTime<Utc>) -> Self {
        let begins = beginnings(window, first, last);
        let mut plan = Self::default();
        let mut day = start_of_day(first);
        while day <= last {
            plan.add_day(day, &begins, first, last);
            day = day + Days::new(1);
        }
        plan
    }

    fn add_day(
        &mut self,
        day: DateTime<Utc>,
        begins: &BTreeSet<DateTime<Utc>>,
        first: DateTime<Utc>,
        last: DateTime<Utc>,
    ) {
        let hours: Vec<_> = (0..24).map(|hour| day + HOUR * hour).collect();
        let part = |hour: DateTime<Utc>| begins.range(..=hour).next_back().copied();
        let wanted: Vec<_> = hours.iter().copied().filter(|hour| (first..=last).contains(hour)).collect();
        let length = |hour: DateTime<Utc>| wanted.iter().filter(|&&other| part(other) == part(hour)).count();
        let Some(longest) = wanted.iter().copied().rev().max_by_key(|&hour| length(hour)) else { return };
        let elsewhere: Vec<_> =
            hours.into_iter().filter(|hour| !wanted.contains(hour) || part(*hour) != part(longest)).collect();
        if elsewhere.len() + 1 < wanted.len() {
            self.days.insert(day, longest);
            self.hours.extend(elsewhere);
        } else {
            self.hours.extend(wanted);
        }
    }
}

/// The hours with which something new begins: a window, a bucket, what comes after an hour that is cut.
fn beginnings(window: &Window, first: DateTime<Utc>, last: DateTime<Utc>) -> BTreeSet<DateTime<Utc>> {
    let next = |moment: DateTime<Utc>| start_of_hour(moment + HOUR - TimeDelta::microseconds(1));
    let cuts = [window.before_begins, window.begins, window.until];
    let mut begins: BTreeSet<_> = cuts.into_iter().flat_map(|cut| [start_of_hour(cut), next(cut)]).collect();
    begins.extend([first, last + HOUR]);
    let buckets = window.buckets();
    begins.extend(buckets.iter().flat_map(|bucket| [bucket.starts, bucket.starts - window.length()]).map(next));
    begins
}

/// Reads what was planned.
pub(super) async fn load(
    connection: &mut PgConnection,
    filter: &Filter,
    plan: &Plan,
) -> Result<Vec<Piece>, sqlx::Error> {
    let mut pieces = super::hours(connection, filter, &plan.hours).await?;
    let taken = pieces.iter().filter_map(|hour| Some(hour.taken_at(*plan.days.get(&start_of_day(hour.at))?)));
    let taken: Vec<_> = taken.collect();
    pieces.extend(taken);
    let days: Vec<_> = plan.days.keys().copied().collect();
    let (action_type, status) = (filter.action_type.as_deref(), filter.status_word());
    let rows = sqlx::query_file!("sql/hours/list_days.sql", &days, action_type, status).fetch_all(connection).await?;
    pieces.extend(rows.into_iter().filter_map(|row| {
        Some(Piece {
            at: *plan.days.get(&row.day)?,
            action_type: row.action_type,
            status: row.status,
            executions: row.executions,
            executions_with_duration: row.executions_with_duration,
            duration_sum_ms: row.duration_sum_ms,
            total_retries: row.total_retries,
            durations: row.durations.0,
        })
    }));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn plan(range: &str, zone: &str) -> Plan {
        let window = Window::of(range.parse().unwrap(), zone.parse().unwrap(), "2026-11-23T12:30:00Z".parse().unwrap());
        Plan::of(&window, start_of_hour(window.before_begins), window.until - HOUR)
    }

    fn size(plan: &Plan) -> (usize, usize) {
        (plan.days.len(), plan.hours.len())
    }

    #[test]
    fn a_month_is_read_as_days_in_any_zone() {
        let (days, hours) = size(&plan("30d", "UTC"));
        assert!(days >= 59 && hours <= 40, "{days} days and {hours} hours");
        let (days, hours) = size(&plan("30d", "Asia/Kolkata"));
        assert!(days >= 58 && hours <= 60 * 6 + 40, "{days} days and {hours} hours");
    }

    #[test]
    fn hours_are_read_where_they_are_shown() {
        let (days, hours) = size(&plan("7d", "UTC"));
        assert_eq!((days, hours), (0, 14 * 24 + 1));
    }
}
