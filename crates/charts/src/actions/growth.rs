//! Executions by week, each bar with how it compares with the one before.

use charming::{
    Chart,
    datatype::{DataPoint, DataPointItem},
    element::{AxisPointerType, Label, LabelPosition},
};
use domain::{
    actions::growth::{Growth, Week},
    figure::Size,
    query::Query,
};

use serde_json::json;

use crate::{Figure, look};

/// The name of the bars.
const RUNS: &str = "runs";

/// Weeks that have room for a label each.
const LABELLED: usize = 9;

/// The chart of the growth panel. A bar leads to the same page of that week alone.
pub fn figure(growth: &Growth, query: &Query) -> Figure {
    let names = growth.weeks.iter().map(|week| growth.name(week)).collect();
    let label = Label::new().position(LabelPosition::Top).color(look::INK_QUIET).font_size(look::FONT_SIZE);
    let label = label.formatter("{b}").show(growth.weeks.len() <= LABELLED);
    let chart = Chart::new()
        .animation(false)
        .grid(look::grid())
        .tooltip(look::tooltip(AxisPointerType::Shadow))
        .x_axis(look::names(names))
        .y_axis(look::numbers("{value}", 1.0))
        .series(look::bars(RUNS, look::RUNS, growth.weeks.iter().map(bar).collect()).label(label));
    let mut figure = Figure::of(growth, Size::Side, &chart);
    // The label of a pale bar is to be read too.
    figure.option["series"][0]["label"]["opacity"] = json!(1);
    figure.linked(RUNS, growth.weeks.iter().map(|week| week.alone(query)).collect())
}

/// A bar, named after its growth: `+4%`.
fn bar(week: &Week) -> DataPoint {
    let growth = week.growth().map(|percent| {
        let sign = match percent.round() {
            0.0 => "±",
            rounded if rounded < 0.0 => "−",
            _ => "+",
        };
        format!("{sign}{:.0}%", percent.abs())
    });
    let item = DataPointItem::new(week.counts.total()).name(growth.unwrap_or_else(|| " ".to_owned()));
    if week.partial { item.item_style(look::pale(look::RUNS)).into() } else { item.into() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use domain::{status::StatusCounts, window::Step, zone::Zone};

    use super::*;

    #[test]
    fn a_bar_tells_its_growth_and_one_that_is_not_over_is_pale() {
        let week = |begins: &str, ends: &str, success, compared, partial| Week {
            begins: begins.parse().unwrap(),
            ends: ends.parse().unwrap(),
            counts: StatusCounts { success, retrying: 0, failed: 0 },
            compared,
            partial,
        };
        let weeks = vec![
            week("2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z", 50, None, false),
            week("2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", 60, Some((60, 50)), false),
            week("2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z", 9, Some((9, 10)), true),
        ];
        let figure = figure(&Growth { zone: Zone::UTC, weeks, step: Step::Hour }, &Query::default());
        let data = &figure.option["series"][0]["data"];
        assert_eq!(data[1], json!({ "name": "+20%", "value": 60 }));
        assert_eq!((&data[0]["name"], &data[2]["name"]), (&json!(" "), &json!("−10%")));
        assert_eq!(data[2]["itemStyle"]["opacity"], json!(0.45));
        assert_eq!(figure.option["xAxis"]["data"], json!(["9 Nov", "16 Nov", "23 Nov"]));
        assert_eq!(figure.links[RUNS][1], "/actions?range=2026-11-16T00:00:00Z..2026-11-23T00:00:00Z");
    }
}
