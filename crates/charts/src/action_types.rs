//! Executions by action type: one lying bar each, by status.

use charming::{Chart, element::AxisPointerType};
use domain::{
    action_types::{ActionType, ActionTypes},
    failures::rows_behind,
    figure::Size,
    query::Query,
    status::Status,
};

use crate::{Figure, look};

/// How many types are drawn; the table beside has more.
const DRAWN: usize = 8;

/// The chart of the action types panel, busiest on top. A bar leads to the rows behind it.
pub fn figure(action_types: &ActionTypes, query: &Query) -> Figure {
    let rows = busiest_last(action_types);
    let addresses = |status: Status| {
        let query = query.with_status(Some(status));
        rows.iter().map(|row| rows_behind(&query.with_action_type(Some(&row.action_type)))).collect()
    };
    let figure = Figure::of(action_types, Size::Side, &chart(&rows));
    Status::ALL.into_iter().fold(figure, |figure, status| figure.linked(status.word(), addresses(status)))
}

/// The types that are drawn, from below.
fn busiest_last(action_types: &ActionTypes) -> Vec<&ActionType> {
    let mut rows: Vec<&ActionType> = action_types.rows.iter().take(DRAWN).collect();
    rows.reverse();
    rows
}

fn chart(rows: &[&ActionType]) -> Chart {
    let bars = |name, color, count: fn(&ActionType) -> i64| {
        look::bars(name, color, rows.iter().map(|row| count(row).into()).collect())
    };
    Chart::new()
        .animation(false)
        .grid(look::grid().right(16))
        .tooltip(look::tooltip(AxisPointerType::Shadow))
        .x_axis(look::numbers("{value}", 1.0).split_number(3.0))
        .y_axis(look::names(rows.iter().map(|row| look::short_name(&row.action_type)).collect()))
        .series(bars("success", look::SUCCESS, |row| row.counts.success))
        .series(bars("retrying", look::RETRYING, |row| row.counts.retrying))
        .series(bars("failed", look::FAILED, |row| row.counts.failed))
}

#[cfg(test)]
mod tests {
    use domain::status::StatusCounts;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_busiest_is_on_top_and_long_names_are_cut() {
        let row = |action_type: &str, success| ActionType {
            action_type: action_type.to_owned(),
            counts: StatusCounts { success, retrying: 0, failed: 1 },
            percentage: 50.0,
            avg_duration_ms: None,
        };
        let rows = vec![row("rest", 9), row("an unusually long name", 5)];
        let figure = figure(&ActionTypes { rows, total_types: 2, ..ActionTypes::default() }, &Query::default());
        assert_eq!(figure.links["failed"][1], "/failures?type=rest&status=failed#rows");
        let option = figure.option;
        assert_eq!(option["yAxis"]["data"], json!(["an unusually lon…", "rest"]));
        assert_eq!(option["series"][0]["data"], json!([5, 9]));
    }
}
