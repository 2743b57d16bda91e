//! The charts of one trigger: its retries by time, and how its durations spread.

use charming::{
    Chart,
    datatype::DataPoint,
    element::{AxisPointerType, LineStyleType},
};
use domain::{
    figure::Size,
    panel::Panel,
    query::Query,
    trigger::{DurationClass, Panels, RecentDurations, Retries, RetryBar, Spread},
};

use crate::{Figure, durations, executions, look};

/// The charts of the page of a trigger.
pub fn figures(panels: &Panels, query: &Query) -> Vec<Figure> {
    let mut recent = durations::figure(&panels.recent.durations, query, Size::Side);
    recent.name = RecentDurations::NAME;
    vec![executions::figure(&panels.executions, query), recent, retries(&panels.retries, query), spread(&panels.spread)]
}

fn retries(retries: &Retries, query: &Query) -> Figure {
    let bars = &retries.bars;
    let bar = |bar: &RetryBar| look::bucket_bar(bar.retries, look::RETRYING, bar.bucket.partial);
    let per_run = |bar: &RetryBar| DataPoint::Value(bar.per_run().map(|ratio| (ratio * 100.0).round() / 100.0).into());
    let mut chart = Chart::new()
        .animation(false)
        .grid(look::grid())
        .tooltip(look::tooltip(AxisPointerType::Shadow))
        .x_axis(look::names(bars.iter().map(|bar| retries.window.axis_label(&bar.bucket)).collect()))
        .y_axis(look::numbers("{value}", 1.0))
        .y_axis(look::numbers("{value}", 0.0).split_line(charming::element::SplitLine::new().show(false)))
        .series(look::bars("retries", look::RETRYING, bars.iter().map(bar).collect()));
    if query.compare {
        let before = bars.iter().map(|bar| DataPoint::Value(bar.before.into())).collect();
        chart = chart.series(look::line("time before", look::INK_QUIET, LineStyleType::Dashed, before));
    }
    let per_run = look::line("per run", look::INK, LineStyleType::Dotted, bars.iter().map(per_run).collect());
    Figure::of(retries, Size::Half, &chart.series(per_run.y_axis_index(1)))
}

fn spread(spread: &Spread) -> Figure {
    let classes = &spread.classes;
    let chart = Chart::new()
        .animation(false)
        .grid(look::grid())
        .tooltip(look::tooltip(AxisPointerType::Shadow))
        .x_axis(look::names(classes.iter().map(DurationClass::axis_label).collect()))
        .y_axis(look::numbers("{value}", 1.0))
        .series(look::bars("runs", look::P95, classes.iter().map(|class| class.runs.into()).collect()));
    Figure::of(spread, Size::Half, &chart)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use domain::{triggers::Totals, window::Window, zone::Zone};
    use serde_json::json;

    use super::*;

    #[test]
    fn retries_stand_beside_their_share_and_the_time_before() {
        let range = "2026-11-23T22:00:00Z..2026-11-24T00:00:00Z".parse().unwrap();
        let window = Window::of(range, Zone::UTC, "2026-11-23T23:30:00Z".parse().unwrap());
        let bar = |(bucket, executions)| RetryBar { bucket, executions, retries: 3, before: Some(1) };
        let shown = Retries { window, bars: window.buckets().into_iter().zip([9, 0]).map(bar).collect() };
        let option = retries(&shown, &Query::default().with_compare(true)).option;
        assert_eq!(option["series"][0]["data"][0], json!(3));
        assert_eq!(option["series"][1]["data"], json!([1, 1]));
        assert_eq!(option["series"][2]["data"], json!([0.33, null]));
        assert_eq!(retries(&shown, &Query::default()).option["series"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn each_class_is_a_bar() {
        let classes = Spread::of(Totals::default(), &[230, 240], &[4, 2]);
        let option = spread(&classes).option;
        assert_eq!(option["series"][0]["data"].as_array().unwrap().len(), classes.classes.len());
    }
}
