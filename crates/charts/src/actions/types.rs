//! The shares of action types: one lying bar each, beside that of the time before.

use charming::{Chart, element::AxisPointerType};
use domain::{
    actions::types::{TypeRow, Types},
    figure::Size,
    page::Page,
    query::Query,
};

use crate::{
    Figure,
    look::{self, short_name},
};

/// How many types are drawn; the table beside has all.
const DRAWN: usize = 8;

/// The name of the bars.
const SHARE: &str = "% of runs";

/// The chart of the types panel, busiest on top. A bar leads to the same page of that type alone.
pub fn figure(types: &Types, query: &Query) -> Figure {
    let rows: Vec<&TypeRow> = types.rows.iter().take(DRAWN).rev().collect();
    let rounded = |share: Option<f64>| (share.unwrap_or_default() * 10.0).round() / 10.0;
    let shares = rows.iter().map(|row| rounded(types.share(row)).into()).collect();
    let axis = look::numbers("{value}%", 1.0).split_number(3.0);
    let mut chart = Chart::new()
        .animation(false)
        .grid(look::grid().right(16))
        .tooltip(look::tooltip(AxisPointerType::Shadow))
        .x_axis(if rows.len() == 1 { axis.max(100.0) } else { axis })
        .y_axis(look::names(rows.iter().map(|row| short_name(&row.action_type)).collect()))
        .series(look::bars_beside(SHARE, look::RUNS, shares));
    if types.before.is_some() {
        let before = rows.iter().map(|row| rounded(types.share_before(row)).into()).collect();
        let quiet = look::pale(look::INK_QUIET);
        chart = chart.series(look::bars_beside("time before", look::INK_QUIET, before).item_style(quiet));
    }
    let alone = |row: &&TypeRow| query.with_action_type(Some(&row.action_type)).href(&Page::Actions);
    Figure::of(types, Size::Side, &chart).linked(SHARE, rows.iter().map(alone).collect())
}

#[cfg(test)]
mod tests {
    use domain::status::StatusCounts;
    use serde_json::json;

    use super::*;

    #[test]
    fn shares_lie_beside_those_of_the_time_before() {
        let row = |action_type: &str, success, before| TypeRow {
            action_type: action_type.to_owned(),
            counts: StatusCounts { success, retrying: 0, failed: 0 },
            before,
            avg_duration_ms: None,
            p95_duration_ms: None,
            avg_retries: None,
        };
        let rows = vec![row("rest", 3, 5), row("mcp", 1, 5)];
        let compared = Types { rows, before: Some(10), ..Types::default() };
        let figure = figure(&compared, &Query::default());
        assert_eq!(figure.option["yAxis"]["data"], json!(["mcp", "rest"]));
        assert_eq!(figure.option["series"][1]["data"], json!([50.0, 50.0]));
        assert_eq!(figure.option["series"][0]["data"], json!([25.0, 75.0]));
        assert_eq!(figure.links[SHARE], ["/actions?type=mcp", "/actions?type=rest"]);
    }
}
