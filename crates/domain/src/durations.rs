//! How long executions took: percentiles per hour.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::format;

/// One point per hour, oldest first, the same hours as the executions panel.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Durations {
    /// The hours, oldest first, without gaps. The last one is partial.
    pub hours: Vec<Hour>,
}

/// One UTC hour. All percentiles are within 1% and `None` when nothing had a duration.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Hour {
    /// When the hour began.
    pub start: DateTime<Utc>,
    /// Half of the executions were quicker, in milliseconds.
    pub p50_ms: Option<f64>,
    /// 95 of 100 executions were quicker, in milliseconds.
    pub p95_ms: Option<f64>,
    /// 99 of 100 executions were quicker, in milliseconds.
    pub p99_ms: Option<f64>,
    /// Whether the data ends inside this hour, or the window begins inside it.
    pub partial: bool,
}

impl Durations {
    /// What stands out, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let p95 = |hour: &Hour| hour.p95_ms.map(|p95_ms| (p95_ms, hour.start));
        let mut hours: Vec<_> = self.hours.iter().filter_map(p95).collect();
        hours.sort_by(|left, right| left.0.total_cmp(&right.0));
        let (Some(&(slowest, at)), Some(&(typical, _))) = (hours.last(), hours.get(hours.len() / 2)) else {
            return "Nothing with a duration ran in these hours.".to_owned();
        };
        if slowest >= 1.5 * typical && typical > 0.0 {
            let times = slowest / typical;
            return format!("p95 peaked at {}: {}, {times:.1} times the usual.", format::hour(at), spelled(slowest));
        }
        format!("Steady: p95 around {}, at most {}.", spelled(typical), spelled(slowest))
    }
}

fn spelled(duration_ms: f64) -> String {
    format::milliseconds(Some(duration_ms))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn hours(p95: &[Option<f64>]) -> Durations {
        let start: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        let hour = |(index, &p95_ms): (usize, &Option<f64>)| Hour {
            start: start + chrono::TimeDelta::hours(index as i64),
            p50_ms: None,
            p95_ms,
            p99_ms: None,
            partial: false,
        };
        Durations { hours: p95.iter().enumerate().map(hour).collect() }
    }

    #[test]
    fn a_slow_hour_is_named() {
        let sentence = hours(&[Some(800.0), Some(820.0), Some(2_400.0), None]).sentence();
        assert_eq!(sentence, "p95 peaked at 02:00: 2.4 s, 2.9 times the usual.");
    }

    #[test]
    fn an_even_day_is_steady() {
        assert_eq!(hours(&[Some(800.0), Some(820.0)]).sentence(), "Steady: p95 around 820 ms, at most 820 ms.");
        assert_eq!(hours(&[None, None]).sentence(), "Nothing with a duration ran in these hours.");
    }
}
