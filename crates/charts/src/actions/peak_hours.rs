//! The hours of the week as a heat map: days from the top, hours from the left.

use domain::{
    actions::peak_hours::{HOURS, PeakHours, WEEKDAYS, name, per_hour},
    figure::Size,
    query::Query,
};

use crate::{
    Figure,
    heat::{Cell, HeatMap, Row, level},
};

/// The chart of the peak hours panel. A cell leads to the rows of the newest such hour.
pub fn figure(peak_hours: &PeakHours, query: &Query) -> Figure {
    let levels = peak_hours.week.levels();
    let cells = peak_hours.week.slots().filter_map(|(weekday, hour, slot)| {
        let mean = slot.mean().filter(|&mean| mean > 0.0)?;
        let words = format!("{}\n{} an hour", name(weekday, hour), per_hour(mean));
        Some(Cell { column: hour, row: weekday, level: level(mean, &levels), words, link: slot.newest_rows(query) })
    });
    HeatMap {
        columns: (0..HOURS).map(|hour| format!("{hour:02}")).collect(),
        rows: WEEKDAYS.iter().map(|weekday| Row::of(weekday.to_string())).collect(),
        cells: cells.collect(),
    }
    .figure(peak_hours, Size::Wide)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use domain::{actions::peak_hours::HoursOfWeek, range::Span, zone::Zone};
    use serde_json::json;

    use super::*;

    #[test]
    fn the_busiest_hour_is_darkest_and_an_hour_without_runs_is_empty() {
        let (begins, ends) = ("2026-11-17T14:00:00Z".parse().unwrap(), "2026-11-17T17:00:00Z".parse().unwrap());
        let mut week = HoursOfWeek::between(begins, ends, Zone::UTC);
        week.add(begins, Zone::UTC, 100);
        week.add("2026-11-17T15:00:00Z".parse().unwrap(), Zone::UTC, 10);
        let panel = PeakHours { span: Span::default(), week, before: None, known_from: None };
        let figure = figure(&panel, &Query::default());
        let series = &figure.option["series"];
        assert_eq!(series[4]["data"], json!([{ "name": "Tue 14:00\n100 runs an hour", "value": [14, 1, 1] }]));
        assert_eq!((series[0]["data"][0]["value"][0].as_i64(), series[0]["data"][1].is_null()), (Some(15), true));
        assert!(figure.links["level 5"][0].starts_with("/failures?range=2026-11-17T14:00:00Z..2026-11-17T15"));
    }
}
