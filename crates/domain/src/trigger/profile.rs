//! What is known of a trigger, all it ever ran, and how well it is.

use crate::{
    format,
    page::Page,
    panel::Panel,
    query::Query,
    status::Status,
    table::{Column, Table, Value},
    triggers::{DirectoryEntry, Health, Totals, Verdict},
};

/// A trigger over all recorded executions.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its id.
    pub id: String,
    /// What else is known of it; `None` where the `triggers` table no longer has it.
    pub entry: Option<DirectoryEntry>,
    /// What its organization is called, where that is known.
    pub organization_name: Option<String>,
    /// All it ever ran.
    pub totals: Totals,
    /// How well it is, and why.
    pub verdict: Verdict,
}

impl Profile {
    /// Its name, or its id where the name is not known.
    #[must_use]
    pub fn name(&self) -> &str {
        self.entry.as_ref().map_or(&self.id, |entry| &entry.name)
    }

    /// Whether it may run, in a word; it may be gone.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match &self.entry {
            None => "deleted",
            Some(entry) if entry.is_enabled => "enabled",
            Some(_) => "disabled",
        }
    }
}

impl Panel for Profile {
    const NAME: &'static str = "profile";
    const TITLE: &'static str = "All recorded runs";

    fn sentence(&self) -> String {
        let counts = self.totals.counts;
        if counts.total() == 0 {
            return "It never ran.".to_owned();
        }
        let runs = format::counted(counts.total(), "run", "runs");
        let succeeded = format::percent(counts.success_rate());
        match self.verdict.health {
            Health::Ok => format!("It is well: {runs}, {succeeded} succeeded."),
            health => format!("{}: {runs}, {succeeded} succeeded.", capitalized(health.word())),
        }
    }

    fn table(&self, query: &Query) -> Table {
        let totals = &self.totals;
        let all = query.without_filters().with_trigger(Some(&self.id)).with_status(Some(Status::Failed));
        let failures = all.href(&Page::Failures);
        let created_at = self.entry.as_ref().and_then(|entry| entry.created_at);
        let organization = self.entry.as_ref().and_then(|entry| entry.organization.as_deref());
        let rows = [
            ("Id", Value::from(self.id.as_str()).cell()),
            ("State", Value::from(self.state()).cell()),
            ("Health", Value::Health(self.verdict.health).cell()),
            ("Organization", Value::from(organization).cell()),
            ("Runs", Value::from(totals.counts.total()).cell()),
            ("Succeeded", Value::percent(totals.counts.success_rate()).cell()),
            ("Failed", Value::from(totals.counts.failed).cell().linked_where(totals.counts.failed > 0, failures)),
            ("Retrying", Value::from(totals.counts.retrying).cell()),
            ("Retries per run", Value::ratio(totals.retries_per_run()).cell()),
            ("p50 (±1%)", Value::milliseconds(totals.p50_ms).cell()),
            ("p95 (±1%)", Value::milliseconds(totals.p95_ms).cell()),
            ("p99 (±1%)", Value::milliseconds(totals.p99_ms).cell()),
            ("First run", Value::from(totals.first_execution_at).cell()),
            ("Last run", Value::from(totals.last_execution_at).cell()),
            ("Created", Value::from(created_at).cell()),
        ];
        let mut table = Table::new(vec![Column::text("what", "What"), Column::number("value", "Value")]);
        for (what, cell) in rows {
            table.push(vec![Value::from(what).cell(), cell]);
        }
        table
    }
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::StatusCounts;

    fn profile(success: i64, failed: i64, health: Health) -> Profile {
        let counts = StatusCounts { success, retrying: 0, failed };
        let entry = DirectoryEntry { name: "Nightly".into(), is_enabled: true, ..DirectoryEntry::default() };
        let totals = Totals { counts, ..Totals::default() };
        let verdict = Verdict { health, reasons: vec![] };
        Profile { id: "t/1".into(), entry: Some(entry), organization_name: None, totals, verdict }
    }

    #[test]
    fn the_sentence_follows_runs_and_health() {
        assert_eq!(profile(0, 0, Health::Ok).sentence(), "It never ran.");
        assert_eq!(profile(99, 1, Health::Ok).sentence(), "It is well: 100 runs, 99.0% succeeded.");
        assert_eq!(profile(4, 6, Health::Critical).sentence(), "Critical: 10 runs, 40.0% succeeded.");
    }

    #[test]
    fn failures_lead_to_their_rows_and_what_is_not_known_is_a_dash() {
        let table = profile(4, 6, Health::Critical).table(&Query::default());
        let cell =
            |what: &str| table.rows.iter().find(|row| row[0].value == Value::from(what)).map(|row| row[1].clone());
        let failed = cell("Failed").and_then(|cell| cell.link);
        assert_eq!(failed.as_deref(), Some("/failures?status=failed&trigger=t%2F1"));
        assert_eq!(cell("Organization").map(|cell| cell.value), Some(Value::Missing));
        let gone = Profile { entry: None, ..profile(1, 0, Health::Ok) };
        assert_eq!((gone.state(), gone.name()), ("deleted", "t/1"));
    }
}
