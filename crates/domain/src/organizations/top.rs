//! The busiest organizations.

use crate::{
    format,
    organizations::{DRAWN, Listed, Organization},
    page::Page,
    panel::Panel,
    query::Query,
    status::{Status, percentage},
    table::{Column, Table, Value},
};

/// The busiest organizations by how their executions ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Top(pub Listed);

impl Top {
    /// Those that are drawn, busiest first.
    #[must_use]
    pub fn drawn(&self) -> Vec<&Organization> {
        self.0.rows.iter().filter(|row| row.counts.total() > 0).take(DRAWN).collect()
    }
}

/// The rows behind the number of an organization.
#[must_use]
pub fn rows_behind(query: &Query, organization: &Organization, status: Status) -> String {
    crate::failures::rows_behind(
        &query.with_organization(Some(&organization.id)).with_text(None).with_status(Some(status)),
    )
}

impl Panel for Top {
    const NAME: &'static str = "top-organizations";
    const TITLE: &'static str = "Busiest organizations";

    fn sentence(&self) -> String {
        let (drawn, words) = (self.drawn(), self.0.span.words());
        let Some(first) = drawn.first() else { return format!("Nothing ran {words}.") };
        let share = format::percent(percentage(first.counts.total(), self.0.executions));
        let runs = format::counted(self.0.executions, "run", "runs");
        format!("{} leads with {share} of {runs} {words}.", format::shortened(first.title()))
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("organization", "Organization"),
            Column::number("success", "Success"),
            Column::number("retrying", "Retrying"),
            Column::number("failed", "Failed"),
            Column::number("share", "Share"),
        ]);
        for row in self.drawn() {
            let count = |number: i64, status| Value::from(number).cell().linked(rows_behind(query, row, status));
            table.push(vec![
                Value::from(row.title()).cell().linked(row.href(query, &Page::Overview)),
                count(row.counts.success, Status::Success),
                count(row.counts.retrying, Status::Retrying),
                count(row.counts.failed, Status::Failed),
                Value::percent(percentage(row.counts.total(), self.0.executions)).cell(),
            ]);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organizations::testing::{listed, row};

    #[test]
    fn the_busiest_is_named_and_leads_to_its_rows() {
        let top = Top(listed(vec![row("b", 10, 0, None), row("a", 80, 10, None), row("c", 0, 0, None)]));
        assert_eq!(top.sentence(), "The a leads with 90.0% of 100 runs in the last 24 hours.");
        let table = top.table(&Query::default().with_range(crate::range::Range::Week));
        assert_eq!(table.rows.len(), 2);
        assert_eq!(table.rows[0][3].link.as_deref(), Some("/failures?range=7d&status=failed&org=a#rows"));
        assert_eq!(Top::default().sentence(), "Nothing ran in the last 24 hours.");
    }
}
