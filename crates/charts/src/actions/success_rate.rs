//! How many executions succeeded, as a line with the time before and the least that is well.

use charming::{
    Chart,
    datatype::DataPoint,
    element::{AxisPointerType, Label, LineStyle, LineStyleType, MarkLine, MarkLineData, MarkLineVariant, Symbol},
};
use domain::{
    actions::success_rate::{Point, SuccessRate, WARNING},
    failures::rows_behind,
    figure::Size,
    query::Query,
    status::Status,
};

use crate::{Figure, look};

/// The name of the line.
const RATE: &str = "% succeeded";

/// The chart of the success rate panel. A point leads to the failures behind it.
pub fn figure(success_rate: &SuccessRate, query: &Query) -> Figure {
    let points = &success_rate.points;
    let rates: Vec<_> = points.iter().map(|point| success_rate.rate(point)).collect();
    let before: Vec<_> = points.iter().map(|point| success_rate.rate_before(point)).collect();
    let worst = rates.iter().chain(&before).flatten().copied().fold(90.0, f64::min);
    let labels: Vec<_> = points.iter().map(|point| success_rate.window.axis_label(&point.bucket)).collect();
    let line = look::line(RATE, look::SUCCESS, LineStyleType::Solid, values(&rates));
    let mut chart = Chart::new()
        .animation(false)
        .grid(look::grid_of_times(&labels))
        .tooltip(look::tooltip(AxisPointerType::Line))
        .x_axis(look::names(labels))
        .y_axis(look::numbers("{value}%", 1.0).min((worst / 10.0).floor() * 10.0).max(100.0))
        .series(line.mark_line(least()));
    if success_rate.before.is_some() {
        let before = look::line("time before", look::INK_QUIET, LineStyleType::Dashed, values(&before));
        chart = chart.series(before);
    }
    let failed = |point: &Point| rows_behind(&query.with_bucket(&point.bucket).with_status(Some(Status::Failed)));
    Figure::of(success_rate, Size::Half, &chart).linked(RATE, points.iter().map(failed).collect())
}

fn values(rates: &[Option<f64>]) -> Vec<DataPoint> {
    let rounded = |rate: f64| (rate * 10.0).round() / 10.0;
    rates.iter().map(|rate| DataPoint::Value(rate.map(rounded).into())).collect()
}

/// Where a rate begins to need a look.
fn least() -> MarkLine {
    MarkLine::new()
        .silent(true)
        .symbol(vec![Symbol::None])
        .label(Label::new().show(false))
        .line_style(LineStyle::new().color(look::RETRYING).type_(LineStyleType::Dashed).width(1.0))
        .data(vec![MarkLineVariant::Simple(MarkLineData::new().y_axis(WARNING))])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use domain::{range::Span, status::StatusCounts, window::Window, zone::Zone};
    use serde_json::json;

    use super::*;

    #[test]
    fn the_axis_reaches_down_to_the_worst_and_a_quiet_hour_breaks_the_line() {
        let range = "2026-11-23T21:00:00Z..2026-11-23T23:00:00Z".parse().unwrap();
        let window = Window::of(range, Zone::UTC, "2026-11-24T12:00:00Z".parse().unwrap());
        let counts = [StatusCounts { success: 3, retrying: 0, failed: 1 }, StatusCounts::default()];
        let point = |(bucket, counts)| Point { bucket, counts, before: Some(StatusCounts { failed: 7, ..counts }) };
        let points = window.buckets().into_iter().zip(counts).map(point).collect();
        let before = Some(StatusCounts::default());
        let rate = SuccessRate { window, span: Span::default(), status: None, points, before };
        let figure = figure(&rate, &Query::default());
        assert_eq!(figure.option["yAxis"]["min"], json!(0.0));
        assert_eq!(figure.option["series"][0]["data"], json!([75.0, null]));
        assert_eq!(figure.option["series"][1]["data"], json!([30.0, 0.0]));
        assert!(figure.links[RATE][1].ends_with("23:00:00Z&status=failed#rows"), "{:?}", figure.links);
    }
}
