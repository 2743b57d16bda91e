//! All organizations in numbers.

use crate::{
    format,
    organizations::{Listed, rows_behind},
    page::Page,
    panel::Panel,
    query::Query,
    status::{Status, percentage},
    table::{Column, Table, Value},
};

/// Organizations in numbers, busiest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage(pub Listed);

/// Executions under which a success rate says little.
const ENOUGH: i64 = 20;

impl Panel for Usage {
    const NAME: &'static str = "usage";
    const TITLE: &'static str = "Usage";

    fn sentence(&self) -> String {
        let Listed { rows, total, span, .. } = &self.0;
        if *total == 0 {
            return "No trigger belongs to an organization.".to_owned();
        }
        let ran = rows.iter().filter(|row| row.counts.total() > 0).count();
        let all = format::counted(*total, "organization", "organizations");
        let lead = match i64::try_from(ran).unwrap_or(i64::MAX) {
            0 => return format!("None of {all} ran anything {}.", span.words()),
            ran if ran == *total => format!("{all} ran something {}", span.words()),
            ran => format!("{} of {all} ran something {}", format::count(ran), span.words()),
        };
        let rates = rows.iter().filter(|row| row.counts.total() >= ENOUGH);
        let rates = rates.filter_map(|row| self.0.success_rate(row).map(|rate| (rate, row)));
        match rates.min_by(|left, right| left.0.total_cmp(&right.0)).filter(|(rate, _)| *rate < 100.0) {
            Some((rate, row)) => {
                format!("{lead}; {} succeeds least, {}.", format::shortened(row.title()), format::percent(Some(rate)))
            }
            None => format!("{lead}."),
        }
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("organization", "Organization"),
            Column::text("plan", "Plan").minor(),
            Column::number("triggers", "Triggers").minor(),
            Column::number("executions", "Runs"),
            Column::number("share", "Share").minor(),
            Column::number("success_rate", "Succeeded"),
            Column::number("failed", "Failed").minor(),
            Column::number("avg_duration_ms", "Mean duration").minor(),
            Column::number("total_retries", "Retries").minor(),
            Column::number("before", "Time before").minor(),
            Column::number("growth", "Growth"),
        ]);
        for row in &self.0.rows {
            let failed = rows_behind(query, row, Status::Failed);
            table.push(vec![
                Value::from(row.title()).cell().linked(row.href(query, &Page::Overview)),
                Value::from(row.plan.as_deref()).cell(),
                Value::from(row.triggers).cell().linked(row.href(query, &Page::Triggers)),
                Value::from(row.counts.total()).cell().linked(row.href(query, &Page::Actions)),
                Value::percent(percentage(row.counts.total(), self.0.executions)).cell(),
                Value::percent(self.0.success_rate(row)).cell(),
                Value::from(row.counts.failed).cell().linked(failed),
                Value::milliseconds(row.avg_duration_ms).cell(),
                Value::from(row.total_retries).cell(),
                Value::from(row.before.map(|before| before.total())).cell(),
                row.growth().map_or(Value::Missing, |growth| Value::Text(format::growth(growth))).cell(),
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
    fn who_ran_and_who_succeeds_least_are_told() {
        let usage = Usage(listed(vec![row("a", 90, 10, None), row("b", 100, 0, None), row("c", 0, 1, None)]));
        assert_eq!(
            usage.sentence(),
            "3 organizations ran something in the last 24 hours; The a succeeds least, 90.0%."
        );
        let usage = Usage(listed(vec![row("b", 100, 0, None), row("c", 0, 0, None)]));
        assert_eq!(usage.sentence(), "1 of 2 organizations ran something in the last 24 hours.");
        let idle = Usage(listed(vec![row("c", 0, 0, None)]));
        assert_eq!(idle.sentence(), "None of 1 organization ran anything in the last 24 hours.");
        assert_eq!(Usage::default().sentence(), "No trigger belongs to an organization.");
    }

    #[test]
    fn each_leads_to_the_other_pages_of_its_own() {
        let table = Usage(listed(vec![row("a b", 1, 1, Some(1))])).table(&Query::default().with_text(Some("a")));
        let links: Vec<_> =
            [0, 2, 3, 6].iter().map(|&place| table.rows[0][place].link.clone().unwrap_or_default()).collect();
        let expected =
            ["/?org=a%20b", "/triggers?org=a%20b", "/actions?org=a%20b", "/failures?status=failed&org=a%20b#rows"];
        assert_eq!(links, expected);
        assert_eq!(table.rows[0][10].value, Value::from("100.0% more"));
    }
}
