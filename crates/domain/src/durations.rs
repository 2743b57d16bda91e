//! How long executions took: percentiles by hour or day.

use crate::{
    format,
    panel::Panel,
    query::Query,
    table::{Column, Table, Value},
    window::{Bucket, Window},
};

/// One point per bucket, oldest first, the same buckets as the executions panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Durations {
    /// The time shown.
    pub window: Window,
    /// Whether percentiles are kept of what was asked: not of single triggers.
    pub are_kept: bool,
    /// A point for each bucket.
    pub points: Vec<Point>,
}

/// One bucket. All percentiles are within 1% and `None` when nothing had a duration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Which one.
    pub bucket: Bucket,
    /// Half of the executions were quicker, in milliseconds.
    pub p50_ms: Option<f64>,
    /// 95 of 100 executions were quicker, in milliseconds.
    pub p95_ms: Option<f64>,
    /// 99 of 100 executions were quicker, in milliseconds.
    pub p99_ms: Option<f64>,
    /// `p95_ms` at the same place of the window before; `None` also where nobody compares.
    pub p95_before_ms: Option<f64>,
}

impl Panel for Durations {
    const NAME: &'static str = "durations";
    const TITLE: &'static str = "Duration";

    fn sentence(&self) -> String {
        if !self.are_kept {
            return "Percentiles are not kept by trigger or organization; without that filter they show here."
                .to_owned();
        }
        let p95 = |point: &Point| point.p95_ms.map(|p95_ms| (p95_ms, point.bucket));
        let mut points: Vec<_> = self.points.iter().filter_map(p95).collect();
        points.sort_by(|left, right| left.0.total_cmp(&right.0));
        let (Some(&(slowest, bucket)), Some(&(typical, _))) = (points.last(), points.get(points.len() / 2)) else {
            return format!("Nothing with a duration ran in these {}s.", self.window.step.word());
        };
        if slowest >= 1.5 * typical && typical > 0.0 {
            let when = self.window.when(&bucket);
            let times = format::times(slowest / typical);
            return format!("p95 peaked {when}: {}, {times} the usual.", spelled(slowest));
        }
        format!("Steady: p95 around {}, at most {}.", spelled(typical), spelled(slowest))
    }

    fn table(&self, _: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("time", self.window.step.title()),
            Column::number("p50_duration_ms", "p50"),
            Column::number("p95_duration_ms", "p95"),
            Column::number("p99_duration_ms", "p99"),
        ]);
        for point in self.points.iter().rev() {
            table.push(vec![
                Value::Bucket(point.bucket.starts, self.window.whole_label(&point.bucket), point.bucket.partial).cell(),
                Value::milliseconds(point.p50_ms).cell(),
                Value::milliseconds(point.p95_ms).cell(),
                Value::milliseconds(point.p99_ms).cell(),
            ]);
        }
        table
    }
}

fn spelled(duration_ms: f64) -> String {
    format::milliseconds(Some(duration_ms))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{range::Range, zone::Zone};

    fn hours(p95: &[Option<f64>]) -> Durations {
        let range: Range = format!("2026-11-23T00:00:00Z..2026-11-23T{:02}:00:00Z", p95.len()).parse().unwrap();
        let window = Window::of(range, Zone::UTC, "2026-11-24T12:00:00Z".parse().unwrap());
        let point = |(bucket, &p95_ms): (Bucket, &Option<f64>)| Point {
            bucket,
            p50_ms: None,
            p95_ms,
            p99_ms: None,
            p95_before_ms: None,
        };
        Durations { window, are_kept: true, points: window.buckets().into_iter().zip(p95).map(point).collect() }
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

    #[test]
    fn percentiles_that_are_not_kept_are_said_to_be_missing() {
        let unkept = Durations { are_kept: false, ..hours(&[None]) };
        assert!(unkept.sentence().starts_with("Percentiles are not kept by trigger"));
        assert_eq!(unkept.table(&Query::default()).rows[0][1].value, Value::Missing);
    }
}
