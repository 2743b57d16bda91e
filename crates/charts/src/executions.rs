//! Executions per hour: a bar by status, the day before and the success rate as lines.

use charming::{
    Chart,
    component::Axis,
    datatype::DataPoint,
    element::{AxisPointerType, LineStyleType, SplitLine},
};
use domain::{executions::Executions, executions::Hour, format};

use crate::look;

/// The chart of the executions panel.
pub fn chart(executions: &Executions) -> Chart {
    let hours = &executions.hours;
    let bars = |name, color, count: fn(&Hour) -> i64| {
        let data = hours.iter().map(|hour| look::hour_bar(count(hour), color, hour.partial)).collect();
        look::bars(name, color, data)
    };
    Chart::new()
        .animation(false)
        .grid(look::grid())
        .tooltip(look::tooltip(AxisPointerType::Shadow))
        .x_axis(look::names(hours.iter().map(|hour| format::axis_hour(hour.start)).collect()))
        .y_axis(look::numbers("{value}", 1.0))
        .y_axis(success_rate_axis(hours))
        .series(bars("success", look::SUCCESS, |hour| hour.counts.success))
        .series(bars("retrying", look::RETRYING, |hour| hour.counts.retrying))
        .series(bars("failed", look::FAILED, |hour| hour.counts.failed))
        .series(look::line("the day before", look::INK_QUIET, LineStyleType::Dashed, day_before(hours)))
        .series(look::line("% succeeded", look::INK, LineStyleType::Dotted, success_rates(hours)).y_axis_index(1))
}

fn day_before(hours: &[Hour]) -> Vec<DataPoint> {
    hours.iter().map(|hour| DataPoint::Value(hour.day_before.into())).collect()
}

fn success_rates(hours: &[Hour]) -> Vec<DataPoint> {
    let rounded = |rate: f64| (rate * 10.0).round() / 10.0;
    hours.iter().map(|hour| DataPoint::Value(hour.counts.success_rate().map(rounded).into())).collect()
}

/// Percentages on the right. The axis begins at the ten below the worst hour, at most at 50, so that the line stays
/// above most bars and a bad hour still shows.
fn success_rate_axis(hours: &[Hour]) -> Axis {
    let worst = hours.iter().filter_map(|hour| hour.counts.success_rate()).fold(50.0, f64::min);
    let from = (worst / 10.0).floor() * 10.0;
    look::numbers("{value}%", 1.0).min(from).max(100.0).split_line(SplitLine::new().show(false))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use domain::status::StatusCounts;
    use serde_json::json;

    use super::*;

    fn hour(start: &str, failed: i64, partial: bool) -> Hour {
        let counts = StatusCounts { success: 8, retrying: 0, failed };
        Hour { start: start.parse().unwrap(), counts, day_before: Some(7), partial }
    }

    #[test]
    fn an_hour_that_is_not_over_is_pale() {
        let hours = vec![hour("2026-11-23T22:00:00Z", 2, false), hour("2026-11-23T23:00:00Z", 0, true)];
        let option = crate::finish(&chart(&Executions { hours }));
        assert_eq!(option["series"][2]["data"][0], json!(2));
        assert_eq!(option["series"][2]["data"][1]["itemStyle"]["opacity"], json!(0.45));
        assert_eq!(option["series"][4]["data"], json!([80.0, 100.0]));
    }

    #[test]
    fn an_hour_without_executions_has_no_success_rate() {
        let mut quiet = hour("2026-11-23T22:00:00Z", 0, false);
        quiet.counts = StatusCounts::default();
        let option = crate::finish(&chart(&Executions { hours: vec![quiet] }));
        assert_eq!(option["series"][4]["data"], json!([null]));
    }

    #[test]
    fn the_axis_of_rates_reaches_down_to_the_worst_hour() {
        let hours = vec![hour("2026-11-23T22:00:00Z", 24, false)];
        let option = crate::finish(&chart(&Executions { hours }));
        assert_eq!(option["yAxis"][1]["min"], json!(20.0));
    }
}
