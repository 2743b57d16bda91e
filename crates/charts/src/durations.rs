//! Percentiles of durations by hour or day, as lines.

use charming::{
    Chart,
    datatype::DataPoint,
    element::{AxisPointerType, LineStyleType},
};
use domain::{
    durations::{Durations, Point},
    figure::Size,
    query::Query,
};

use crate::{Figure, look};

/// The chart of the durations panel.
pub fn figure(durations: &Durations, query: &Query) -> Figure {
    let points = &durations.points;
    let slowest = points.iter().flat_map(|point| [point.p99_ms, point.p95_before_ms]).flatten().fold(0.0, f64::max);
    let unit = Unit::for_largest(slowest);
    let line = |name, color, type_, percentile: fn(&Point) -> Option<f64>| {
        let value = |point: &Point| DataPoint::Value(percentile(point).map(|ms| unit.of(ms)).into());
        look::line(name, color, type_, points.iter().map(value).collect())
    };
    let labels = points.iter().map(|point| durations.window.axis_label(&point.bucket)).collect();
    let mut chart = Chart::new()
        .animation(false)
        .grid(look::grid())
        .tooltip(look::tooltip(AxisPointerType::Line))
        .x_axis(look::names(labels))
        .y_axis(look::numbers(unit.label, 0.0))
        .series(line("p50", look::P50, LineStyleType::Dotted, |point| point.p50_ms))
        .series(line("p95", look::P95, LineStyleType::Solid, |point| point.p95_ms))
        .series(line("p99", look::P99, LineStyleType::Dashed, |point| point.p99_ms));
    if query.compare {
        let before = |point: &Point| point.p95_before_ms;
        chart = chart.series(line("p95 before", look::INK_QUIET, LineStyleType::Dashed, before));
    }
    Figure::of(durations, Size::Side, &chart)
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
    use domain::{window::Window, zone::Zone};
    use serde_json::json;

    use super::*;

    fn option(p99_ms: Option<f64>, query: &Query) -> serde_json::Value {
        let range = "2026-11-23T22:00:00Z..2026-11-23T23:00:00Z".parse().unwrap();
        let window = Window::of(range, Zone::UTC, "2026-11-24T12:00:00Z".parse().unwrap());
        let (bucket, p95_ms) = (window.buckets()[0], Some(812.4));
        let point = Point { bucket, p50_ms: None, p95_ms, p99_ms, p95_before_ms: Some(700.0) };
        figure(&Durations { window, are_kept: true, points: vec![point] }, query).option
    }

    #[test]
    fn the_axis_takes_the_unit_of_the_slowest() {
        let (quick, slow) = (option(Some(900.0), &Query::default()), option(Some(10_310.0), &Query::default()));
        assert_eq!(quick["yAxis"]["axisLabel"]["formatter"], json!("{value} ms"));
        assert_eq!(quick["series"][1]["data"], json!([812.0]));
        assert_eq!(slow["yAxis"]["axisLabel"]["formatter"], json!("{value} s"));
        assert_eq!(slow["series"][2]["data"], json!([10.31]));
    }

    #[test]
    fn a_missing_percentile_breaks_the_line() {
        assert_eq!(option(None, &Query::default())["series"][0]["data"], json!([null]));
    }

    #[test]
    fn who_compares_sees_the_time_before() {
        let (alone, compared) = (option(None, &Query::default()), option(None, &Query::default().with_compare(true)));
        assert_eq!((&alone["series"][3], &compared["series"][3]["data"]), (&json!(null), &json!([700.0])));
    }
}
