//! Failures by time and by type. Every bar leads to the rows behind it.

use charming::{
    Chart,
    datatype::DataPoint,
    element::{AxisPointerType, LineStyleType},
};
use domain::{
    failures::{ByTime, ByType, TimeBar, TypeRow, rows_behind},
    figure::Size,
    query::Query,
    status::Status,
};

use crate::{Figure, look};

/// How many types are drawn; the table beside has more.
const DRAWN: usize = 8;

/// The chart of failures by hour or day.
pub fn by_time(panel: &ByTime, query: &Query) -> Figure {
    let outcome = panel.scope.outcome();
    let bar = |bar: &TimeBar| match bar.count {
        Some(count) => look::bucket_bar(count, color(outcome), bar.bucket.partial),
        None => DataPoint::Value(None::<i64>.into()),
    };
    let bars = look::bars(outcome.word(), color(outcome), panel.bars.iter().map(bar).collect());
    let labels = panel.bars.iter().map(|bar| panel.window.axis_label(&bar.bucket)).collect();
    let mut chart = Chart::new()
        .animation(false)
        .grid(look::grid())
        .tooltip(look::tooltip(AxisPointerType::Shadow))
        .x_axis(look::names(labels))
        .y_axis(look::numbers("{value}", 1.0))
        .series(bars);
    if query.compare {
        let before = panel.bars.iter().map(|bar| DataPoint::Value(bar.before.into())).collect();
        chart = chart.series(look::line("time before", look::INK_QUIET, LineStyleType::Dashed, before));
    }
    let addresses = panel.bars.iter().map(|bar| rows_behind(&query.with_bucket(&bar.bucket))).collect();
    Figure::of(panel, Size::Wide, &chart).linked(outcome.word(), addresses)
}

/// The chart of failures by action type, most on top.
pub fn by_type(panel: &ByType, query: &Query) -> Figure {
    let outcome = panel.scope.outcome();
    let mut rows: Vec<&TypeRow> = panel.rows.iter().take(DRAWN).collect();
    rows.reverse();
    let counts = rows.iter().map(|row| row.count.into()).collect();
    let chart = Chart::new()
        .animation(false)
        .grid(look::grid().right(16))
        .tooltip(look::tooltip(AxisPointerType::Shadow))
        .x_axis(look::numbers("{value}", 1.0).split_number(3.0))
        .y_axis(look::names(rows.iter().map(|row| look::short_name(&row.action_type)).collect()))
        .series(look::bars(outcome.word(), color(outcome), counts));
    let address = |row: &&TypeRow| rows_behind(&query.with_action_type(Some(&row.action_type)));
    Figure::of(panel, Size::Side, &chart).linked(outcome.word(), rows.iter().map(address).collect())
}

fn color(outcome: Status) -> &'static str {
    match outcome {
        Status::Success => look::SUCCESS,
        Status::Retrying => look::RETRYING,
        Status::Failed => look::FAILED,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use domain::{failures::Scope, window::Window, zone::Zone};
    use serde_json::json;

    use super::*;

    fn panel() -> ByTime {
        let range = "2026-11-23T22:00:00Z..2026-11-24T00:00:00Z".parse().unwrap();
        let window = Window::of(range, Zone::UTC, "2026-11-23T23:30:00Z".parse().unwrap());
        let bar = |(bucket, count)| TimeBar { bucket, count, before: Some(3) };
        let bars = window.buckets().into_iter().zip([None, Some(4)]).map(bar).collect();
        ByTime { scope: Scope::default(), window, bars, before: None }
    }

    #[test]
    fn what_was_not_looked_at_has_no_bar_and_each_bar_leads_to_its_rows() {
        let figure = by_time(&panel(), &Query::default().with_text(Some("x")));
        assert_eq!(figure.option["series"][0]["data"][0], json!(null));
        assert_eq!(figure.option["series"][0]["data"][1]["value"], json!(4));
        let address = "/failures?range=2026-11-23T23:00:00Z..2026-11-24T00:00:00Z&q=x#rows";
        assert_eq!(figure.links["failed"][1], address);
    }

    #[test]
    fn the_status_that_is_asked_for_has_its_colour_and_is_compared() {
        let retrying = Query::default().with_status(Some(Status::Retrying)).with_compare(true);
        let panel = ByTime { scope: Scope { status: retrying.status, ..Scope::default() }, ..panel() };
        let figure = by_time(&panel, &retrying);
        assert_eq!(figure.option["series"][0]["itemStyle"]["color"], json!(look::RETRYING));
        assert_eq!(figure.option["series"][1]["data"], json!([3, 3]));
    }

    #[test]
    fn the_type_that_fails_most_is_on_top() {
        let row = |name: &str, count| TypeRow { action_type: name.to_owned(), count, executions: None };
        let figure = by_type(&ByType::of([row("rest", 9), row("mail", 5)], Scope::default()), &Query::default());
        assert_eq!(figure.option["yAxis"]["data"], json!(["mail", "rest"]));
        assert_eq!(figure.links["failed"], ["/failures?type=mail#rows", "/failures?type=rest#rows"]);
    }
}
