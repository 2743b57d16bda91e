//! The busiest organizations, and how they grow: lying bars, busiest on top.

use charming::{Chart, element::AxisPointerType};
use domain::{
    figure::Size,
    organizations::{Growth, Organization, Top, rows_behind},
    page::Page,
    query::Query,
    status::Status,
};

use crate::{Figure, look};

/// The chart of the busiest organizations by status. A bar leads to the rows behind it.
pub fn top(panel: &Top, query: &Query) -> Figure {
    let rows: Vec<_> = panel.drawn().into_iter().rev().collect();
    let bars = |status: Status, color| {
        look::bars(status.word(), color, rows.iter().map(|row| row.counts.of(status).into()).collect())
    };
    let chart = lying(&rows)
        .series(bars(Status::Success, look::SUCCESS))
        .series(bars(Status::Retrying, look::RETRYING))
        .series(bars(Status::Failed, look::FAILED));
    let addresses = |status| rows.iter().map(|row| rows_behind(query, row, status)).collect();
    let figure = Figure::of(panel, Size::Half, &chart);
    Status::ALL.into_iter().fold(figure, |figure, status| figure.linked(status.word(), addresses(status)))
}

/// The chart of runs against those of the time before. A bar leads to the actions of its organization.
pub fn growth(panel: &Growth, query: &Query) -> Figure {
    let rows: Vec<_> = panel.drawn().into_iter().rev().collect();
    let runs = rows.iter().map(|row| row.counts.total().into()).collect();
    let before = rows.iter().map(|row| row.before.unwrap_or_default().total().into()).collect();
    // Side by side, not one upon the other.
    let chart = lying(&rows)
        .series(look::bars("time before", look::INK_QUIET, before).stack("before").bar_width("34%"))
        .series(look::bars("runs", look::TIDE, runs).stack("runs").bar_width("34%"));
    let addresses: Vec<_> = rows.iter().map(|row| row.href(query, &Page::Actions)).collect();
    Figure::of(panel, Size::Half, &chart).linked("runs", addresses)
}

fn lying(rows: &[&Organization]) -> Chart {
    Chart::new()
        .animation(false)
        .grid(look::grid().right(16))
        .tooltip(look::tooltip(AxisPointerType::Shadow))
        .x_axis(look::numbers("{value}", 1.0).split_number(3.0))
        .y_axis(look::names(rows.iter().map(|row| look::short_name(row.title())).collect()))
}

#[cfg(test)]
mod tests {
    use domain::{organizations::Listed, status::StatusCounts};
    use serde_json::json;

    use super::*;

    fn listed() -> Listed {
        let row = |id: &str, success, before| Organization {
            id: id.to_owned(),
            counts: StatusCounts { success, retrying: 0, failed: 1 },
            before: Some(StatusCounts { success: before, ..StatusCounts::default() }),
            ..Organization::default()
        };
        Listed::of(vec![row("small", 2, 50), row("acme", 9, 10)], &Query::default())
    }

    #[test]
    fn the_busiest_is_on_top_and_leads_to_its_rows() {
        let figure = top(&Top(listed()), &Query::default());
        assert_eq!(figure.option["yAxis"]["data"], json!(["small", "acme"]));
        assert_eq!(figure.links["failed"][1], "/failures?status=failed&org=acme#rows");
    }

    #[test]
    fn growth_stands_beside_the_time_before() {
        let figure = growth(&Growth(listed()), &Query::default());
        assert_eq!(figure.option["yAxis"]["data"], json!(["acme", "small"]));
        assert_eq!(figure.option["series"][0]["data"], json!([10, 50]));
        assert_eq!(figure.option["series"][1]["data"], json!([10, 3]));
        assert_eq!(figure.links["runs"][0], "/actions?org=acme");
    }
}
