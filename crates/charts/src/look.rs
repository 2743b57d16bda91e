//! What all charts share: colours, axes, tooltips.

use charming::{
    component::{Axis, Grid},
    datatype::{DataPoint, DataPointItem},
    element::{
        AxisLabel, AxisLine, AxisPointer, AxisPointerType, AxisTick, AxisType, Color, Emphasis, ItemStyle, LineStyle,
        LineStyleType, SplitLine, Symbol, Tooltip, Trigger,
    },
    series::{Bar, Line},
};

/// Succeeded.
pub const SUCCESS: &str = "var(--success)";
/// Will be tried again.
pub const RETRYING: &str = "var(--retrying)";
/// Failed.
pub const FAILED: &str = "var(--failed)";
/// Half of the executions are quicker.
pub const P50: &str = "var(--p50)";
/// 95 of 100 executions are quicker.
pub const P95: &str = "var(--p95)";
/// 99 of 100 executions are quicker.
pub const P99: &str = "var(--p99)";
/// Runs, however they ended.
pub const RUNS: &str = "var(--runs)";
/// Action types or organizations that are stacked, from below.
pub const TYPES: [&str; 6] =
    ["var(--type-1)", "var(--type-2)", "var(--type-3)", "var(--type-4)", "var(--type-5)", "var(--type-6)"];
/// The types or organizations that share a colour.
pub const OTHER_TYPES: &str = "var(--type-other)";
/// From little to much, lighter to darker on a light ground and the other way round on a dark one.
pub const HEAT: [&str; 5] = ["var(--heat-1)", "var(--heat-2)", "var(--heat-3)", "var(--heat-4)", "var(--heat-5)"];
/// Where another version went live.
pub const DEPLOY: &str = "var(--deploy)";
/// Where something was broken.
pub const INCIDENT: &str = "var(--incident)";
/// Where something else is worth knowing.
pub const NOTE: &str = "var(--note)";
/// Text to read.
pub const INK: &str = "var(--ink)";
/// Text and lines that step back.
pub const INK_QUIET: &str = "var(--ink-3)";
/// Lines of the grid.
pub const LINE: &str = "var(--line)";
/// The ground that tooltips stand on.
pub const CARD: &str = "var(--card)";

/// Size of all text in charts, CSS pixels.
pub const FONT_SIZE: f64 = 11.0;

/// The fonts of `style/tokens.css`, spelled out: a drawing measures its text before any style sheet is there.
pub const FONT_FAMILY: &str = "system-ui, sans-serif";

/// How much of its colour a bar keeps that is there only in part.
const PARTIAL_OPACITY: f64 = 0.45;

/// Characters of a name that are drawn.
const NAME_CHARACTERS: usize = 16;

/// The area of the chart; labels of axes stay inside.
pub fn grid() -> Grid {
    Grid::new().left(4).right(4).top(16).bottom(4).contain_label(true)
}

/// The area of a chart over time: the last label may stand at the very end, and half of it is beside the area.
#[allow(clippy::cast_precision_loss, reason = "a label is short")]
pub fn grid_of_times(labels: &[String]) -> Grid {
    let characters = labels.iter().map(|label| label.chars().count()).max().unwrap_or_default();
    grid().right(4.0 + 3.0 * characters as f64)
}

/// One drawn tooltip for everything at the same hour or name.
pub fn tooltip(pointer: AxisPointerType) -> Tooltip {
    Tooltip::new()
        .trigger(Trigger::Axis)
        .axis_pointer(AxisPointer::new().type_(pointer).line_style(LineStyle::new().color(LINE)))
        .background_color(CARD)
        .border_color(LINE)
        .border_width(1.0)
        .padding(8.0)
}

/// An axis of names: hours or types. Its line would have a colour of its own; the one of zero of the other axis is enough.
pub fn names(names: Vec<String>) -> Axis {
    Axis::new()
        .type_(AxisType::Category)
        .data(names)
        .axis_tick(AxisTick::new().show(false))
        .axis_line(AxisLine::new().show(false))
        .axis_label(label())
}

/// An axis of numbers from zero, with lines across the chart; `least_step` keeps it from cutting a run in half.
pub fn numbers(formatter: &str, least_step: f64) -> Axis {
    Axis::new()
        .type_(AxisType::Value)
        .split_number(4.0)
        .min_interval(least_step)
        .axis_label(label().formatter(formatter))
        .split_line(SplitLine::new().line_style(LineStyle::new().color(LINE)))
}

/// How axes are labelled.
pub fn label() -> AxisLabel {
    AxisLabel::new().color(INK_QUIET).font_size(FONT_SIZE)
}

/// Stacked bars of one colour. Hovering changes nothing: ECharts cannot lighten a CSS variable.
pub fn bars(name: &str, color: &str, data: Vec<DataPoint>) -> Bar {
    Bar::new()
        .name(name)
        .stack("status")
        .bar_width("70%")
        .item_style(ItemStyle::new().color(color))
        .emphasis(Emphasis::new().disabled(true))
        .data(data)
}

/// Bars of one colour beside those of other series.
pub fn bars_beside(name: &str, color: &str, data: Vec<DataPoint>) -> Bar {
    Bar::new()
        .name(name)
        .bar_gap("10%")
        .item_style(ItemStyle::new().color(color))
        .emphasis(Emphasis::new().disabled(true))
        .data(data)
}

/// A line of one colour; it breaks where a value is missing, and its dots show a value between two such breaks.
pub fn line(name: &str, color: &str, type_: LineStyleType, data: Vec<DataPoint>) -> Line {
    Line::new()
        .name(name)
        .symbol(Symbol::Circle)
        .symbol_size(3.0)
        .line_style(LineStyle::new().color(color).width(1.6).type_(type_))
        .item_style(ItemStyle::new().color(color))
        .emphasis(Emphasis::new().disabled(true))
        .data(data)
}

/// A bar whose hour or day may be there only in part: then it is pale.
pub fn bucket_bar(executions: i64, color: &str, partial: bool) -> DataPoint {
    if !partial {
        return executions.into();
    }
    DataPointItem::new(executions).item_style(pale(color)).into()
}

/// The look of what is there only in part.
pub fn pale(color: &str) -> ItemStyle {
    ItemStyle::new().color(Color::Value(color.to_owned())).opacity(PARTIAL_OPACITY)
}

/// The beginning of a name, as an axis has room for.
pub fn short_name(name: &str) -> String {
    match name.char_indices().nth(NAME_CHARACTERS) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}
