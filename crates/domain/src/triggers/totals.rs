//! All that a trigger ever ran, and the verdict on it.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Health, Thresholds};
use crate::{format, status::StatusCounts};

/// All recorded executions of one trigger.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Totals {
    /// Executions by how they ended.
    pub counts: StatusCounts,
    /// Retries of all executions together.
    pub total_retries: i64,
    /// Half of the executions were quicker, in milliseconds, within 1%; `None` when nothing had a duration.
    pub p50_ms: Option<f64>,
    /// 95 of 100 executions were quicker, in milliseconds, within 1%.
    pub p95_ms: Option<f64>,
    /// 99 of 100 executions were quicker, in milliseconds, within 1%.
    pub p99_ms: Option<f64>,
    /// The first execution; `None` before there was one.
    pub first_execution_at: Option<DateTime<Utc>>,
    /// The newest execution.
    pub last_execution_at: Option<DateTime<Utc>>,
}

/// What is known of a trigger besides what it ran.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DirectoryEntry {
    /// Its name.
    pub name: String,
    /// Whether it may run.
    pub is_enabled: bool,
    /// When it was made, where that is known.
    pub created_at: Option<DateTime<Utc>>,
    /// The id of the organization it belongs to, where the database knows organizations.
    pub organization: Option<String>,
}

/// How well a trigger is, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// In one word.
    pub health: Health,
    /// The thresholds it is past, worst first, spelled out: `38.1% succeeded, under 50% is critical`.
    pub reasons: Vec<String>,
}

impl Totals {
    /// Retries per execution; `None` when there was none.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn retries_per_run(&self) -> Option<f64> {
        let total = self.counts.total();
        (total > 0).then(|| self.total_retries as f64 / total as f64)
    }
}

impl Thresholds {
    /// The verdict on a trigger as of a moment. One that is not listed any more (`None`) cannot be idle.
    #[must_use]
    pub fn judge(&self, totals: &Totals, entry: Option<&DirectoryEntry>, as_of: DateTime<Utc>) -> Verdict {
        let mut found = vec![self.judge_success(totals), self.judge_duration(totals), self.judge_retries(totals)];
        found.push(self.judge_silence(totals, entry, as_of));
        let mut found: Vec<(Health, String)> = found.into_iter().flatten().collect();
        found.sort_by_key(|(health, _)| std::cmp::Reverse(*health));
        let health = found.first().map_or(Health::Ok, |&(health, _)| health);
        Verdict { health, reasons: found.into_iter().map(|(_, reason)| reason).collect() }
    }

    fn judge_success(&self, totals: &Totals) -> Option<(Health, String)> {
        let rate = totals.counts.success_rate()?;
        let (health, limit) = match rate {
            rate if rate < self.success_rate_critical => (Health::Critical, self.success_rate_critical),
            rate if rate < self.success_rate_warning => (Health::Warning, self.success_rate_warning),
            _ => return None,
        };
        let word = threshold_word(health);
        Some((health, format!("{} succeeded: under {limit}% is {word}", format::percent(Some(rate)))))
    }

    fn judge_duration(&self, totals: &Totals) -> Option<(Health, String)> {
        let p95_ms = totals.p95_ms?;
        let (health, limit) = match p95_ms {
            p95_ms if p95_ms > self.p95_critical_ms => (Health::Critical, self.p95_critical_ms),
            p95_ms if p95_ms > self.p95_warning_ms => (Health::Warning, self.p95_warning_ms),
            _ => return None,
        };
        let (p95, limit) = (format::milliseconds(Some(p95_ms)), format::milliseconds(Some(limit)));
        Some((health, format!("p95 is {p95}: over {limit} is {}", threshold_word(health))))
    }

    fn judge_retries(&self, totals: &Totals) -> Option<(Health, String)> {
        let retries = totals.retries_per_run().filter(|&retries| retries > self.avg_retries_warning)?;
        let (retries, limit) = (format::decimal(Some(retries)), format::decimal(Some(self.avg_retries_warning)));
        Some((Health::Warning, format!("{retries} retries a run: over {limit} is a warning")))
    }

    fn judge_silence(
        &self,
        totals: &Totals,
        entry: Option<&DirectoryEntry>,
        as_of: DateTime<Utc>,
    ) -> Option<(Health, String)> {
        let entry = entry.filter(|entry| entry.is_enabled)?;
        let silent_since = totals.last_execution_at.or(entry.created_at)?;
        if silent_since >= self.silent_before(as_of) {
            return None;
        }
        let days = (as_of - silent_since).num_days();
        let days = format::counted(days, "day", "days");
        let ran = if totals.counts.total() == 0 { "Never ran in" } else { "Nothing ran for" };
        Some((Health::Idle, format!("{ran} {days}: an enabled trigger is idle after {}", self.idle_days)))
    }

    /// What ran last before this moment is idle.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, reason = "days are few")]
    pub fn silent_before(&self, as_of: DateTime<Utc>) -> DateTime<Utc> {
        as_of - TimeDelta::seconds((self.idle_days * 86_400.0) as i64)
    }
}

fn threshold_word(health: Health) -> &'static str {
    if health == Health::Critical { "critical" } else { "a warning" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_of() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_435_205, 0).unwrap_or_default()
    }

    fn entry() -> DirectoryEntry {
        DirectoryEntry {
            is_enabled: true,
            created_at: Some(as_of() - TimeDelta::days(30)),
            ..DirectoryEntry::default()
        }
    }

    fn totals(success: i64, failed: i64) -> Totals {
        let counts = StatusCounts { success, retrying: 0, failed };
        Totals { counts, last_execution_at: Some(as_of()), ..Totals::default() }
    }

    fn judge(totals: &Totals) -> Verdict {
        Thresholds::default().judge(totals, Some(&entry()), as_of())
    }

    #[test]
    fn the_worst_reason_decides_and_all_are_told() {
        let slow = Totals { p95_ms: Some(12_000.0), total_retries: 6, ..totals(7, 3) };
        let verdict = judge(&slow);
        assert_eq!(verdict.health, Health::Critical);
        let reasons = [
            "p95 is 12.0 s: over 10.0 s is critical",
            "70.0% succeeded: under 80% is a warning",
            "0.60 retries a run: over 0.50 is a warning",
        ];
        assert_eq!(verdict.reasons, reasons);
        assert_eq!(judge(&totals(10, 0)), Verdict { health: Health::Ok, reasons: vec![] });
    }

    #[test]
    fn thresholds_themselves_are_still_good() {
        assert_eq!(judge(&totals(8, 2)).health, Health::Ok);
        assert_eq!(judge(&totals(5, 5)).health, Health::Warning);
        assert_eq!(judge(&Totals { p95_ms: Some(10_000.0), ..totals(1, 0) }).health, Health::Warning);
        assert_eq!(judge(&Totals { total_retries: 5, ..totals(10, 0) }).health, Health::Ok);
    }

    #[test]
    fn only_an_enabled_trigger_that_is_listed_is_idle() {
        let silent = Totals { last_execution_at: Some(as_of() - TimeDelta::days(8)), ..totals(1, 0) };
        assert_eq!(judge(&silent).reasons, ["Nothing ran for 8 days: an enabled trigger is idle after 7"]);
        let never = judge(&Totals::default());
        assert_eq!(never.reasons, ["Never ran in 30 days: an enabled trigger is idle after 7"]);
        let thresholds = Thresholds::default();
        let disabled = DirectoryEntry { is_enabled: false, ..entry() };
        assert_eq!(thresholds.judge(&silent, Some(&disabled), as_of()).health, Health::Ok);
        assert_eq!(thresholds.judge(&silent, None, as_of()).health, Health::Ok);
    }
}
