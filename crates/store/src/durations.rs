//! How long executions took, hour by hour.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    durations::{Durations, Hour},
    overview::HOURS,
};

use crate::hours::{Hours, start_of};

/// The same 24 hours as the executions panel; only the last one is not over yet.
pub(crate) fn of(hours: &Hours, as_of: DateTime<Utc>) -> Durations {
    let hour = |back: i64| {
        let start = start_of(as_of) - TimeDelta::hours(back);
        let quantile = |quantile: f64| hours.get(start)?.durations.quantile(quantile);
        Hour { start, p50_ms: quantile(0.50), p95_ms: quantile(0.95), p99_ms: quantile(0.99), partial: back == 0 }
    };
    Durations { hours: (0..HOURS).rev().map(hour).collect() }
}
