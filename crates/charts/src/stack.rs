//! Bars over time, stacked from layers, with the time before as a line.

use charming::{
    Chart,
    datatype::DataPoint,
    element::{AxisPointerType, LineStyleType},
};
use domain::{stack::Bar, window::Window};

use crate::look;

/// The chart of bars that are stacked from layers, each with a name and a colour.
pub fn stacked(window: &Window, bars: &[Bar], layers: &[(String, &'static str)]) -> Chart {
    let labels: Vec<_> = bars.iter().map(|bar| window.axis_label(&bar.bucket)).collect();
    let mut chart = Chart::new()
        .animation(false)
        .grid(look::grid_of_times(&labels))
        .tooltip(look::tooltip(AxisPointerType::Shadow))
        .x_axis(look::names(labels))
        .y_axis(look::numbers("{value}", 1.0));
    for (place, (name, color)) in layers.iter().enumerate() {
        let count = |bar: &Bar| bar.counts.get(place).copied().unwrap_or_default();
        let data = bars.iter().map(|bar| look::bucket_bar(count(bar), color, bar.bucket.partial)).collect();
        chart = chart.series(look::bars(name, color, data));
    }
    chart
}

/// The same with all that ran at each place of the time before.
pub fn with_before(chart: Chart, bars: &[Bar]) -> Chart {
    let before = bars.iter().map(|bar| DataPoint::Value(bar.before.into())).collect();
    chart.series(look::line("time before", look::INK_QUIET, LineStyleType::Dashed, before))
}

/// The colour of a layer that is neither good nor bad, by its place from below.
pub fn color(place: usize) -> &'static str {
    look::TYPES.get(place).copied().unwrap_or(look::OTHER_TYPES)
}
