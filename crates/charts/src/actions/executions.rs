//! Executions by hour or day: a bar stacked by status or type, the time before as a line.

use domain::{
    actions::executions::{Executions, Group},
    figure::Size,
    query::Query,
    status::Status,
};

use crate::{Figure, look, stack};

/// The chart of the executions panel. A part of a bar leads to the rows behind it.
pub fn figure(executions: &Executions, query: &Query) -> Figure {
    let bars = &executions.bars;
    let layers = executions.groups.iter().enumerate();
    let layers: Vec<_> = layers.map(|(place, group)| (group.name().into_owned(), color(group, place))).collect();
    let mut chart = stack::stacked(&executions.window, bars, &layers);
    if executions.before.is_some() {
        chart = stack::with_before(chart, bars);
    }
    let mut figure = Figure::of(executions, Size::Wide, &chart);
    for (place, group) in executions.groups.iter().enumerate() {
        let addresses = bars.iter().map(|bar| executions.rows_behind(bar, place, query)).collect();
        figure = figure.linked(group.name(), addresses);
    }
    figure
}

fn color(group: &Group, place: usize) -> &'static str {
    match group {
        Group::Status(Status::Success) => look::SUCCESS,
        Group::Status(Status::Retrying) => look::RETRYING,
        Group::Status(Status::Failed) => look::FAILED,
        Group::Type(_) => stack::color(place),
        Group::OtherTypes(_) => look::OTHER_TYPES,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use domain::{breakdown::Breakdown, range::Span, stack::Bar, window::Window, zone::Zone};
    use serde_json::json;

    use super::*;

    fn executions(before: Option<i64>) -> Executions {
        let range = "2026-11-23T22:00:00Z..2026-11-24T00:00:00Z".parse().unwrap();
        let window = Window::of(range, Zone::UTC, "2026-11-23T23:30:00Z".parse().unwrap());
        let bar = |bucket| Bar { bucket, counts: vec![8, 1], before };
        Executions {
            window,
            span: Span::default(),
            by: Breakdown::Type,
            groups: vec![Group::Type("rest".into()), Group::OtherTypes(4)],
            bars: window.buckets().into_iter().map(bar).collect(),
            before,
        }
    }

    #[test]
    fn a_layer_for_each_type_and_one_for_the_others() {
        let figure = figure(&executions(None), &Query::default());
        let series = &figure.option["series"];
        assert_eq!((&series[0]["name"], &series[1]["name"]), (&json!("rest"), &json!("4 other types")));
        assert_eq!((&series[0]["data"][0], &series[2]), (&json!(8), &json!(null)));
        assert_eq!(series[0]["data"][1]["itemStyle"]["opacity"], json!(0.45), "the hour is not over");
        assert!(figure.links["rest"][0].ends_with("23:00:00Z&type=rest#rows"), "{:?}", figure.links);
    }

    #[test]
    fn who_compares_sees_the_time_before() {
        let option = figure(&executions(Some(5)), &Query::default()).option;
        assert_eq!(option["series"][2]["data"], json!([5, 5]));
    }
}
