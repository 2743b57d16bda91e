//! A chart of a page: what to draw, in which room, and where clicks lead.

use std::collections::BTreeMap;

use charming::Chart;
use chrono::{DateTime, Utc};
use domain::{
    annotations::Annotation,
    figure::{Room, Size},
    panel::Panel,
    query::Query,
};
use serde_json::{Value, json};

use crate::{annotations, look};

/// A chart of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The name of its panel.
    pub name: &'static str,
    /// How wide its panel is.
    pub size: Size,
    /// What ECharts' `setOption` takes.
    pub option: Value,
    /// Where a click leads: the addresses of a series by the place of the data.
    pub links: BTreeMap<String, Vec<String>>,
    /// When each place of its axis begins, where that is one of time.
    starts: Vec<DateTime<Utc>>,
}

impl Figure {
    /// The chart of a panel.
    pub(crate) fn of<P: Panel>(panel: &P, size: Size, chart: &Chart) -> Self {
        let option = finish(chart);
        let starts = annotations::starts(&option, &panel.table(&Query::default()));
        Self { name: P::NAME, size, option, links: BTreeMap::new(), starts }
    }

    /// The same with the addresses that a series leads to.
    pub(crate) fn linked(mut self, series: impl Into<String>, addresses: Vec<String>) -> Self {
        self.links.insert(series.into(), addresses);
        self
    }

    /// The same with an axis that takes no marks.
    pub(crate) fn unmarked(self) -> Self {
        Self { starts: Vec::new(), ..self }
    }

    /// The same with marks on its axis, where that is one of time.
    #[must_use]
    pub fn annotated(mut self, annotations: &[Annotation]) -> Self {
        annotations::annotate(&mut self.option, &self.starts, annotations);
        self
    }

    /// What a page carries for its live chart, as JSON that cannot end the script element it stands in:
    /// `{"option": …, "links": {"failed": ["/failures?…", …]}}`.
    #[must_use]
    pub fn for_browsers(&self) -> String {
        json!({ "option": self.option, "links": self.links }).to_string().replace('<', "\\u003c")
    }

    /// Its id among the drawings of a page.
    #[must_use]
    pub fn drawing_id(&self, room: Room) -> String {
        format!("{}-{}", self.name, room.name())
    }
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
