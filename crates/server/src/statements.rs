//! How long Tidemark's own statements take: sqlx tells of each one that ends, and they are added up here until they are
//! kept in the database.

use std::{
    collections::HashMap,
    fmt::Debug,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use store::{Pool, StoreError, statements::Measured};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    filter::{Filtered, Targets},
    layer::Context,
};

/// What sqlx calls its events about statements, told at the level of traces; see `store::connect_lazy`.
const TARGET: &str = "sqlx::query";

/// Different statements that are added up, at most: Tidemark has about 200.
const KINDS: usize = 1_000;

/// Adds up how long statements take. Clones share what was added up.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<HashMap<String, Tally>>>);

/// How often one of them ran.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Tally {
    calls: i64,
    total_ms: f64,
    longest_ms: f64,
}

impl Meter {
    /// Hears of statements alone, whatever else is told.
    pub fn layer<S>(&self) -> Filtered<Self, Targets, S>
    where
        S: Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
    {
        self.clone().with_filter(Targets::new().with_target(TARGET, Level::TRACE))
    }

    /// Adds what was measured since the last time to what the database knows. What could not be added is added later.
    pub async fn keep(&self, pool: &Pool) -> Result<(), StoreError> {
        let measured = self.take();
        let kept = store::statements::add(pool, &measured).await;
        if kept.is_err() {
            for Measured { statement, calls, total_ms, longest_ms } in measured {
                self.add(&statement, Tally { calls, total_ms, longest_ms });
            }
        }
        kept
    }

    fn take(&self) -> Vec<Measured> {
        let tallies = std::mem::take(&mut *self.lock());
        let measured =
            |(statement, Tally { calls, total_ms, longest_ms })| Measured { statement, calls, total_ms, longest_ms };
        tallies.into_iter().map(measured).collect()
    }

    fn add(&self, statement: &str, more: Tally) {
        let mut tallies = self.lock();
        if !tallies.contains_key(statement) {
            if tallies.len() >= KINDS {
                return;
            }
            tallies.insert(statement.to_owned(), Tally::default());
        }
        if let Some(tally) = tallies.get_mut(statement) {
            tally.calls += more.calls;
            tally.total_ms += more.total_ms;
            tally.longest_ms = tally.longest_ms.max(more.longest_ms);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Tally>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Subscriber> Layer<S> for Meter {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut seen = Seen::default();
        event.record(&mut seen);
        // Tidemark's statements open with what they ask; `begin` and the like are nobody's question.
        if let Some(statement) = seen.statement.filter(|statement| statement.starts_with("--")) {
            let took_ms = seen.seconds * 1000.0;
            self.add(&statement, Tally { calls: 1, total_ms: took_ms, longest_ms: took_ms });
        }
    }
}

/// What an event says of a statement.
#[derive(Default)]
struct Seen {
    statement: Option<String>,
    seconds: f64,
}

impl Visit for Seen {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "db.statement" {
            self.statement = Some(value.trim().to_owned());
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            self.seconds = value;
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn only_statements_that_ask_something_are_added_up() {
        let meter = Meter::default();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(meter.layer()), || {
            let question = "\n\n-- Who?\nselect 1\n";
            tracing::trace!(target: "sqlx::query", summary = "-- Who?", db.statement = question, elapsed_secs = 0.5);
            tracing::trace!(target: "sqlx::query", summary = "-- Who?", db.statement = question, elapsed_secs = 0.25);
            tracing::trace!(target: "sqlx::query", summary = "begin", db.statement = "", elapsed_secs = 9.0);
            tracing::trace!(target: "elsewhere", summary = "", db.statement = question, elapsed_secs = 9.0);
        });
        let expected =
            Measured { statement: "-- Who?\nselect 1".to_owned(), calls: 2, total_ms: 750.0, longest_ms: 500.0 };
        assert_eq!(meter.take(), [expected]);
        assert_eq!(meter.take(), [], "nothing is told twice");
    }

    #[test]
    fn there_is_an_end_to_what_is_remembered() {
        let meter = Meter::default();
        for number in 0..2 * KINDS {
            meter.add(&format!("-- {number}"), Tally { calls: 1, ..Tally::default() });
        }
        assert_eq!(meter.take().len(), KINDS);
    }
}
