//! How executions spread over action types.

use crate::{
    failures::rows_behind,
    format,
    page::Page,
    panel::Panel,
    query::Query,
    range::Span,
    status::{Status, StatusCounts, percentage},
    table::{Column, Table, Value},
};

/// The time that a page is about, by action type, busiest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ActionTypes {
    /// The time.
    pub span: Span,
    /// The only status that counts, if only one does: then there is no success rate.
    pub status: Option<Status>,
    /// At most [`SHOWN`] types, busiest first.
    pub rows: Vec<ActionType>,
    /// How many types there are in all.
    pub total_types: i64,
}

/// How many types are listed.
pub const SHOWN: i64 = 20;

/// One action type.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionType {
    /// As the source spells it: `telegram`, `rest`, `mcp` or any other text.
    pub action_type: String,
    /// Executions by how they ended.
    pub counts: StatusCounts,
    /// Share of all executions, 0 to 100.
    pub percentage: f64,
    /// Mean duration in milliseconds; `None` when nothing had a duration.
    pub avg_duration_ms: Option<f64>,
}

impl Panel for ActionTypes {
    const NAME: &'static str = "action-types";
    const TITLE: &'static str = "Action types";

    fn sentence(&self) -> String {
        let Some(busiest) = self.rows.first() else {
            return format!("Nothing ran {}.", self.span.words());
        };
        let leads = format!("{} leads with {} of runs", busiest.action_type, format::percent(Some(busiest.percentage)));
        if self.status.is_some() {
            return format!("{leads}.");
        }
        let failing = self.rows.iter().filter(|row| row.counts.failed > 0).max_by(|left, right| {
            left.failure_rate().unwrap_or_default().total_cmp(&right.failure_rate().unwrap_or_default())
        });
        match failing {
            None => format!("{leads}; none failed."),
            Some(row) => format!("{leads}; {} fails most, {}.", row.action_type, format::percent(row.failure_rate())),
        }
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("action_type", "Type"),
            Column::number("executions", "Runs"),
            Column::number("percentage", "Share"),
            Column::number("success_rate", "Succeeded"),
            Column::number("failures", "Failed"),
            Column::number("avg_duration_ms", "Mean duration"),
        ]);
        for row in &self.rows {
            let of_type = query.with_action_type(Some(&row.action_type));
            let success_rate = row.counts.success_rate().filter(|_| self.status.is_none());
            let failed = rows_behind(&of_type.with_status(Some(Status::Failed)));
            table.push(vec![
                Value::from(row.action_type.as_str()).cell().linked(of_type.href(&Page::Overview)),
                Value::from(row.counts.total()).cell(),
                Value::percent(Some(row.percentage)).cell(),
                Value::percent(success_rate).cell(),
                Value::from(row.counts.failed).cell().linked(failed),
                Value::milliseconds(row.avg_duration_ms).cell(),
            ]);
        }
        table
    }
}

impl ActionType {
    /// Percentage (0 to 100) of executions that failed.
    #[must_use]
    pub fn failure_rate(&self) -> Option<f64> {
        percentage(self.counts.failed, self.counts.total())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(action_type: &str, success: i64, failed: i64, percentage: f64) -> ActionType {
        ActionType {
            action_type: action_type.into(),
            counts: StatusCounts { success, retrying: 0, failed },
            percentage,
            avg_duration_ms: None,
        }
    }

    #[test]
    fn the_busiest_and_the_worst_are_named() {
        let rows = vec![row("rest", 90, 10, 62.5), row("mcp", 48, 12, 37.5)];
        let sentence = ActionTypes { rows, total_types: 2, ..ActionTypes::default() }.sentence();
        assert_eq!(sentence, "rest leads with 62.5% of runs; mcp fails most, 20.0%.");
    }

    #[test]
    fn no_failure_is_said() {
        let rows = vec![row("rest", 90, 0, 100.0)];
        let one = ActionTypes { rows, total_types: 1, ..ActionTypes::default() };
        assert_eq!(one.sentence(), "rest leads with 100% of runs; none failed.");
        assert_eq!(ActionTypes { status: Some(Status::Success), ..one }.sentence(), "rest leads with 100% of runs.");
        assert_eq!(ActionTypes::default().sentence(), "Nothing ran in the last 24 hours.");
    }
}
