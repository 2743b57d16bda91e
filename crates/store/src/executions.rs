//! Executions per hour.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    executions::{Executions, Hour},
    overview::HOURS,
};

use crate::hours::{Hours, start_of};

/// 24 whole UTC hours; only the last one, which `as_of` is in, is not over yet. The first is shown whole although the
/// summary's 24 hours begin inside it: a bar cut short would look like a quiet hour. An hour is compared with the same one
/// a day before; nothing is known of hours before the first execution of all.
pub(crate) fn of(hours: &Hours, as_of: DateTime<Utc>) -> Executions {
    let hour = |back: i64| {
        let start = start_of(as_of) - TimeDelta::hours(back);
        Hour {
            start,
            counts: hours.get(start).map(|tally| tally.counts).unwrap_or_default(),
            day_before: hours.executions(start - TimeDelta::hours(HOURS)),
            partial: back == 0,
        }
    };
    Executions { hours: (0..HOURS).rev().map(hour).collect() }
}
