//! From the data of a panel to the option of an ECharts chart, pure.
//!
//! The server makes the option once per data version, draws it as SVG for the first HTML, and sends the same option to the
//! browser, so both look the same and no browser carries what makes charts. Colours are CSS variables of
//! `style/tokens.css`: one drawing serves light and dark.

mod action_types;
mod durations;
mod executions;
mod look;

use charming::Chart;
use domain::{figure::Figure, overview::Overview};
use serde_json::{Value, json};

/// What ECharts' `setOption` takes, for one of the charts of the overview.
#[must_use]
pub fn option(figure: Figure, overview: &Overview) -> Value {
    finish(&match figure {
        Figure::Executions => executions::chart(&overview.executions),
        Figure::Durations => durations::chart(&overview.durations),
        Figure::ActionTypes => action_types::chart(&overview.action_types),
    })
}

/// The option of a chart, with what charming has no word for: a tooltip that is drawn, because one made of HTML carries
/// inline styles, which the Content-Security-Policy refuses.
fn finish(chart: &Chart) -> Value {
    let mut option = json!(chart);
    option["textStyle"] = json!({ "fontFamily": look::FONT_FAMILY });
    if let Some(tooltip) = option.get_mut("tooltip").and_then(Value::as_object_mut) {
        tooltip.insert("renderMode".into(), json!("richText"));
        tooltip.insert("confine".into(), json!(true));
        tooltip.insert("transitionDuration".into(), json!(0));
        tooltip.insert(
            "textStyle".into(),
            json!({ "color": look::INK, "fontSize": look::FONT_SIZE, "fontFamily": look::FONT_FAMILY }),
        );
    }
    option
}
