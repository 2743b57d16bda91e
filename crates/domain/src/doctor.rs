//! What is wrong with the database, why that matters, and what mends it.

use serde::Serialize;

use crate::format;

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
    /// What mends it: a statement, a command, or where to go.
    pub fix: String,
}

/// All that is looked for.
pub const CHECKS: [Check; 10] = [
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
            let text = String::new;
            check(name).map(|check| Finding { check, subject: text(), evidence: text(), fix: text() })
        };
        let findings: Vec<_> = ["statistics", "views", "statistics"].into_iter().filter_map(finding).collect();
        assert_eq!((exit_code(&findings), exit_code(&findings[..1]), exit_code(&[])), (2, 1, 0));
        assert_eq!(sentence(&findings), "10 checks: 1 critical, 2 warnings.");
        assert_eq!(sentence(&[]), "10 checks, and nothing is wrong.");
        assert_eq!(sentence(&findings[..1]), "10 checks: 1 warning.");
    }
}
