//! All triggers, a page at a time, in the order that was asked for.

use chrono::{DateTime, Utc};

use super::{Census, Order, SavedView, Sort, Thresholds, Trigger, census::capitalized};
use crate::{
    cursor::Cursor,
    format,
    page::Page,
    panel::Panel,
    query::Query,
    status::Status,
    table::{Column, Sorting, Table, Value},
};

/// Triggers on a page.
pub const OF_A_PAGE: usize = 50;

/// UTC days whose runs are drawn for each trigger, today's among them.
pub const SPARK_DAYS: usize = 14;

/// One page of the list of triggers.
#[derive(Debug, Clone, PartialEq)]
pub struct TriggerList {
    /// The order.
    pub order: Order,
    /// As of when the order is; the numbers are as of now. `None` before there was a refresh to order them.
    pub ranked_at: Option<DateTime<Utc>>,
    /// At most [`OF_A_PAGE`] triggers.
    pub rows: Vec<Listed>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
    /// Whether this is the first page.
    pub is_first: bool,
    /// How all that fit are.
    pub census: Census,
    /// When they are unwell.
    pub thresholds: Thresholds,
}

/// One trigger of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The trigger.
    pub trigger: Trigger,
    /// Runs on each of the last [`SPARK_DAYS`] UTC days, oldest first.
    pub days: Vec<i64>,
}

impl Panel for TriggerList {
    const NAME: &'static str = "trigger-list";
    const TITLE: &'static str = "All triggers";

    fn title(&self) -> std::borrow::Cow<'static, str> {
        self.order.view.map_or(Self::TITLE, SavedView::title).into()
    }

    fn sentence(&self) -> String {
        let sentence = match self.order.view {
            None => self.census.sentence(),
            Some(view) if self.rows.is_empty() && self.is_first => self.nothing_in(view),
            Some(view) => self.sentence_of(view),
        };
        capitalized(&sentence)
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(self.columns(query));
        for Listed { trigger, days } in &self.rows {
            let failures =
                query.with_trigger(Some(&trigger.id)).with_status(Some(Status::Failed)).href(&Page::Failures);
            let (totals, has_run) = (&trigger.totals, trigger.totals.counts.total() > 0);
            table.push(vec![
                Value::Text(trigger.label()).cell().linked(trigger.link(query)),
                Value::Health(trigger.verdict.health).cell(),
                Value::percent(totals.counts.success_rate()).cell().linked_where(has_run, failures),
                Value::from(totals.counts.total()).cell(),
                Value::milliseconds(totals.p95_ms).cell(),
                Value::ratio(totals.retries_per_run()).cell(),
                Value::from(totals.last_execution_at).cell(),
                Value::Trend(days.clone()).cell(),
            ]);
        }
        table
    }
}

impl TriggerList {
    fn columns(&self, query: &Query) -> Vec<Column> {
        let (current, is_descending) = self.order.columns();
        let sorted = |column: Column, sort: Sort| {
            let link = query.with_order(self.order.toggled(sort)).href(&Page::Triggers);
            column.sorted(Sorting { link, is_descending: (sort == current).then_some(is_descending) })
        };
        vec![
            sorted(Column::text("trigger_name", "Trigger"), Sort::Name),
            sorted(Column::text("health", "Health"), Sort::Health),
            sorted(Column::number("success_rate", "Succeeded"), Sort::SuccessRate),
            sorted(Column::number("executions", "Runs"), Sort::Executions).minor(),
            sorted(Column::number("p95_duration_ms", "p95"), Sort::P95).minor(),
            sorted(Column::number("avg_retries", "Retries per run"), Sort::Retries).minor(),
            sorted(Column::number("last_execution_at", "Last run"), Sort::LastRun),
            Column::number("runs_by_day", "Last 14 days").minor(),
        ]
    }

    /// How many a view finds, or what leads in it.
    fn sentence_of(&self, view: SavedView) -> String {
        let number = i64::try_from(self.rows.len()).unwrap_or(i64::MAX);
        let is_all = self.is_first && self.next.is_none();
        let found = |one, many| match is_all {
            true => format::counted(number, one, many),
            false => format!("over {OF_A_PAGE} {many}"),
        };
        let triggers = || found("trigger", "triggers");
        let limits = &self.thresholds;
        match view {
            SavedView::Failing => {
                format!("{} succeeded in under {}% of all runs.", triggers(), limits.success_rate_warning)
            }
            SavedView::Sla => {
                format!("{} with a p95 over {}.", triggers(), format::milliseconds(Some(limits.p95_warning_ms)))
            }
            SavedView::Idle => {
                format!("{} ran nothing for {} days.", found("enabled trigger", "enabled triggers"), limits.idle_days)
            }
            SavedView::Retries => {
                format!("{} with over {} retries a run.", triggers(), format::decimal(Some(limits.avg_retries_warning)))
            }
            SavedView::Slowest => self.extreme(
                |row| row.totals.p95_ms.unwrap_or_default(),
                |row| format!("The slowest here is {}, p95 {}.", row.name(), format::milliseconds(row.totals.p95_ms)),
            ),
            #[allow(clippy::cast_precision_loss, reason = "it is only compared")]
            SavedView::Active => self.extreme(
                |row| row.totals.counts.total() as f64,
                |row| {
                    let runs = format::counted(row.totals.counts.total(), "run", "runs");
                    format!("The busiest here is {}, {runs}.", row.name())
                },
            ),
        }
    }

    fn extreme(&self, key: fn(&Trigger) -> f64, sentence: fn(&Trigger) -> String) -> String {
        let most = self.rows.iter().map(|row| &row.trigger).max_by(|left, right| key(left).total_cmp(&key(right)));
        most.map_or("That was the last page.".to_owned(), sentence)
    }

    fn nothing_in(&self, view: SavedView) -> String {
        let limits = &self.thresholds;
        match view {
            SavedView::Failing => format!("Every trigger succeeded in {}% or more.", limits.success_rate_warning),
            SavedView::Sla => {
                format!("No trigger has a p95 over {}.", format::milliseconds(Some(limits.p95_warning_ms)))
            }
            SavedView::Idle => format!("Every enabled trigger ran in the last {} days.", limits.idle_days),
            SavedView::Retries => {
                format!("No trigger has over {} retries a run.", format::decimal(Some(limits.avg_retries_warning)))
            }
            SavedView::Slowest | SavedView::Active => self.census.sentence(),
        }
    }

    /// The order in words: `Worst health first`.
    #[must_use]
    pub fn order_words(&self) -> &'static str {
        match self.order.columns() {
            (Sort::Health, true) => "Worst health first",
            (Sort::Health, false) => "Best health first",
            (Sort::Name, false) => "By name, from A to Z",
            (Sort::Name, true) => "By name, from Z to A",
            (Sort::SuccessRate, false) => "Lowest success rate first",
            (Sort::SuccessRate, true) => "Highest success rate first",
            (Sort::Executions, true) => "Most runs first",
            (Sort::Executions, false) => "Fewest runs first",
            (Sort::P95, true) => "Slowest first",
            (Sort::P95, false) => "Quickest first",
            (Sort::Retries, true) => "Most retries first",
            (Sort::Retries, false) => "Fewest retries first",
            (Sort::LastRun, true) => "Latest run first",
            (Sort::LastRun, false) => "Longest silent first",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        status::StatusCounts,
        triggers::{DirectoryEntry, Health, Totals, Unwell, Verdict},
    };

    fn listed(id: &str, success: i64, failed: i64) -> Listed {
        let counts = StatusCounts { success, retrying: 0, failed };
        let entry = DirectoryEntry { name: format!("Trigger {id}"), is_enabled: true, ..DirectoryEntry::default() };
        let totals = Totals { counts, p95_ms: (success > 0).then_some(900.0), ..Totals::default() };
        let verdict = Verdict { health: Health::Ok, reasons: vec![] };
        Listed {
            trigger: Trigger { id: id.to_owned(), entry: Some(entry), totals, verdict },
            days: vec![0; SPARK_DAYS],
        }
    }

    fn list(order: Order, rows: Vec<Listed>) -> TriggerList {
        let unwell = Some(Unwell { critical: 2, warning: 0, idle: 1_001 });
        let census = Census { total: 100_000, is_narrowed: false, unwell };
        let thresholds = Thresholds::default();
        TriggerList { order, ranked_at: None, rows, next: None, is_first: true, census, thresholds }
    }

    #[test]
    fn a_saved_view_says_how_many_it_finds() {
        let view = |view, rows| list(Order::of_view(view), rows);
        let failing = view(SavedView::Failing, vec![listed("a", 1, 9)]);
        assert_eq!(failing.sentence(), "1 trigger succeeded in under 80% of all runs.");
        let more = TriggerList { next: Some(Cursor { place: "1".into(), id: "a".into() }), ..failing };
        assert_eq!(more.sentence(), "Over 50 triggers succeeded in under 80% of all runs.");
        assert_eq!(view(SavedView::Idle, vec![]).sentence(), "Every enabled trigger ran in the last 7 days.");
        assert_eq!(view(SavedView::Sla, vec![listed("a", 1, 0)]).sentence(), "1 trigger with a p95 over 5.0 s.");
        let active = view(SavedView::Active, vec![listed("a", 1, 0), listed("b", 3, 0)]);
        assert_eq!(active.sentence(), "The busiest here is Trigger b, 3 runs.");
    }

    #[test]
    fn rows_lead_to_their_trigger_and_columns_to_their_order() {
        let query = Query::default().with_text(Some("x")).with_action_type(Some("rest"));
        let mut disabled = listed("b/1", 0, 0);
        if let Some(entry) = &mut disabled.trigger.entry {
            entry.is_enabled = false;
        }
        let mut gone = listed("c", 1, 0);
        gone.trigger.entry = None;
        let table = list(Order::default(), vec![listed("a", 9, 1), disabled, gone]).table(&query);
        let names: Vec<_> = table.rows.iter().map(|row| row[0].value.spelled(query.zone)).collect();
        assert_eq!(names, ["Trigger a", "Trigger b/1 (disabled)", "c (deleted)"]);
        assert_eq!(table.rows[1][0].link.as_deref(), Some("/triggers/b%2F1?type=rest"));
        assert_eq!(table.rows[1][2], Value::Missing.cell(), "what never ran has no rate and no failures");
        assert_eq!(table.rows[1][3].value, Value::Count(0));
        let sorting = |column: usize| table.columns[column].sorting.clone();
        let by_health = Sorting { link: "/triggers?type=rest&q=x&dir=asc".into(), is_descending: Some(true) };
        assert_eq!(sorting(1), Some(by_health));
        let by_p95 = Sorting { link: "/triggers?type=rest&q=x&sort=p95".into(), is_descending: None };
        assert_eq!((sorting(4), sorting(7)), (Some(by_p95), None));
    }
}
