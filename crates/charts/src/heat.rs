//! Heat maps: cells whose colour says how much. A series for each level, because a colour that is a CSS variable cannot be
//! mixed from others.

use charming::{
    Chart,
    element::{SplitLine, Tooltip, Trigger},
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
    /// Its share of the darkest there can be, over 0 and up to 1.
    pub share: f64,
    /// What its tooltip says.
    pub words: String,
    /// Where a click leads.
    pub link: Option<String>,
}

impl HeatMap {
    /// The chart of a panel.
    pub fn figure<P: Panel>(&self, panel: &P, size: Size) -> Figure {
        let rows: Vec<String> = self.rows.iter().map(|row| row.name.clone()).collect();
        let tooltip = look::tooltip(charming::element::AxisPointerType::None).trigger(Trigger::Item);
        let chart = Chart::new()
            .animation(false)
            .grid(look::grid())
            .tooltip(Tooltip::formatter(tooltip, "{b}"))
            .x_axis(look::names(self.columns.clone()).split_line(SplitLine::new().show(false)))
            .y_axis(look::names(rows).inverse(true).axis_label(look::label().interval(0.0)));
        let mut figure = Figure::of(panel, size, &chart);
        figure.option["yAxis"]["data"] = self.rows.iter().map(Row::label).collect();
        figure.option["series"] = (0..look::HEAT.len()).map(|level| self.series(level)).collect();
        for level in 0..look::HEAT.len() {
            let links = self.of_level(level).map(|cell| cell.link.clone().unwrap_or_default()).collect();
            figure = figure.linked(name(level), links);
        }
        figure
    }

    fn of_level(&self, level: usize) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(move |cell| level_of(cell.share) == level)
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

/// The level of a share, the first being 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1")]
fn level_of(share: f64) -> usize {
    let levels = look::HEAT.len();
    ((share.clamp(0.0, 1.0) * levels as f64).ceil() as usize).clamp(1, levels) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_share_has_a_level() {
        let levels = [0.0, 0.001, 0.2, 0.21, 0.8, 0.81, 1.0, 7.0].map(level_of);
        assert_eq!(levels, [0, 0, 0, 1, 3, 4, 4, 4]);
    }
}
