//! The triggers in worst health.

use super::{Census, Trigger, census::capitalized};
use crate::{
    panel::Panel,
    query::Query,
    table::{Column, Table, Value},
};

/// How many triggers are listed.
pub const SHOWN: usize = 8;

/// The triggers in worst health, worst first, over all recorded executions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UnwellTriggers {
    /// At most [`SHOWN`] triggers that were not well at the last refresh, worst first, as they are now; where fewer were
    /// unwell, the busiest follow.
    pub rows: Vec<Trigger>,
    /// How all that fit were at the last refresh.
    pub census: Census,
}

impl Panel for UnwellTriggers {
    const NAME: &'static str = "triggers";
    const TITLE: &'static str = "Triggers that need a look";

    /// How many are unwell.
    fn sentence(&self) -> String {
        capitalized(&self.census.sentence())
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("trigger_name", "Trigger"),
            Column::text("health", "Health"),
            Column::number("success_rate", "Succeeded"),
            Column::number("p95_duration_ms", "p95").minor(),
            Column::number("executions", "Runs").minor(),
            Column::number("last_execution_at", "Last run"),
        ]);
        for trigger in &self.rows {
            let totals = &trigger.totals;
            table.push(vec![
                Value::Text(trigger.label()).cell().linked(trigger.link(query)),
                Value::Health(trigger.verdict.health).cell(),
                Value::percent(totals.counts.success_rate()).cell(),
                Value::milliseconds(totals.p95_ms).cell(),
                Value::from(totals.counts.total()).cell(),
                Value::from(totals.last_execution_at).cell(),
            ]);
        }
        table
    }
}
