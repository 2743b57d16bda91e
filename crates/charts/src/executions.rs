//! Executions by hour or day: a bar by status, the time before and the success rate as lines.

use charming::{
    Chart,
    component::Axis,
    datatype::DataPoint,
    element::{AxisPointerType, LineStyleType, SplitLine},
};
use domain::{
    executions::{Bar, Executions},
    failures::rows_behind,
    figure::Size,
    query::Query,
    status::Status,
};

use crate::{Figure, look};

/// The chart of the executions panel. A bar leads to the rows behind it.
pub fn figure(executions: &Executions, query: &Query) -> Figure {
    let chart = chart(executions, query.compare);
    let addresses = |status: Status| {
        let address = |bar: &Bar| rows_behind(&query.with_bucket(&bar.bucket).with_status(Some(status)));
        executions.bars.iter().map(address).collect()
    };
    let figure = Figure::of(executions, Size::Wide, &chart);
    Status::ALL.into_iter().fold(figure, |figure, status| figure.linked(status.word(), addresses(status)))
}

fn chart(executions: &Executions, compare: bool) -> Chart {
    let all = &executions.bars;
    let bars = |name, color, count: fn(&Bar) -> i64| {
        let data = all.iter().map(|bar| look::bucket_bar(count(bar), color, bar.bucket.partial)).collect();
        look::bars(name, color, data)
    };
    let rates: Vec<_> = all.iter().map(|bar| executions.success_rate(bar)).collect();
    let labels = all.iter().map(|bar| executions.window.axis_label(&bar.bucket)).collect();
    let mut chart = Chart::new()
        .animation(false)
        .grid(look::grid())
        .tooltip(look::tooltip(AxisPointerType::Shadow))
        .x_axis(look::names(labels))
        .y_axis(look::numbers("{value}", 1.0))
        .y_axis(success_rate_axis(&rates))
        .series(bars("success", look::SUCCESS, |bar| bar.counts.success))
        .series(bars("retrying", look::RETRYING, |bar| bar.counts.retrying))
        .series(bars("failed", look::FAILED, |bar| bar.counts.failed));
    if compare {
        let before = all.iter().map(|bar| DataPoint::Value(bar.before.into())).collect();
        chart = chart.series(look::line("time before", look::INK_QUIET, LineStyleType::Dashed, before));
    }
    let rounded = |rate: f64| (rate * 10.0).round() / 10.0;
    let rates = rates.into_iter().map(|rate| DataPoint::Value(rate.map(rounded).into())).collect();
    chart.series(look::line("% succeeded", look::INK, LineStyleType::Dotted, rates).y_axis_index(1))
}

/// Percentages on the right. The axis begins at the ten below the worst bar, at most at 50, so that the line stays above
/// most bars and a bad hour still shows.
fn success_rate_axis(rates: &[Option<f64>]) -> Axis {
    let worst = rates.iter().flatten().copied().fold(50.0, f64::min);
    let from = (worst / 10.0).floor() * 10.0;
    look::numbers("{value}%", 1.0).min(from).max(100.0).split_line(SplitLine::new().show(false))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use domain::{status::StatusCounts, window::Window, zone::Zone};
    use serde_json::json;

    use super::*;

    /// The last two hours up to half past, each with 8 that succeeded.
    fn executions(failed: [i64; 2]) -> Executions {
        let range = "2026-11-23T22:00:00Z..2026-11-24T00:00:00Z".parse().unwrap();
        let window = Window::of(range, Zone::UTC, "2026-11-23T23:30:00Z".parse().unwrap());
        let bar = |(bucket, failed)| {
            let counts = StatusCounts { success: 8, retrying: 0, failed };
            Bar { bucket, counts, before: Some(7) }
        };
        Executions { window, status: None, bars: window.buckets().into_iter().zip(failed).map(bar).collect() }
    }

    #[test]
    fn an_hour_that_is_not_over_is_pale() {
        let option = figure(&executions([2, 0]), &Query::default()).option;
        assert_eq!(option["series"][2]["data"][0], json!(2));
        assert_eq!(option["series"][2]["data"][1]["itemStyle"]["opacity"], json!(0.45));
        assert_eq!(option["series"][3]["data"], json!([80.0, 100.0]));
    }

    #[test]
    fn who_compares_sees_the_time_before() {
        let option = figure(&executions([2, 0]), &Query::default().with_compare(true)).option;
        assert_eq!(
            (&option["series"][3]["name"], &option["series"][3]["data"]),
            (&json!("time before"), &json!([7, 7]))
        );
    }

    #[test]
    fn a_bar_leads_to_the_rows_behind_it() {
        let figure = figure(&executions([2, 0]), &Query::default().with_action_type(Some("rest")));
        let address = "/failures?range=2026-11-23T22:00:00Z..2026-11-23T23:00:00Z&type=rest&status=failed#rows";
        assert_eq!(figure.links["failed"][0], address);
        assert_eq!(figure.links.len(), 3);
    }

    #[test]
    fn an_hour_without_executions_has_no_success_rate() {
        let mut quiet = executions([0, 0]);
        quiet.bars[0].counts = StatusCounts::default();
        assert_eq!(figure(&quiet, &Query::default()).option["series"][3]["data"], json!([null, 100.0]));
    }

    #[test]
    fn the_axis_of_rates_reaches_down_to_the_worst_hour() {
        let option = figure(&executions([24, 0]), &Query::default()).option;
        assert_eq!(option["yAxis"][1]["min"], json!(20.0));
    }
}
