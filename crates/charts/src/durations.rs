//! Percentiles of durations per hour, as lines.

use charming::{
    Chart,
    datatype::DataPoint,
    element::{AxisPointerType, LineStyleType},
};
use domain::{
    durations::{Durations, Hour},
    format,
};

use crate::look;

/// The chart of the durations panel.
pub fn chart(durations: &Durations) -> Chart {
    let hours = &durations.hours;
    let slowest = hours.iter().filter_map(|hour| hour.p99_ms).fold(0.0, f64::max);
    let unit = Unit::for_largest(slowest);
    let line = |name, color, type_, percentile: fn(&Hour) -> Option<f64>| {
        let point = |hour: &Hour| DataPoint::Value(percentile(hour).map(|ms| unit.of(ms)).into());
        look::line(name, color, type_, hours.iter().map(point).collect())
    };
    Chart::new()
        .animation(false)
        .grid(look::grid())
        .tooltip(look::tooltip(AxisPointerType::Line))
        .x_axis(look::names(hours.iter().map(|hour| format::axis_hour(hour.start)).collect()))
        .y_axis(look::numbers(unit.label, 0.0))
        .series(line("p50", look::P50, LineStyleType::Dotted, |hour| hour.p50_ms))
        .series(line("p95", look::P95, LineStyleType::Solid, |hour| hour.p95_ms))
        .series(line("p99", look::P99, LineStyleType::Dashed, |hour| hour.p99_ms))
}

/// The unit of the axis: the largest that keeps numbers above one.
struct Unit {
    milliseconds: f64,
    label: &'static str,
}

impl Unit {
    fn for_largest(duration_ms: f64) -> Self {
        let (milliseconds, label) = match duration_ms {
            ms if ms < 2_000.0 => (1.0, "{value} ms"),
            ms if ms < 120_000.0 => (1_000.0, "{value} s"),
            ms if ms < 7_200_000.0 => (60_000.0, "{value} min"),
            _ => (3_600_000.0, "{value} h"),
        };
        Self { milliseconds, label }
    }

    /// A duration in this unit, to three digits.
    fn of(&self, duration_ms: f64) -> f64 {
        let value = duration_ms / self.milliseconds;
        let digits = if value >= 100.0 { 1.0 } else { 100.0 };
        (value * digits).round() / digits
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn option(p99_ms: Option<f64>) -> serde_json::Value {
        let start = "2026-11-23T22:00:00Z".parse().unwrap();
        let hour = Hour { start, p50_ms: None, p95_ms: Some(812.4), p99_ms, partial: false };
        crate::finish(&chart(&Durations { hours: vec![hour] }))
    }

    #[test]
    fn the_axis_takes_the_unit_of_the_slowest() {
        let (quick, slow) = (option(Some(900.0)), option(Some(10_310.0)));
        assert_eq!(quick["yAxis"]["axisLabel"]["formatter"], json!("{value} ms"));
        assert_eq!(quick["series"][1]["data"], json!([812.0]));
        assert_eq!(slow["yAxis"]["axisLabel"]["formatter"], json!("{value} s"));
        assert_eq!(slow["series"][2]["data"], json!([10.31]));
    }

    #[test]
    fn a_missing_percentile_breaks_the_line() {
        assert_eq!(option(None)["series"][0]["data"], json!([null]));
    }
}
