//! How durations spread, as a heat map over time: a band of rows for each type.

use domain::{
    actions::duration_classes::{DurationClasses, SHARES, TypeDurations},
    figure::Size,
    format,
    query::Query,
    status::percentage,
};

use crate::{
    Figure,
    heat::{Cell, HeatMap, Row, level},
};

/// The chart of the panel. A cell leads to the same page of that type and time alone.
pub fn figure(classes: &DurationClasses, query: &Query) -> Figure {
    let columns = classes.columns.iter().map(|column| classes.window.axis_label(column)).collect();
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    for durations in &classes.types {
        // A single type needs no heading.
        if classes.types.len() > 1 {
            rows.push(Row::heading(durations.action_type.clone()));
        }
        let first = rows.len();
        let slowest = classes.bounds.len();
        rows.extend((0..=slowest).rev().map(|class| Row::of(classes.class(class))));
        let row_of = |class: usize| first + slowest - class;
        cells.extend(cells_of(classes, durations, query).map(|(class, cell)| Cell { row: row_of(class), ..cell }));
    }
    HeatMap { columns, rows, cells }.figure(classes, Size::Full)
}

/// The cells of a type with their classes: the share of a class in what ran of the type at the time.
fn cells_of(
    classes: &DurationClasses,
    durations: &TypeDurations,
    query: &Query,
) -> impl Iterator<Item = (usize, Cell)> {
    let name = &durations.action_type;
    let alone = query.with_action_type(Some(name));
    durations.columns.iter().zip(&classes.columns).enumerate().flat_map(move |(column, (counts, bucket))| {
        let total = counts.iter().sum();
        let (time, link) = (classes.column(bucket), alone.with_bucket(bucket).href(&domain::page::Page::Actions));
        let ran = counts.iter().enumerate().filter(|&(_, &executions)| executions > 0);
        ran.filter_map(move |(class, &executions)| {
            let share = percentage(executions, total)?;
            let words = format!(
                "{time}\n{name}, {}: {}\n{} of {}",
                classes.class(class),
                format::percent(Some(share)),
                format::count(executions),
                format::counted(total, "run", "runs"),
            );
            Some((class, Cell { column, row: 0, level: level(share, &SHARES), words, link: Some(link.clone()) }))
        })
        .collect::<Vec<_>>()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use domain::{actions::duration_classes::columns, window::Window, zone::Zone};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_band_for_each_type_slowest_on_top() {
        let range = "2026-11-23T22:00:00Z..2026-11-24T00:00:00Z".parse().unwrap();
        let window = Window::of(range, Zone::UTC, "2026-11-24T12:00:00Z".parse().unwrap());
        let durations = |action_type: &str, counts: [i64; 2]| TypeDurations {
            action_type: action_type.into(),
            columns: vec![vec![0, 0], counts.to_vec()],
            before: vec![0, 0],
        };
        let classes = DurationClasses {
            window,
            are_kept: true,
            columns: columns(&window.buckets()),
            bounds: vec![100.0],
            types: vec![durations("rest", [1, 9]), durations("mcp", [4, 0])],
            total_types: 2,
            compare: false,
        };
        let figure = figure(&classes, &Query::default());
        let rows = figure.option["yAxis"]["data"].as_array().unwrap();
        assert_eq!(
            (&rows[0]["value"], &rows[1], &rows[2]),
            (&json!("rest"), &json!("100 ms or more"), &json!("under 100 ms"))
        );
        let series = &figure.option["series"];
        assert_eq!(series[4]["data"][0]["value"], json!([1, 1, 1]), "90% of rest");
        assert_eq!(series[4]["data"][1]["value"], json!([1, 5, 1]), "100% of mcp");
        assert_eq!(series[1]["data"][0]["name"], json!("Mon 23 Nov 23:00\nrest, under 100 ms: 10.0%\n1 of 10 runs"));
        assert!(figure.links["level 2"][0].ends_with("2026-11-24T00:00:00Z&type=rest"), "{:?}", figure.links);
    }
}
