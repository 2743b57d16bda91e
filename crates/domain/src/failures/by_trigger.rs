//! How many executions failed, by trigger.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::{
    failures::{Scope, Seen, SeenRun, rows_behind},
    format,
    page::Page,
    panel::Panel,
    query::Query,
    status::percentage,
    table::{Column, Table, Value},
};

/// How many triggers are listed.
pub const LISTED: usize = 20;

/// The triggers whose executions were seen to fail.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ByTrigger {
    /// What it is about.
    pub scope: Scope,
    /// At most [`LISTED`] triggers, those with most failures first.
    pub rows: Vec<TriggerRow>,
    /// How many triggers there are.
    pub triggers: i64,
    /// How many executions were seen.
    pub seen: i64,
}

/// One trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct TriggerRow {
    /// Its id; `None` of those that were deleted.
    pub trigger_id: Option<String>,
    /// Its name, where it is known.
    pub trigger_name: Option<String>,
    /// How many failed.
    pub count: i64,
    /// Kinds of error among them.
    pub kinds: i64,
    /// The newest one.
    pub last_seen: DateTime<Utc>,
}

impl ByTrigger {
    /// Groups what was seen. Names are put in by [`Self::name`].
    #[must_use]
    pub fn of(seen: &Seen, scope: Scope) -> Self {
        let mut groups: HashMap<Option<&str>, (Vec<&SeenRun>, HashSet<_>)> = HashMap::new();
        for (run, kind) in seen.runs.iter().zip(seen.fingerprints()) {
            let (runs, kinds) = groups.entry(run.trigger_id.as_deref()).or_default();
            runs.push(run);
            kinds.insert(kind);
        }
        let triggers = i64::try_from(groups.len()).unwrap_or(i64::MAX);
        let row = |(trigger_id, (runs, kinds)): (Option<&str>, (Vec<&SeenRun>, HashSet<_>))| {
            Some(TriggerRow {
                trigger_id: trigger_id.map(ToOwned::to_owned),
                trigger_name: None,
                count: i64::try_from(runs.len()).unwrap_or(i64::MAX),
                kinds: i64::try_from(kinds.len()).unwrap_or(i64::MAX),
                last_seen: runs.first()?.executed_at,
            })
        };
        let mut rows: Vec<_> = groups.into_iter().filter_map(row).collect();
        rows.sort_by(|left, right| (right.count, &left.trigger_id).cmp(&(left.count, &right.trigger_id)));
        rows.truncate(LISTED);
        Self { scope, rows, triggers, seen: seen.count() }
    }

    /// The ids of the triggers that are listed.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        self.rows.iter().filter_map(|row| row.trigger_id.clone()).collect()
    }

    /// Puts in the names that are known.
    pub fn name(&mut self, names: &HashMap<String, String>) {
        for row in &mut self.rows {
            row.trigger_name = row.trigger_id.as_ref().and_then(|id| names.get(id)).cloned();
        }
    }
}

impl TriggerRow {
    /// The trigger's name, or what else is known of it.
    #[must_use]
    pub fn title(&self) -> &str {
        self.trigger_name.as_deref().or(self.trigger_id.as_deref()).unwrap_or("deleted triggers")
    }
}

impl Panel for ByTrigger {
    const NAME: &'static str = "by-trigger";
    const TITLE: &'static str = "By trigger";

    fn sentence(&self) -> String {
        let Some(worst) = self.rows.first() else { return self.scope.none() };
        let title = format::shortened(worst.title());
        let all = format::counted(self.seen, self.scope.noun().0, self.scope.noun().1);
        if self.triggers == 1 {
            return format!("{all}, all of {title}.");
        }
        let share = format::percent(percentage(worst.count, self.seen));
        format!("{all} of {} triggers; {title} has {share} of them.", format::count(self.triggers))
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("trigger", "Trigger"),
            Column::number("count", self.scope.title()),
            Column::number("kinds", "Kinds").minor(),
            Column::number("last_seen", "Last"),
        ]);
        for row in &self.rows {
            let (mut title, mut count) = (Value::from(row.title()).cell(), Value::from(row.count).cell());
            if let Some(id) = &row.trigger_id {
                title = title.linked(query.with_trigger(None).href(&Page::Trigger(id.clone())));
                count = count.linked(rows_behind(&query.with_trigger(Some(id))));
            }
            table.push(vec![title, count, Value::from(row.kinds).cell(), Value::from(row.last_seen).cell()]);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failures::seen::testing::seen;

    fn by_trigger(triggers: &[&str]) -> ByTrigger {
        let mut seen = seen(&vec!["refused"; triggers.len()]);
        for (run, trigger) in seen.runs.iter_mut().zip(triggers) {
            run.trigger_id = (!trigger.is_empty()).then(|| (*trigger).to_owned());
        }
        ByTrigger::of(&seen, Scope::default())
    }

    #[test]
    fn the_worst_is_named_and_leads_to_its_rows() {
        let mut panel = by_trigger(&["a", "b", "a", ""]);
        panel.name(&HashMap::from([("a".to_owned(), "Morning mail".to_owned())]));
        assert_eq!(panel.sentence(), "4 failures of 3 triggers; Morning mail has 50.0% of them.");
        let table = panel.table(&Query::default().with_action_type(Some("rest")));
        assert_eq!(table.rows[0][1].link.as_deref(), Some("/failures?type=rest&trigger=a#rows"));
        assert_eq!(table.rows[0][0].link.as_deref(), Some("/triggers/a?type=rest"));
        assert!(table.rows.iter().any(|row| row[0].value == Value::from("deleted triggers") && row[1].link.is_none()));
    }

    #[test]
    fn one_trigger_and_none_are_said() {
        assert_eq!(by_trigger(&["a", "a"]).sentence(), "2 failures, all of a.");
        assert_eq!(by_trigger(&[]).sentence(), "No failure in the last 24 hours.");
    }
}
