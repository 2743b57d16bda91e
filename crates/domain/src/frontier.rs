//! How far the counts reach: whether all that is there has been counted once, and who holds the counting back.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{format, freshness::elapsed};

/// Characters of a transaction's query that are told.
pub const QUERY_CHARACTERS: i32 = 200;

/// How long a transaction is open before it is told about: most that write are over long before.
const WORTH_TELLING: Duration = Duration::from_secs(10);

/// The first count of everything that is there, while it is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// Rows counted so far.
    pub rows_built: i64,
    /// Rows that there were to count when it began.
    pub rows_to_build: i64,
    /// When it began; `None` while it has not.
    pub began_at: Option<DateTime<Utc>>,
    /// When these numbers were seen first: they grow in steps.
    pub seen_at: DateTime<Utc>,
}

impl Build {
    /// The share that is done, 0 to 1.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn share(&self) -> f64 {
        if self.rows_to_build <= 0 {
            return 0.0;
        }
        (self.rows_built as f64 / self.rows_to_build as f64).clamp(0.0, 1.0)
    }

    /// How far it is: `34%, about 2 min left`. The time is left out while there is too little to tell it from.
    #[must_use]
    pub fn progress(&self, now: DateTime<Utc>) -> String {
        let share = self.share();
        let percent = format!("{:.0}%", (100.0 * share).floor());
        match self.began_at.map(|began_at| elapsed(began_at, self.seen_at)) {
            Some(so_far) if share >= 0.01 && so_far >= Duration::from_secs(2) => {
                let left = so_far.mul_f64((1.0 - share) / share).saturating_sub(elapsed(self.seen_at, now));
                format!("{percent}, about {} left", roughly(left))
            }
            _ => percent,
        }
    }

    /// The same with the moment at which its numbers were seen first, given what was seen before.
    #[must_use]
    pub fn after(self, before: Option<&Self>) -> Self {
        match before {
            Some(before) if before.rows_built == self.rows_built => Self { seen_at: before.seen_at, ..self },
            _ => self,
        }
    }
}

/// A time to wait, in one unit: `40 s`, `2 min`, `3 h`.
pub(crate) fn roughly(left: Duration) -> String {
    let seconds = left.as_secs_f64();
    match seconds {
        ..90.0 => format!("{:.0} s", seconds.max(1.0).ceil()),
        90.0..5_400.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.0} h", seconds / 3_600.0),
    }
}

/// The oldest transaction that wrote and is still open: rows that came after it began cannot be folded before it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process; `None` where it is a prepared transaction, which has none.
    pub pid: Option<i32>,
    /// Its name, where it is a prepared transaction.
    pub prepared_as: Option<String>,
    /// Who.
    pub user_name: Option<String>,
    /// With what program.
    pub application_name: Option<String>,
    /// Since when it is open.
    pub since: DateTime<Utc>,
    /// At most [`QUERY_CHARACTERS`] of its newest statement.
    pub query: Option<String>,
}

impl Holder {
    /// Whether it has been open for so long that somebody should know.
    #[must_use]
    pub fn is_worth_telling(&self, now: DateTime<Utc>) -> bool {
        elapsed(self.since, now) >= WORTH_TELLING
    }

    /// Which transaction it is, for how long, and what it costs.
    #[must_use]
    pub fn sentence(&self, now: DateTime<Utc>) -> String {
        let open = format::duration(elapsed(self.since, now));
        format!(
            "A transaction has been writing for {open}: {}. Nothing is missing or wrong because of it; rows that came \
             since are just counted one by one until it ends.",
            self.description()
        )
    }

    /// Which transaction it is: `process 4711, psql as alice, “update …”`.
    #[must_use]
    pub fn description(&self) -> String {
        let who = match (&self.pid, &self.prepared_as) {
            (_, Some(name)) => {
                format!("prepared as “{name}”, so that only commit prepared or rollback prepared ends it")
            }
            (Some(pid), None) => format!("process {pid}"),
            (None, None) => "a process that cannot be seen from here".to_owned(),
        };
        let told = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let with = match (told(&self.application_name), told(&self.user_name)) {
            (Some(program), Some(user)) => Some(format!("{program} as {user}")),
            (None, Some(user)) => Some(user),
            (program, None) => program,
        };
        let query = told(&self.query).map(|query| format!("“{}”", in_one_line(&query)));
        [Some(who), with, query].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// A statement on one line, cut where it is long.
fn in_one_line(query: &str) -> String {
    let line = query.split_whitespace().collect::<Vec<_>>().join(" ");
    let characters = usize::try_from(QUERY_CHARACTERS).unwrap_or_default();
    match line.char_indices().nth(characters - 1) {
        Some((end, _)) if query.chars().count() >= characters => format!("{}…", &line[..end]),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(seconds: u64) -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::from_secs(seconds)
    }

    fn build(rows_built: i64, seconds: u64) -> Build {
        Build { rows_built, rows_to_build: 10_000_000, began_at: Some(at(0)), seen_at: at(seconds) }
    }

    #[test]
    fn progress_tells_the_share_and_the_time_left() {
        assert_eq!(build(3_400_000, 60).progress(at(60)), "34%, about 2 min left");
        assert_eq!(build(9_990_000, 60).progress(at(60)), "99%, about 1 s left");
        assert_eq!(build(500_000, 600).progress(at(600)), "5%, about 3 h left");
    }

    #[test]
    fn between_two_steps_the_time_left_runs_down() {
        let seen = build(5_000_000, 40);
        assert_eq!(seen.progress(at(40)), "50%, about 40 s left");
        let same = build(5_000_000, 50).after(Some(&seen));
        assert_eq!(same.progress(at(50)), "50%, about 30 s left");
        assert_eq!(same.progress(at(99)), "50%, about 1 s left");
        assert_eq!(build(6_000_000, 60).after(Some(&seen)).seen_at, at(60));
    }

    #[test]
    fn too_little_tells_no_time_and_too_much_is_not_over_everything() {
        assert_eq!(build(10, 60).progress(at(60)), "0%");
        assert_eq!(build(200_000, 1).progress(at(1)), "2%");
        assert_eq!(Build { began_at: None, ..build(0, 1) }.progress(at(1)), "0%");
        assert_eq!(Build { rows_to_build: 0, ..build(7, 9) }.progress(at(9)), "0%");
        assert!((build(20_000_000, 1).share() - 1.0).abs() < f64::EPSILON);
    }

    fn holder() -> Holder {
        Holder {
            pid: Some(4711),
            prepared_as: None,
            user_name: Some("alice".into()),
            application_name: Some("psql".into()),
            since: at(0),
            query: Some("update action_results\n   set status = 'x'".into()),
        }
    }

    #[test]
    fn a_holder_is_named_with_its_age_and_what_it_costs() {
        let sentence = holder().sentence(at(123));
        assert!(sentence.starts_with(
            "A transaction has been writing for 2 min 3 s: process 4711, psql as alice, “update action_results set status = 'x'”. Nothing is missing"
        ));
        assert!(!holder().is_worth_telling(at(9)) && holder().is_worth_telling(at(10)));
    }

    #[test]
    fn a_prepared_transaction_says_how_to_end_it_and_a_long_query_is_cut() {
        let prepared =
            Holder { pid: None, prepared_as: Some("orders-7".into()), application_name: None, query: None, ..holder() };
        assert_eq!(
            prepared.description(),
            "prepared as “orders-7”, so that only commit prepared or rollback prepared ends it, alice"
        );
        let long = Holder { query: Some("é".repeat(200)), ..holder() };
        assert_eq!(long.description().chars().filter(|&letter| letter == 'é').count(), 199);
        assert!(long.description().ends_with("…”"));
        let empty =
            Holder { user_name: None, application_name: Some(" ".into()), query: Some(String::new()), ..holder() };
        assert_eq!(empty.description(), "process 4711");
    }
}
