//! How much more organizations run than before.

use crate::{
    format,
    organizations::{DRAWN, Listed, Organization},
    page::Page,
    panel::Panel,
    query::Query,
    table::{Column, Table, Value},
};

/// Executions of the time against those of the time before, by organization.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Growth(pub Listed);

/// Executions before, from which on growth says something.
const ENOUGH: i64 = 20;

impl Growth {
    /// Those that are drawn: the busiest of both times, busiest first.
    #[must_use]
    pub fn drawn(&self) -> Vec<&Organization> {
        let both = |row: &&Organization| row.counts.total() + row.before.unwrap_or_default().total();
        let mut rows: Vec<_> = self.0.rows.iter().filter(|row| both(row) > 0).collect();
        rows.sort_by_key(|row| -both(row));
        rows.truncate(DRAWN);
        rows
    }
}

impl Panel for Growth {
    const NAME: &'static str = "growth";
    const TITLE: &'static str = "Growth";

    fn sentence(&self) -> String {
        let before = self.0.span.before();
        let enough = |row: &&Organization| row.before.is_some_and(|before| before.total() >= ENOUGH);
        let known = self.0.rows.iter().filter(enough).filter_map(|row| row.growth().map(|growth| (growth, row)));
        let Some((growth, row)) = known.max_by(|left, right| left.0.abs().total_cmp(&right.0.abs())) else {
            return format!("There is too little in {before} to compare with.");
        };
        if growth.abs() < 0.05 {
            return format!("All run as much as in {before}.");
        }
        let than = if growth >= 900.0 { "as in" } else { "than in" };
        format!("{} changed most: {} runs {than} {before}.", format::shortened(row.title()), format::growth(growth))
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("organization", "Organization"),
            Column::number("executions", "Runs"),
            Column::number("before", "Time before"),
            Column::number("growth", "Growth"),
        ]);
        for row in self.drawn() {
            table.push(vec![
                Value::from(row.title()).cell().linked(row.href(query, &Page::Overview)),
                Value::from(row.counts.total()).cell(),
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
    fn the_greatest_change_is_named_where_there_was_enough() {
        let mut rows = vec![row("a", 110, 0, Some(100)), row("b", 50, 0, Some(100)), row("c", 19, 0, Some(1))];
        assert_eq!(
            Growth(listed(rows.clone())).sentence(),
            "The b changed most: 50.0% fewer runs than in the 24 hours before."
        );
        rows.truncate(1);
        assert!(Growth(listed(rows.clone())).sentence().starts_with("The a changed most: 10.0% more"));
        rows[0].before = None;
        let growth = Growth(listed(rows));
        assert_eq!(growth.sentence(), "There is too little in the 24 hours before to compare with.");
        assert_eq!(growth.table(&Query::default()).rows[0][3].value, Value::Missing);
        let same = Growth(listed(vec![row("a", 100, 0, Some(100))]));
        assert_eq!(same.sentence(), "All run as much as in the 24 hours before.");
    }

    #[test]
    fn who_stopped_is_drawn_too() {
        let growth = Growth(listed(vec![row("a", 10, 0, Some(10)), row("gone", 0, 0, Some(500))]));
        assert_eq!(growth.drawn()[0].id, "gone");
    }
}
