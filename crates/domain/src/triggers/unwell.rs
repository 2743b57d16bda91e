//! The triggers in worst health.

use super::{Census, Trigger, census::capitalized};
use crate::{
    format,
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
    /// The id of the trigger that was asked for, where there is none with it.
    pub missing: Option<String>,
}

impl Panel for UnwellTriggers {
    const NAME: &'static str = "triggers";
    const TITLE: &'static str = "Triggers that need a look";

    /// How many are unwell.
    fn sentence(&self) -> String {
        match &self.missing {
            Some(id) => format!("There is no trigger “{}”, or not any more.", format::shortened(id)),
            None => capitalized(&self.census.sentence()),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trigger_that_is_not_there_is_named() {
        let census = Census { is_narrowed: true, ..Census::default() };
        let none = UnwellTriggers { census, ..UnwellTriggers::default() };
        assert_eq!(none.sentence(), "No trigger fits the filters.");
        let gone = UnwellTriggers { missing: Some("t/1".to_owned()), ..none };
        assert_eq!(gone.sentence(), "There is no trigger “t/1”, or not any more.");
    }
}
