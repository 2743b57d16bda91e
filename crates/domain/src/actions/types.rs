//! How executions spread over action types.

use crate::{
    breakdown::Breakdown,
    format,
    page::Page,
    panel::Panel,
    query::Query,
    range::Span,
    status::{Status, StatusCounts, percentage},
    table::{Column, Table, Value},
};

/// Percentage points by which the share of a type changes before it is told.
const SHIFT_POINTS: f64 = 1.0;

/// The action types of the time, busiest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Types {
    /// The time in words.
    pub span: Span,
    /// The only status that counts, if only one does: then there is no success rate.
    pub status: Option<Status>,
    /// A row for each type, busiest first.
    pub rows: Vec<TypeRow>,
    /// Executions of the window before, where somebody compares.
    pub before: Option<i64>,
}

/// One action type.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeRow {
    /// As the source spells it.
    pub action_type: String,
    /// Executions by how they ended.
    pub counts: StatusCounts,
    /// Executions of the window before.
    pub before: i64,
    /// Mean duration in milliseconds; `None` when nothing had a duration.
    pub avg_duration_ms: Option<f64>,
    /// 95th percentile of durations in milliseconds, within 1%; `None` when it is not known.
    pub p95_duration_ms: Option<f64>,
    /// Retries per execution; `None` where nothing ran.
    pub avg_retries: Option<f64>,
}

impl Panel for Types {
    const NAME: &'static str = "types";
    const TITLE: &'static str = "Action types";

    fn sentence(&self) -> String {
        let all = self.total();
        let Some(busiest) = self.rows.first().filter(|_| all > 0) else {
            return format!("Nothing ran {}.", self.span.words());
        };
        let share = format::percent(percentage(busiest.counts.total(), all));
        let name = &busiest.action_type;
        let lead = match self.rows.iter().filter(|row| row.counts.total() > 0).count() {
            1 => format!("Every run is of type {name}"),
            types => format!("{name} leads {types} types with {share} of runs"),
        };
        format!("{lead}{}.", self.shift())
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("action_type", "Type"),
            Column::number("executions", "Runs"),
            Column::number("percentage", "Share"),
            Column::number("percentage_before", "Share before"),
            Column::number("success_rate", "Succeeded"),
            Column::number("failures", "Failed"),
            Column::number("avg_duration_ms", "Mean duration"),
            Column::number("p95_duration_ms", "p95 (±1%)"),
            Column::number("avg_retries", "Retries per run"),
        ]);
        for row in &self.rows {
            let alone = query.with_action_type(Some(&row.action_type));
            let failed = alone.with_status(Some(Status::Failed)).with_breakdown(Breakdown::default());
            table.push(vec![
                Value::from(row.action_type.as_str()).cell().linked(alone.href(&Page::Actions)),
                Value::from(row.counts.total()).cell(),
                Value::percent(self.share(row)).cell(),
                Value::percent(self.share_before(row)).cell(),
                Value::percent(row.counts.success_rate().filter(|_| self.status.is_none())).cell(),
                Value::from(row.counts.failed).cell().linked(failed.href(&Page::Failures)),
                Value::milliseconds(row.avg_duration_ms).cell(),
                Value::milliseconds(row.p95_duration_ms).cell(),
                Value::ratio(row.avg_retries).cell(),
            ]);
        }
        if self.before.is_none() { table.without("percentage_before") } else { table }
    }
}

impl Types {
    /// Executions of all types.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.rows.iter().map(|row| row.counts.total()).sum()
    }

    /// Percentage (0 to 100) of all executions that are of a type; `None` where nothing ran.
    #[must_use]
    pub fn share(&self, row: &TypeRow) -> Option<f64> {
        percentage(row.counts.total(), self.total())
    }

    /// The same of the window before; `None` where nobody compares or nothing ran.
    #[must_use]
    pub fn share_before(&self, row: &TypeRow) -> Option<f64> {
        percentage(row.before, self.before?)
    }

    /// The type whose share changed most: `; mcp grew from 3.1% to 8.0%`.
    fn shift(&self) -> String {
        let change = |row| Some((row, self.share_before(row)?, self.share(row)?));
        let largest =
            self.rows.iter().rev().filter_map(change).max_by(|(_, before, now), (_, other_before, other_now)| {
                (now - before).abs().total_cmp(&(other_now - other_before).abs())
            });
        match largest {
            None if self.before.is_some() => "; there is nothing before to compare with".to_owned(),
            None => String::new(),
            Some((_, before, now)) if (now - before).abs() < SHIFT_POINTS => {
                format!("; shares are as in {}", self.span.before())
            }
            Some((row, before, now)) => {
                let verb = if now > before { "grew" } else { "shrank" };
                let (before, now) = (format::percent(Some(before)), format::percent(Some(now)));
                format!("; {} {verb} from {before} to {now}", row.action_type)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn row(action_type: &str, success: i64, failed: i64, before: i64) -> TypeRow {
        TypeRow {
            action_type: action_type.into(),
            counts: StatusCounts { success, retrying: 0, failed },
            before,
            avg_duration_ms: None,
            p95_duration_ms: None,
            avg_retries: None,
        }
    }

    fn types(rows: Vec<TypeRow>) -> Types {
        Types { rows, ..Types::default() }
    }

    #[test]
    fn the_busiest_leads() {
        let two = types(vec![row("rest", 70, 5, 10), row("mcp", 25, 0, 10)]);
        assert_eq!(two.sentence(), "rest leads 2 types with 75.0% of runs.");
        assert_eq!(types(vec![row("rest", 70, 5, 10)]).sentence(), "Every run is of type rest.");
        assert_eq!(types(vec![]).sentence(), "Nothing ran in the last 24 hours.");
    }

    #[test]
    fn who_compares_is_told_what_shifted() {
        let compared = Types { before: Some(20), ..types(vec![row("rest", 70, 5, 10), row("mcp", 25, 0, 10)]) };
        assert_eq!(compared.sentence(), "rest leads 2 types with 75.0% of runs; rest grew from 50.0% to 75.0%.");
        let even = Types { before: Some(40), ..types(vec![row("rest", 70, 5, 30), row("mcp", 25, 0, 10)]) };
        assert_eq!(even.sentence(), "rest leads 2 types with 75.0% of runs; shares are as in the 24 hours before.");
        assert_eq!(compared.table(&Query::default()).rows[1][3].value, Value::Percent(50.0));
        let alone = types(vec![row("rest", 1, 0, 0)]).table(&Query::default());
        assert_eq!(alone.columns[3].key, "success_rate", "nobody compares");
    }

    #[test]
    fn names_and_failures_lead_on_with_filters_kept() {
        let query = Query { trigger: Some("t-1".into()), ..Query::default() };
        let table = types(vec![row("rest", 70, 5, 10)]).table(&query);
        assert_eq!(table.rows[0][0].link.as_deref(), Some("/actions?type=rest&trigger=t-1"));
        assert_eq!(table.rows[0][4].link.as_deref(), Some("/failures?type=rest&status=failed&trigger=t-1"));
    }
}
