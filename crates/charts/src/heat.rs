//! Heat maps: cells whose colour says how much. A series for each level, because a colour that is a CSS variable cannot be
//! mixed from others.

use charming::{
    Chart,
    element::{AxisPointerType, Tooltip, Trigger},
};
use domain::{figure::Size, panel::Panel};
use serde_json::{Value, json};

use crate::{Figure, look};

/// A heat map.
pub struct HeatMap {
    /// The names of the columns, from the left.
    pub columns: Vec<String>,
    /// The rows, from the top.
    pub rows: Vec<Row>,
    /// What is drawn; a place without a cell stays empty.
    pub cells: Vec<Cell>,
}

/// A row.
pub struct Row {
    /// Its name.
    pub name: String,
    /// Whether it heads the rows below it and has no cells.
    pub is_heading: bool,
}

/// A cell.
pub struct Cell {
    /// Which column, from the left.
    pub column: usize,
    /// Which row, from the top.
    pub row: usize,
    /// How much it is, the least being 0; see [`level`].
    pub level: usize,
    /// What its tooltip says.
    pub words: String,
    /// Where a click leads.
    pub link: Option<String>,
}

impl HeatMap {
    /// The chart of a panel.
    pub fn figure<P: Panel>(&self, panel: &P, size: Size) -> Figure {
        let rows: Vec<String> = self.rows.iter().map(|row| row.name.clone()).collect();
        let tooltip = look::tooltip(AxisPointerType::None).trigger(Trigger::Item);
        let chart = Chart::new()
            .animation(false)
            .grid(look::grid_of_times(&self.columns))
            .tooltip(Tooltip::formatter(tooltip, "{b}"))
            .x_axis(look::names(self.columns.clone()))
            .y_axis(look::names(rows).inverse(true).axis_label(look::label().interval(0.0)));
        let mut figure = Figure::of(panel, size, &chart).unmarked();
        figure.option["yAxis"]["data"] = self.rows.iter().map(Row::label).collect();
        figure.option["series"] = (0..look::HEAT.len()).map(|level| self.series(level)).collect();
        for level in 0..look::HEAT.len() {
            let links = self.of_level(level).map(|cell| cell.link.clone().unwrap_or_default()).collect();
            figure = figure.linked(name(level), links);
        }
        figure
    }

    fn of_level(&self, level: usize) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(move |cell| cell.level == level)
    }

    fn series(&self, level: usize) -> Value {
        let cell = |cell: &Cell| json!({ "name": cell.words, "value": [cell.column, cell.row, 1] });
        json!({
            "type": "heatmap",
            "name": name(level),
            "data": self.of_level(level).map(cell).collect::<Vec<_>>(),
            "itemStyle": { "color": look::HEAT[level], "borderColor": look::CARD, "borderWidth": 1 },
            "emphasis": { "disabled": true },
        })
    }
}

impl Row {
    /// A row with cells.
    pub fn of(name: impl Into<String>) -> Self {
        Self { name: name.into(), is_heading: false }
    }

    /// A row that heads others.
    pub fn heading(name: impl Into<String>) -> Self {
        Self { name: name.into(), is_heading: true }
    }

    fn label(&self) -> Value {
        if self.is_heading {
            return json!({ "value": self.name, "textStyle": { "color": look::INK, "fontWeight": 600 } });
        }
        json!(self.name)
    }
}

fn name(level: usize) -> String {
    format!("level {}", level + 1)
}

/// The level of a value, given the most that each level stands for.
pub fn level(value: f64, most: &[f64; look::HEAT.len()]) -> usize {
    most.partition_point(|&most| most < value).min(most.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_level() {
        let levels =
            [0.0, 2.0, 2.1, 50.0, 50.1, 100.0, 700.0].map(|value| level(value, &[2.0, 10.0, 25.0, 50.0, 100.0]));
        assert_eq!(levels, [0, 0, 1, 3, 4, 4, 4]);
    }
}
