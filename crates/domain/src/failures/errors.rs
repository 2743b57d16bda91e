//! Failures grouped by what they say.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use chrono::{DateTime, Utc};

use crate::{
    failures::{Scope, Seen, SeenRun},
    fingerprint::Fingerprint,
    format,
    page::Page,
    panel::Panel,
    query::Query,
    resolutions::{ErrorState, Resolutions},
    status::{Status, percentage},
    table::{Column, Table, Value},
    window::Window,
};

/// How many kinds are listed.
pub const LISTED: usize = 50;

/// Messages of a kind that are shown as they came.
const SAMPLES: usize = 3;

/// How many parts the time of a trend has.
const PARTS: i32 = 24;

/// What executions reported, what is alike taken together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Errors {
    /// What it is about.
    pub scope: Scope,
    /// At most [`LISTED`] kinds, most frequent first.
    pub rows: Vec<ErrorKind>,
    /// How many kinds there are.
    pub kinds: i64,
    /// How many executions were grouped.
    pub compared: i64,
    /// What was said of the kinds that are listed.
    pub resolutions: Resolutions,
}

/// Executions that reported the same but for what differs each time.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorKind {
    /// Its name.
    pub fingerprint: Fingerprint,
    /// The message without what differs each time; empty where there is none.
    pub message: String,
    /// The newest messages as they came, each once.
    pub samples: Vec<String>,
    /// How many there are.
    pub count: i64,
    /// Distinct triggers among them.
    pub triggers: i64,
    /// The oldest one of the time.
    pub first_seen: DateTime<Utc>,
    /// The newest one.
    pub last_seen: DateTime<Utc>,
    /// How many in each of [`PARTS`] equal parts of the time, oldest first.
    pub trend: Vec<i64>,
}

impl Errors {
    /// Groups what was seen of a window.
    #[must_use]
    pub fn of(seen: &Seen, scope: Scope, window: &Window) -> Self {
        let mut groups: HashMap<Fingerprint, Vec<&SeenRun>> = HashMap::new();
        for (run, kind) in seen.runs.iter().zip(seen.fingerprints()) {
            groups.entry(kind).or_default().push(run);
        }
        let kinds = i64::try_from(groups.len()).unwrap_or(i64::MAX);
        let mut rows: Vec<_> =
            groups.into_iter().filter_map(|(kind, runs)| ErrorKind::of(kind, &runs, window)).collect();
        rows.sort_by_key(|row| (-row.count, row.fingerprint));
        rows.truncate(LISTED);
        Self { scope, rows, kinds, compared: seen.count(), resolutions: Resolutions::default() }
    }

    /// How many of the kinds that are listed are resolved or came back, in words; `None` where nobody said so of any.
    fn resolved(&self) -> Option<String> {
        let in_state = |state| self.rows.iter().filter(|row| self.resolutions.state(row) == state).count();
        let words = match (in_state(ErrorState::Resolved), in_state(ErrorState::CameBack)) {
            (0, 0) => return None,
            (1, 0) => "1 is resolved".to_owned(),
            (resolved, 0) => format!("{resolved} are resolved"),
            (0, back) => format!("{back} came back"),
            (1, back) => format!("1 is resolved, {back} came back"),
            (resolved, back) => format!("{resolved} are resolved, {back} came back"),
        };
        let is_whole = usize::try_from(self.kinds) == Ok(self.rows.len());
        Some(if is_whole { words } else { format!("of those listed, {words}") })
    }
}

impl ErrorKind {
    /// The kind that all of these are of, newest first; `None` of nothing.
    #[must_use]
    pub fn of(fingerprint: Fingerprint, runs: &[&SeenRun], window: &Window) -> Option<Self> {
        let (newest, oldest) = (runs.first()?, runs.last()?);
        let triggers: HashSet<_> = runs.iter().filter_map(|run| run.trigger_id.as_deref()).collect();
        let mut samples: Vec<String> = Vec::new();
        for message in runs.iter().map(|run| run.message()).filter(|message| !message.is_empty()) {
            if samples.len() < SAMPLES && !samples.iter().any(|sample| sample == message) {
                samples.push(message.to_owned());
            }
        }
        Some(Self {
            fingerprint,
            message: newest.normalized(),
            samples,
            count: i64::try_from(runs.len()).unwrap_or(i64::MAX),
            triggers: i64::try_from(triggers.len()).unwrap_or(i64::MAX),
            first_seen: oldest.executed_at,
            last_seen: newest.executed_at,
            trend: trend(runs, window),
        })
    }

    /// The message, or that there is none.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.message.is_empty() { "no message" } else { &self.message }
    }

    /// The address of its page.
    #[must_use]
    pub fn href(&self, query: &Query) -> String {
        query.first_page().href(&Page::Failure(self.fingerprint.to_string()))
    }
}

fn trend(runs: &[&SeenRun], window: &Window) -> Vec<i64> {
    let part = (window.until - window.begins) / PARTS;
    let mut counts = vec![0; usize::try_from(PARTS).unwrap_or_default()];
    let last = counts.len() - 1;
    for run in runs {
        let micros = (run.executed_at - window.begins).num_microseconds().unwrap_or_default();
        let place = micros / part.num_microseconds().unwrap_or(1).max(1);
        counts[usize::try_from(place).unwrap_or_default().min(last)] += 1;
    }
    counts
}

impl Panel for Errors {
    const NAME: &'static str = "errors";
    const TITLE: &'static str = "Kinds of error";

    fn title(&self) -> Cow<'static, str> {
        match self.scope.outcome() {
            Status::Failed => Self::TITLE.into(),
            _ => "What they report".into(),
        }
    }

    fn sentence(&self) -> String {
        let Some(first) = self.rows.first() else { return self.scope.none() };
        let (message, noun) = (format::shortened(first.title()), self.scope.noun());
        let all = format::counted(self.compared, noun.0, noun.1);
        if self.kinds == 1 {
            let state = match self.resolutions.state(first) {
                ErrorState::Open => "",
                ErrorState::Resolved => ", which is resolved",
                ErrorState::CameBack => ", which came back",
            };
            return format!("{all}, all “{message}”{state}.");
        }
        let share = format::percent(percentage(first.count, self.compared));
        let resolved = self.resolved().map(|words| format!("; {words}")).unwrap_or_default();
        format!("{} kinds among {all}; {share} say “{message}”{resolved}.", format::count(self.kinds))
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::message("message", "Error"),
            Column::text("state", "State"),
            Column::number("count", self.scope.title()),
            Column::number("share", "Share").minor(),
            Column::number("triggers", "Triggers").minor(),
            Column::text("trend", "Trend").minor(),
            Column::number("first_seen", "First").minor(),
            Column::number("last_seen", "Last"),
        ]);
        for row in &self.rows {
            table.push(vec![
                Value::from(row.title()).cell().linked(row.href(query)),
                Value::State(self.resolutions.state(row)).cell(),
                Value::from(row.count).cell(),
                Value::percent(percentage(row.count, self.compared)).cell(),
                Value::from(row.triggers).cell(),
                Value::Trend(row.trend.clone()).cell(),
                Value::from(row.first_seen).cell(),
                Value::from(row.last_seen).cell(),
            ]);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{failures::seen::testing::seen, range::Range, resolutions::Resolution, zone::Zone};

    fn errors(messages: &[&str]) -> Errors {
        let window = Window::of(Range::Day, Zone::UTC, "2026-11-23T12:00:00Z".parse().unwrap());
        Errors::of(&seen(messages), Scope::default(), &window)
    }

    #[test]
    fn what_is_alike_is_one_kind() {
        let errors = errors(&["timeout after 3 s", "refused", "timeout after 7 s", "timeout after 3 s", "", ""]);
        let rows: Vec<_> = errors.rows.iter().map(|row| (row.title(), row.count, row.triggers)).collect();
        assert_eq!(rows[0], ("timeout after <n> s", 3, 3));
        assert_eq!((errors.kinds, errors.compared, rows[1]), (3, 6, ("no message", 2, 2)));
        assert_eq!(errors.rows[0].samples, ["timeout after 3 s", "timeout after 7 s"]);
        assert_eq!(errors.rows[0].trend.iter().sum::<i64>(), 3);
        assert!(errors.rows[0].first_seen < errors.rows[0].last_seen);
        assert_eq!(errors.sentence(), "3 kinds among 6 failures; 50.0% say “timeout after <n> s”.");
    }

    #[test]
    fn what_is_resolved_and_what_came_back_is_counted() {
        let mut errors = errors(&["refused", "timeout", "refused", "gone"]);
        let mut resolve = |message, resolved_at: &str| {
            let resolved_at = resolved_at.parse().unwrap();
            let resolution = Resolution { resolved_at, resolved_by: "Anna".into(), note: None };
            errors.resolutions.said.insert(Fingerprint::of(message), resolution);
            errors.sentence().split_once("“refused”").unwrap().1.to_owned()
        };
        assert_eq!(resolve("gone", "2026-11-23T11:31:00Z"), "; 1 is resolved.");
        assert_eq!(resolve("refused", "2026-11-23T11:50:00Z"), "; 1 is resolved, 1 came back.");
        assert_eq!(resolve("refused", "2026-11-23T12:00:00Z"), "; 2 are resolved.");
        assert_eq!(resolve("gone", "2026-11-23T11:29:00Z"), "; 1 is resolved, 1 came back.");
        errors.kinds += 1;
        assert!(errors.sentence().ends_with("; of those listed, 1 is resolved, 1 came back."));
        let states: Vec<_> = errors.table(&Query::default()).rows.into_iter().map(|row| row[1].value.clone()).collect();
        assert_eq!(states[0], Value::State(ErrorState::Resolved));
        assert!(
            states[1..].contains(&Value::State(ErrorState::Open))
                && states[1..].contains(&Value::State(ErrorState::CameBack))
        );
    }

    #[test]
    fn one_kind_and_none_are_said() {
        assert_eq!(errors(&["a 1", "a 2"]).sentence(), "2 failures, all “a <n>”.");
        assert_eq!(errors(&[]).sentence(), "No failure in the last 24 hours.");
    }

    #[test]
    fn a_kind_leads_to_its_page_with_what_was_asked() {
        let query = Query::default().with_action_type(Some("rest"));
        let table = errors(&["timeout after 3 s"]).table(&query);
        let address = format!("/failures/{}?type=rest", Fingerprint::of("timeout after 9 s"));
        assert_eq!(table.rows[0][0].link, Some(address));
    }
}
