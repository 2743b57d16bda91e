//! Executions by hour or day, stacked by the organization that owns their trigger now.

use std::borrow::Cow;

use crate::{
    failures::rows_behind,
    format,
    panel::Panel,
    query::Query,
    range::Span,
    stack::{self, Bar},
    table::{Column, Table},
    window::Window,
};

/// One bar per bucket of the window, oldest first, those without executions included.
#[derive(Debug, Clone, PartialEq)]
pub struct Executions {
    /// The time shown. Days of which hours of triggers are not kept any more are those of UTC.
    pub window: Window,
    /// The time in words.
    pub span: Span,
    /// The layers of the stack from below, busiest first.
    pub layers: Vec<Layer>,
    /// A bar for each bucket.
    pub bars: Vec<Bar>,
    /// Executions of the window before, where somebody compares.
    pub before: Option<i64>,
}

/// A layer of the stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layer {
    /// Executions of this organization.
    Organization {
        /// Its id.
        id: String,
        /// Its name, or its id.
        title: String,
    },
    /// Executions of so many others.
    Others(i64),
}

impl Layer {
    /// As keys and tables name it.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        match self {
            Self::Organization { title, .. } => title.into(),
            Self::Others(others) => format::counted(*others, "other", "others").into(),
        }
    }
}

impl Executions {
    /// Where the rows behind a part of a bar are: those of layer number `layer`. What groups others leaves all in.
    #[must_use]
    pub fn rows_behind(&self, bar: &Bar, layer: usize, query: &Query) -> String {
        let query = query.with_bucket(&bar.bucket).with_text(None);
        match self.layers.get(layer) {
            Some(Layer::Organization { id, .. }) => rows_behind(&query.with_organization(Some(id))),
            _ => rows_behind(&query),
        }
    }

    /// Whether the bars show the time before too.
    #[must_use]
    pub fn shows_before(&self) -> bool {
        self.bars.iter().any(|bar| bar.before.is_some())
    }

    /// Whose the most runs of a bar are: `, 61.2% of them Acme’s`.
    fn busiest_of(&self, bar: &Bar) -> String {
        match bar.largest().and_then(|(place, share)| Some((self.layers.get(place)?, share))) {
            Some((Layer::Organization { title, .. }, share)) => {
                format!(", {share} of them of {}", format::shortened(title))
            }
            _ => String::new(),
        }
    }
}

impl Panel for Executions {
    const NAME: &'static str = "executions";
    const TITLE: &'static str = "Runs by organization over time";

    fn title(&self) -> Cow<'static, str> {
        format!("Runs per {} by organization", self.window.step.word()).into()
    }

    fn sentence(&self) -> String {
        stack::sentence(&self.window, &self.span, &self.bars, self.before, |bar| self.busiest_of(bar))
    }

    fn table(&self, query: &Query) -> Table {
        let layer = Column::text("organization", "Organization");
        let names: Vec<_> = self.layers.iter().map(Layer::name).collect();
        let rows_behind = |bar: &Bar, place| self.rows_behind(bar, place, query);
        stack::table(&self.window, &self.bars, layer, &names, self.shows_before(), rows_behind)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{range::Range, zone::Zone};

    fn executions(range: &str, counts: &[[i64; 2]]) -> Executions {
        let range: Range = range.parse().unwrap();
        let window = Window::of(range, Zone::UTC, "2026-11-24T12:00:00Z".parse().unwrap());
        let bar = |(bucket, counts): (_, &[i64; 2])| Bar { bucket, counts: counts.to_vec(), before: None };
        let bars = window.buckets().into_iter().zip(counts).map(bar).collect();
        let acme = Layer::Organization { id: "acme".into(), title: "Acme Rockets".into() };
        Executions { window, span: Span::default(), layers: vec![acme, Layer::Others(3)], bars, before: None }
    }

    #[test]
    fn the_busiest_hour_is_named_and_whose_it_is() {
        let two_hours = "2026-11-23T08:00:00Z..2026-11-23T10:00:00Z";
        let hours = executions(two_hours, &[[5, 1], [90, 10]]);
        assert_eq!(
            hours.sentence(),
            "106 runs in the last 24 hours; most at 09:00: 100, 90.0% of them of Acme Rockets."
        );
        let other = executions(two_hours, &[[5, 70], [9, 1]]);
        assert_eq!(other.sentence(), "85 runs in the last 24 hours; most at 08:00: 75.");
        assert_eq!(executions(two_hours, &[[0, 0]]).sentence(), "Nothing ran in the last 24 hours.");
        let mut limited = hours.clone();
        limited.layers[0] = Layer::Organization { id: "acme".into(), title: "Acme Inc.".into() };
        assert!(limited.sentence().ends_with("90.0% of them of Acme Inc."), "{}", limited.sentence());
        let compared = Executions { before: Some(53), ..hours };
        assert!(compared.sentence().starts_with("106 runs in the last 24 hours, 100.0% more than in the 24 hours"));
    }

    #[test]
    fn each_number_leads_to_the_rows_behind_it() {
        let hours = executions("2026-11-23T08:00:00Z..2026-11-23T09:00:00Z", &[[2, 1]]);
        let query = Query { text: Some("rockets".into()), ..Query::default() };
        let links: Vec<_> = hours.table(&query).rows.into_iter().map(|mut row| row.remove(2).link.unwrap()).collect();
        let time = "/failures?range=2026-11-23T08:00:00Z..2026-11-23T09:00:00Z";
        assert_eq!(links, [format!("{time}&org=acme#rows"), format!("{time}#rows")]);
    }
}
