//! Executions by hour or day, stacked by how they ended or by action type.

use std::borrow::Cow;

use crate::{
    breakdown::Breakdown,
    failures::rows_behind,
    format,
    panel::Panel,
    query::Query,
    range::Span,
    stack::{self, Bar},
    status::Status,
    table::{Column, Table},
    window::Window,
};

/// One bar per bucket of the window, oldest first, those without executions included.
#[derive(Debug, Clone, PartialEq)]
pub struct Executions {
    /// The time shown.
    pub window: Window,
    /// The time in words.
    pub span: Span,
    /// What the bars are stacked from.
    pub by: Breakdown,
    /// The layers of the stack from below; types busiest first.
    pub groups: Vec<Group>,
    /// A bar for each bucket.
    pub bars: Vec<Bar>,
    /// Executions of the window before, where somebody compares.
    pub before: Option<i64>,
}

/// A layer of the stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Group {
    /// Executions that ended so.
    Status(Status),
    /// Executions of this action type.
    Type(String),
    /// Executions of so many other types.
    OtherTypes(i64),
}

impl Group {
    /// As keys and tables name it.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        match self {
            Self::Status(status) => status.word().into(),
            Self::Type(action_type) => action_type.into(),
            Self::OtherTypes(types) => format::counted(*types, "other type", "other types").into(),
        }
    }

    /// The query that counts this group alone; what groups others leaves all in.
    #[must_use]
    pub fn alone(&self, query: &Query) -> Query {
        match self {
            Self::Status(status) => query.with_status(Some(*status)),
            Self::Type(action_type) => query.with_action_type(Some(action_type)),
            Self::OtherTypes(_) => query.clone(),
        }
    }
}

impl Panel for Executions {
    const NAME: &'static str = "executions";
    const TITLE: &'static str = "Runs per hour";

    fn title(&self) -> Cow<'static, str> {
        format!("Runs per {} by {}", self.window.step.word(), self.by.word()).into()
    }

    fn sentence(&self) -> String {
        stack::sentence(&self.window, &self.span, &self.bars, self.before, |bar| self.largest_type(bar))
    }

    fn table(&self, query: &Query) -> Table {
        let layer = Column::text(self.by.word(), if self.by == Breakdown::Type { "Type" } else { "Status" });
        let names: Vec<_> = self.groups.iter().map(Group::name).collect();
        let rows_behind = |bar: &Bar, place| self.rows_behind(bar, place, query);
        stack::table(&self.window, &self.bars, layer, &names, self.before.is_some(), rows_behind)
    }
}

impl Executions {
    /// Where the rows behind a part of a bar are: those of group number `group`.
    #[must_use]
    pub fn rows_behind(&self, bar: &Bar, group: usize, query: &Query) -> String {
        let query = query.with_bucket(&bar.bucket).with_breakdown(Breakdown::default());
        rows_behind(&self.groups.get(group).map_or(query.clone(), |group| group.alone(&query)))
    }

    /// The type that most runs of a bar are of: `, 61.2% of them rest`.
    fn largest_type(&self, bar: &Bar) -> String {
        match bar.largest().and_then(|(place, share)| Some((self.groups.get(place)?, share))) {
            Some((Group::Type(action_type), share)) => format!(", {share} of them {action_type}"),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{range::Range, table::Value, window::Bucket, zone::Zone};

    fn executions(by: Breakdown, groups: Vec<Group>, counts: &[&[i64]]) -> Executions {
        let range: Range = format!("2026-11-23T08:00:00Z..2026-11-23T{:02}:00:00Z", 8 + counts.len()).parse().unwrap();
        let window = Window::of(range, Zone::UTC, "2026-11-24T12:00:00Z".parse().unwrap());
        let bar = |(bucket, counts): (Bucket, &&[i64])| Bar { bucket, counts: counts.to_vec(), before: Some(1) };
        let bars = window.buckets().into_iter().zip(counts).map(bar).collect();
        Executions { window, span: Span::default(), by, groups, bars, before: None }
    }

    fn by_status(counts: &[&[i64]]) -> Executions {
        executions(Breakdown::Status, Status::ALL.map(Group::Status).to_vec(), counts)
    }

    #[test]
    fn the_busiest_hour_is_named() {
        let hours = by_status(&[&[5, 1, 0], &[900, 50, 50], &[7, 0, 0]]);
        assert_eq!(hours.sentence(), "1,013 runs in the last 24 hours; most at 09:00: 1,000.");
        assert_eq!(hours.title(), "Runs per hour by status");
        let other = by_status(&[&[5, 1, 0], &[9, 0, 0], &[70, 0, 0]]);
        assert_eq!(other.sentence(), "85 runs in the last 24 hours; most at 10:00: 70.");
        assert_eq!(by_status(&[&[0, 0, 0]]).sentence(), "Nothing ran in the last 24 hours.");
    }

    #[test]
    fn who_compares_is_told_how_much_more() {
        let hours = Executions { before: Some(80), ..by_status(&[&[60, 0, 0], &[40, 0, 0]]) };
        let sentence = "100 runs in the last 24 hours, 25.0% more than in the 24 hours before; most at 08:00: 60.";
        assert_eq!(hours.sentence(), sentence);
        let first = Executions { before: Some(0), ..hours };
        assert!(first.sentence().contains(", with nothing before to compare with; most"));
        assert_eq!(first.table(&Query::default()).rows[3][2].value, Value::Count(1));
    }

    #[test]
    fn the_largest_type_is_named_and_the_others_counted() {
        let groups = vec![Group::Type("rest".into()), Group::Type("mcp".into()), Group::OtherTypes(3)];
        let hours = executions(Breakdown::Type, groups, &[&[1, 1, 0], &[6, 3, 1]]);
        assert_eq!(hours.sentence(), "12 runs in the last 24 hours; most at 09:00: 10, 60.0% of them rest.");
        let table = hours.table(&Query::default());
        assert_eq!((table.rows.len(), &table.rows[2][1].value), (6, &Value::Text("3 other types".into())));
    }

    #[test]
    fn each_number_leads_to_the_rows_behind_it() {
        let query = Query { organization: Some("acme".into()), by: Breakdown::Type, ..Query::default() };
        let hours = executions(Breakdown::Type, vec![Group::Type("rest".into()), Group::OtherTypes(1)], &[&[2, 1]]);
        let links: Vec<_> = hours.table(&query).rows.into_iter().map(|mut row| row.remove(2).link.unwrap()).collect();
        let time = "/failures?range=2026-11-23T08:00:00Z..2026-11-23T09:00:00Z";
        assert_eq!(links, [format!("{time}&type=rest&org=acme#rows"), format!("{time}&org=acme#rows")]);
        let link = by_status(&[&[1, 2, 3]]).table(&query).rows[2][2].link.clone();
        assert_eq!(link.as_deref(), Some(format!("{time}&status=failed&org=acme#rows").as_str()));
    }
}
