//! What is wrong with the database, why that matters, and what mends it.

mod fix;

use chrono::TimeDelta;
use serde::Serialize;

pub use fix::{Command, Fix};

use crate::{format, statements::Plan};

/// How bad something is, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It will hurt.
    Warning,
    /// It hurts.
    Critical,
}

/// Something that is looked for.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its name, for programs.
    pub name: &'static str,
    /// What is wrong when it finds something.
    pub title: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// How bad it is.
    pub severity: Severity,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked for.
    pub check: &'static Check,
    /// What it is about.
    pub subject: String,
    /// What this very database says.
    pub evidence: String,
    /// What mends it.
    pub fix: Fix,
    /// How the database runs what is slow.
    pub plans: Vec<NamedPlan>,
}

/// How the database runs something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedPlan {
    /// What that is.
    pub name: String,
    /// Its plan.
    pub plan: Plan,
}

/// From where on something is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds {
    /// Age of a view.
    pub stale_after: TimeDelta,
    /// A refresh that takes less is never slow.
    pub slow_refresh: TimeDelta,
    /// Age of a transaction that wrote.
    pub open_after: TimeDelta,
    /// How long a session may idle in a transaction.
    pub idle_after: TimeDelta,
    /// The share of connections that may be taken, 0 to 1.
    pub connections: f64,
    /// Age of the oldest transaction number; the end is at 2,147 million.
    pub transaction_age: i64,
    /// Bytes that a slot may keep while nobody reads it.
    pub slot_bytes: i64,
    /// Bytes that sorts and joins may spill to disk in a day.
    pub spilled_bytes: i64,
    /// How far apart clocks may be.
    pub clocks: TimeDelta,
    /// The share of the disk that must be free, 0 to 1; a large disk is not nearly full for that alone.
    pub free_disk: f64,
    /// Bytes of it that are enough, whatever their share.
    pub free_disk_bytes: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            stale_after: TimeDelta::hours(2),
            slow_refresh: TimeDelta::seconds(1),
            open_after: TimeDelta::minutes(5),
            idle_after: TimeDelta::minutes(15),
            connections: 0.85,
            transaction_age: 1_000_000_000,
            slot_bytes: 1 << 30,
            spilled_bytes: 10 << 30,
            clocks: TimeDelta::seconds(5),
            free_disk: 0.1,
            free_disk_bytes: 10 << 30,
        }
    }
}

/// All that is looked for.
pub const CHECKS: [Check; 15] = [
    Check {
        name: "views",
        title: "A view cannot be read or refreshed",
        why: "Whoever reads it gets an error, or waits while it is refreshed.",
        severity: Severity::Critical,
    },
    Check {
        name: "capture",
        title: "Changes are not captured",
        why: "Late rows, updates and deletes would be missed, so what is shown stays as it was.",
        severity: Severity::Critical,
    },
    Check {
        name: "failures",
        title: "The last refresh failed",
        why: "The view is as old as its last success.",
        severity: Severity::Critical,
    },
    Check {
        name: "drift",
        title: "What is shown differs from the rows",
        why: "Somebody changed rows past the capture, or what Tidemark keeps. Pages and views are wrong by as much.",
        severity: Severity::Critical,
    },
    Check {
        name: "disk",
        title: "The disk of the database is nearly full",
        why: "Postgres stops when it is.",
        severity: Severity::Critical,
    },
    Check {
        name: "stale_views",
        title: "A view is old",
        why: "Pages stay exact, but other programs read what was.",
        severity: Severity::Warning,
    },
    Check {
        name: "slow_refreshes",
        title: "A refresh took far longer than usual",
        why: "Other programs wait longer for fresh views.",
        severity: Severity::Warning,
    },
    Check {
        name: "cron",
        title: "A job of pg_cron does not do its work",
        why: "Refreshes that are left to it do not come.",
        severity: Severity::Warning,
    },
    Check {
        name: "idleness",
        title: "Nobody refreshes the views",
        why: "Pages stay exact, but the views that other programs read grow old.",
        severity: Severity::Warning,
    },
    Check {
        name: "holders",
        title: "A transaction that wrote is open for long",
        why: "Rows that came since are counted anew with every look. Nothing gets inexact.",
        severity: Severity::Warning,
    },
    Check {
        name: "idle_transactions",
        title: "A session idles in a transaction",
        why: "Vacuum can remove nothing that went since it began, so tables grow.",
        severity: Severity::Warning,
    },
    Check {
        name: "missing_indexes",
        title: "An index is missing",
        why: "Pages and refreshes read much more than they need.",
        severity: Severity::Warning,
    },
    Check {
        name: "invalid_indexes",
        title: "An index was left half made",
        why: "Writers keep it up to date, and nobody can use it.",
        severity: Severity::Warning,
    },
    Check {
        name: "statistics",
        title: "The planner knows too little of a table",
        why: "It may choose a slow way to the rows.",
        severity: Severity::Warning,
    },
    Check {
        name: "server",
        title: "A setting or the state of Postgres hurts",
        why: "Sooner or later it stops, or gets slow.",
        severity: Severity::Critical,
    },
];

/// The check of a name.
#[must_use]
pub fn check(name: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.name == name)
}

/// One true sentence.
#[must_use]
pub fn sentence(findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.check.severity == severity).count();
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let checks = format!("{} checks", CHECKS.len());
    match (count(Severity::Critical), count(Severity::Warning)) {
        (0, 0) => format!("{checks}, and nothing is wrong."),
        (0, warnings) => format!("{checks}: {}.", format::counted(number(warnings), "warning", "warnings")),
        (critical, 0) => format!("{checks}: {} critical.", format::count(number(critical))),
        (critical, warnings) => format!(
            "{checks}: {} critical, {}.",
            format::count(number(critical)),
            format::counted(number(warnings), "warning", "warnings")
        ),
    }
}

/// The exit code: 0 nothing, 1 warnings, 2 something critical.
#[must_use]
pub fn exit_code(findings: &[Finding]) -> u8 {
    match findings.iter().map(|finding| finding.check.severity).max() {
        None => 0,
        Some(Severity::Warning) => 1,
        Some(Severity::Critical) => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_decides() {
        let finding = |name| {
            let (subject, evidence, fix) = (String::new(), String::new(), Fix::Advice(String::new()));
            check(name).map(|check| Finding { check, subject, evidence, fix, plans: Vec::new() })
        };
        let findings: Vec<_> = ["statistics", "views", "statistics"].into_iter().filter_map(finding).collect();
        assert_eq!((exit_code(&findings), exit_code(&findings[..1]), exit_code(&[])), (2, 1, 0));
        assert_eq!(sentence(&findings), "15 checks: 1 critical, 2 warnings.");
        assert_eq!(sentence(&[]), "15 checks, and nothing is wrong.");
        assert_eq!(sentence(&findings[..1]), "15 checks: 1 warning.");
    }
}
