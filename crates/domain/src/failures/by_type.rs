//! How many executions failed, by action type.

use std::collections::BTreeMap;

use crate::{
    failures::{Scope, Seen, rows_behind},
    format,
    panel::Panel,
    query::Query,
    status::percentage,
    table::{Column, Table, Value},
};

/// How many types are listed.
pub const LISTED: usize = 20;

/// The action types whose executions failed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ByType {
    /// What it is about.
    pub scope: Scope,
    /// At most [`LISTED`] types, those with most failures first.
    pub rows: Vec<TypeRow>,
    /// How many failed in all.
    pub total: i64,
}

/// One action type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeRow {
    /// As the source spells it.
    pub action_type: String,
    /// How many failed.
    pub count: i64,
    /// How many ran; `None` where that is not known.
    pub executions: Option<i64>,
}

impl ByType {
    /// These types, without those of which none failed.
    #[must_use]
    pub fn of(rows: impl IntoIterator<Item = TypeRow>, scope: Scope) -> Self {
        let mut rows: Vec<_> = rows.into_iter().filter(|row| row.count > 0).collect();
        rows.sort_by(|left, right| (right.count, &left.action_type).cmp(&(left.count, &right.action_type)));
        let total = rows.iter().map(|row| row.count).sum();
        rows.truncate(LISTED);
        Self { scope, rows, total }
    }

    /// The types among what was seen.
    #[must_use]
    pub fn of_seen(seen: &Seen, scope: Scope) -> Self {
        let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
        for run in &seen.runs {
            *counts.entry(&run.action_type).or_default() += 1;
        }
        let row = |(action_type, count): (&str, i64)| TypeRow {
            action_type: action_type.to_owned(),
            count,
            executions: None,
        };
        Self::of(counts.into_iter().map(row), scope)
    }
}

impl TypeRow {
    /// Percentage (0 to 100) of its executions that failed.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        percentage(self.count, self.executions?)
    }
}

impl Panel for ByType {
    const NAME: &'static str = "by-type";
    const TITLE: &'static str = "By type";

    fn sentence(&self) -> String {
        let Some(first) = self.rows.first() else { return self.scope.none() };
        let share = format::percent(percentage(first.count, self.total));
        let lead = format!("{} has {share} of the {}", first.action_type, self.scope.noun().1);
        let worst = self
            .rows
            .iter()
            .filter(|row| row.rate().is_some())
            .max_by(|left, right| left.rate().unwrap_or_default().total_cmp(&right.rate().unwrap_or_default()));
        match worst {
            Some(worst) if worst == first => format!("{lead}: {} of its runs.", format::percent(worst.rate())),
            Some(worst) => {
                format!("{lead}; by share of runs {} leads, {}.", worst.action_type, format::percent(worst.rate()))
            }
            None => format!("{lead}."),
        }
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("action_type", "Type"),
            Column::number("count", self.scope.title()),
            Column::number("share", "Share"),
            Column::number("executions", "Runs"),
            Column::number("rate", "Of its runs"),
        ]);
        for row in &self.rows {
            let rows = rows_behind(&query.with_action_type(Some(&row.action_type)));
            table.push(vec![
                Value::from(row.action_type.as_str()).cell(),
                Value::from(row.count).cell().linked(rows),
                Value::percent(percentage(row.count, self.total)).cell(),
                Value::from(row.executions).cell(),
                Value::percent(row.rate()).cell(),
            ]);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failures::seen::testing::seen;

    fn row(action_type: &str, count: i64, executions: i64) -> TypeRow {
        TypeRow { action_type: action_type.to_owned(), count, executions: Some(executions) }
    }

    #[test]
    fn the_most_and_the_worst_are_named() {
        let panel = ByType::of([row("mail", 10, 20), row("rest", 30, 1000), row("mcp", 0, 7)], Scope::default());
        assert_eq!(panel.sentence(), "rest has 75.0% of the failures; by share of runs mail leads, 50.0%.");
        let panel = ByType::of([row("mail", 10, 20), row("rest", 3, 1000)], Scope::default());
        assert_eq!(panel.sentence(), "mail has 76.9% of the failures: 50.0% of its runs.");
        assert_eq!(ByType::default().sentence(), "No failure in the last 24 hours.");
    }

    #[test]
    fn what_was_seen_has_no_rate() {
        let panel = ByType::of_seen(&seen(&["a", "b", "c"]), Scope::default());
        assert_eq!(panel.sentence(), "rest has 66.7% of the failures.");
        let table = panel.table(&Query::default());
        assert_eq!(
            (&table.rows[0][4].value, table.rows[0][1].link.as_deref()),
            (&Value::Missing, Some("/failures?type=rest#rows"))
        );
    }
}
