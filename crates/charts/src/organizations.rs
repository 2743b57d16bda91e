//! What organizations run by time; the busiest, and how they grow: lying bars, busiest on top.

use charming::{Chart, element::AxisPointerType};
use domain::{
    figure::Size,
    organizations::{Executions, Growth, Organization, Top, executions::Layer, rows_behind},
    page::Page,
    query::Query,
    status::Status,
};

use crate::{Figure, look, stack};

/// The chart of runs over time. A part of a bar leads to the rows behind it.
pub fn executions(panel: &Executions, query: &Query) -> Figure {
    let color =
        |place, layer: &Layer| if let Layer::Others(_) = layer { look::OTHER_TYPES } else { stack::color(place) };
    let layers = panel.layers.iter().enumerate();
    let layers: Vec<_> = layers.map(|(place, layer)| (series(panel, place), color(place, layer))).collect();
    let mut chart = stack::stacked(&panel.window, &panel.bars, &layers);
    if panel.shows_before() {
        chart = stack::with_before(chart, &panel.bars);
    }
    let figure = Figure::of(panel, Size::Full, &chart);
    layers.iter().enumerate().fold(figure, |figure, (place, (name, _))| {
        figure.linked(name.clone(), panel.bars.iter().map(|bar| panel.rows_behind(bar, place, query)).collect())
    })
}

/// The name of a layer; two organizations of one name are told apart, for ECharts knows its series by their names.
fn series(panel: &Executions, place: usize) -> String {
    let name = |layer: &Layer| look::short_name(&layer.name());
    let same = panel.layers.iter().take(place).filter(|&layer| name(layer) == name(&panel.layers[place])).count();
    let words = name(&panel.layers[place]);
    if same == 0 { words } else { format!("{words} ({})", same + 1) }
}

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
        .series(look::bars("runs", look::RUNS, runs).stack("runs").bar_width("34%"));
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
    #![allow(clippy::unwrap_used)]
    use domain::{organizations::Listed, range::Span, stack::Bar, status::StatusCounts, window::Window, zone::Zone};
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
    fn each_organization_is_a_layer_that_leads_to_its_rows() {
        let range = "2026-11-23T22:00:00Z..2026-11-24T00:00:00Z".parse().unwrap();
        let window = Window::of(range, Zone::UTC, "2026-11-23T23:30:00Z".parse().unwrap());
        let bar = |bucket| Bar { bucket, counts: vec![8, 4, 1], before: Some(3) };
        let acme = |id: &str| Layer::Organization { id: id.to_owned(), title: "Acme".to_owned() };
        let layers = vec![acme("1"), acme("2"), Layer::Others(4)];
        let bars = window.buckets().into_iter().map(bar).collect();
        let panel = Executions { window, span: Span::default(), layers, bars, before: Some(6) };
        let figure = executions(&panel, &Query::default());
        let names: Vec<_> = (0..4).map(|place| figure.option["series"][place]["name"].clone()).collect();
        assert_eq!(names, ["Acme", "Acme (2)", "4 others", "time before"]);
        assert!(figure.links["Acme (2)"][0].ends_with("23:00:00Z&org=2#rows"), "{:?}", figure.links);
        assert!(figure.links["4 others"][0].ends_with("23:00:00Z#rows"), "{:?}", figure.links);
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
