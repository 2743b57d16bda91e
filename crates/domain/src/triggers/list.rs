//! All triggers, a page at a time, in the order that was asked for.

use chrono::{DateTime, Utc};

use super::{DirectoryEntry, Order, SavedView, Sort, Thresholds, Totals, Verdict};
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
    /// Its id.
    pub id: String,
    /// What else is known of it; `None` where the `triggers` table no longer has it.
    pub entry: Option<DirectoryEntry>,
    /// All it ever ran, as of now.
    pub totals: Totals,
    /// How well it is.
    pub verdict: Verdict,
    /// Runs on each of the last [`SPARK_DAYS`] UTC days, oldest first.
    pub days: Vec<i64>,
}

/// How many triggers there are, and how many are unwell, as of the order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    /// How many there are that fit, or one more than [`Census::MATCHED`].
    pub total: i64,
    /// Whether only some of all triggers fit.
    pub is_narrowed: bool,
    /// How they are, at most one more than [`Census::COUNTED`] of each; `None` of more than [`Census::MATCHED`] that fit.
    pub unwell: Option<Unwell>,
}

/// How many triggers are unwell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unwell {
    /// Critical ones.
    pub critical: i64,
    /// Those that deserve a warning.
    pub warning: i64,
    /// Enabled ones that ran before, yet nothing lately.
    pub idle: i64,
}

impl Census {
    /// Triggers that fit a filter are counted up to here.
    pub const MATCHED: i64 = 2_000;

    /// Unwell triggers are counted up to here.
    pub const COUNTED: i64 = 1_000;

    fn sentence(self) -> String {
        let noun = if self.is_narrowed { "triggers that fit" } else { "triggers" };
        let one = if self.is_narrowed { "trigger that fits" } else { "trigger" };
        match (self.total, self.unwell) {
            (0, _) if self.is_narrowed => "No trigger fits the filters.".to_owned(),
            (0, _) => "There is no trigger yet.".to_owned(),
            (total, None) => format!("Over {} triggers fit.", format::count(total.min(Self::MATCHED))),
            (total, Some(unwell)) => {
                let all = format::counted(total, one, noun);
                match unwell.words().as_slice() {
                    [] if total == 1 => format!("The one {one} is well."),
                    [] => format!("All {all} are well."),
                    words => format!("{}, of {all}.", words.join(", ")),
                }
            }
        }
    }
}

impl Unwell {
    fn words(self) -> Vec<String> {
        let counts = [(self.critical, "critical"), (self.warning, "with a warning"), (self.idle, "gone idle")];
        let counts = counts.into_iter().filter(|&(number, _)| number > 0);
        counts.map(|(number, word)| format!("{} {word}", bounded(number, Census::COUNTED))).collect()
    }
}

/// A number, or that it is over a bound.
fn bounded(number: i64, bound: i64) -> String {
    if number > bound { format!("over {}", format::count(bound)) } else { format::count(number) }
}

impl Listed {
    /// Its name, or its id where the name is not known.
    #[must_use]
    pub fn name(&self) -> &str {
        self.entry.as_ref().map_or(&self.id, |entry| &entry.name)
    }

    /// The name with what is out of the ordinary: `Nightly (disabled)`.
    fn label(&self) -> String {
        match &self.entry {
            None => format!("{} (deleted)", self.id),
            Some(entry) if !entry.is_enabled => format!("{} (disabled)", entry.name),
            Some(entry) => entry.name.clone(),
        }
    }
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
        let mut characters = sentence.chars();
        characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(self.columns(query));
        for listed in &self.rows {
            let failures = query.with_trigger(Some(&listed.id)).with_status(Some(Status::Failed)).href(&Page::Failures);
            let (totals, has_run) = (&listed.totals, listed.totals.counts.total() > 0);
            table.push(vec![
                Value::Text(listed.label()).cell().linked(trigger_link(query, &listed.id)),
                Value::Health(listed.verdict.health).cell(),
                Value::percent(totals.counts.success_rate()).cell().linked_where(has_run, failures),
                Value::from(totals.counts.total()).cell(),
                Value::milliseconds(totals.p95_ms).cell(),
                Value::ratio(totals.retries_per_run()).cell(),
                Value::from(totals.last_execution_at).cell(),
                Value::Days(listed.days.clone()).cell(),
            ]);
        }
        table
    }
}

/// The page of a trigger, about the same time; what narrowed the list is left behind.
fn trigger_link(query: &Query, id: &str) -> String {
    query.with_trigger(None).with_organization(None).with_text(None).href(&Page::Trigger(id.to_owned()))
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

    fn extreme(&self, key: fn(&Listed) -> f64, sentence: fn(&Listed) -> String) -> String {
        let most = self.rows.iter().max_by(|left, right| key(left).total_cmp(&key(right)));
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
    use crate::{status::StatusCounts, triggers::Health};

    fn listed(id: &str, success: i64, failed: i64) -> Listed {
        let counts = StatusCounts { success, retrying: 0, failed };
        let entry = DirectoryEntry { name: format!("Trigger {id}"), is_enabled: true, ..DirectoryEntry::default() };
        let totals = Totals { counts, p95_ms: (success > 0).then_some(900.0), ..Totals::default() };
        let verdict = Verdict { health: Health::Ok, reasons: vec![] };
        Listed { id: id.to_owned(), entry: Some(entry), totals, verdict, days: vec![0; SPARK_DAYS] }
    }

    fn list(order: Order, rows: Vec<Listed>) -> TriggerList {
        let unwell = Some(Unwell { critical: 2, warning: 0, idle: 1_001 });
        let census = Census { total: 100_000, is_narrowed: false, unwell };
        let thresholds = Thresholds::default();
        TriggerList { order, ranked_at: None, rows, next: None, is_first: true, census, thresholds }
    }

    #[test]
    fn the_unwell_are_counted_up_to_a_bound() {
        let sentence = |total, is_narrowed, unwell| Census { total, is_narrowed, unwell }.sentence();
        let well = Some(Unwell::default());
        assert_eq!(list(Order::default(), vec![]).sentence(), "2 critical, over 1,000 gone idle, of 100,000 triggers.");
        assert_eq!(sentence(5, false, well), "All 5 triggers are well.");
        assert_eq!(sentence(1, true, well), "The one trigger that fits is well.");
        assert_eq!(sentence(0, true, well), "No trigger fits the filters.");
        assert_eq!(sentence(0, false, well), "There is no trigger yet.");
        assert_eq!(sentence(2_001, true, None), "Over 2,000 triggers fit.");
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
        if let Some(entry) = &mut disabled.entry {
            entry.is_enabled = false;
        }
        let gone = Listed { entry: None, ..listed("c", 1, 0) };
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
