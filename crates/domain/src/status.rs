//! How an execution ended, and the counts by that.

use serde::{Deserialize, Serialize};

/// How an execution ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It succeeded.
    Success,
    /// It will be tried again.
    Retrying,
    /// It failed for good.
    Failed,
}

impl Status {
    /// All there are, in the order of charts and forms.
    pub const ALL: [Self; 3] = [Self::Success, Self::Retrying, Self::Failed];

    /// As the source and addresses spell it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Retrying => "retrying",
            Self::Failed => "failed",
        }
    }

    /// The status that a word means, if it means one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

/// Executions by how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCounts {
    /// Executions that succeeded.
    pub success: i64,
    /// Executions that will be tried again.
    pub retrying: i64,
    /// Executions that failed for good.
    pub failed: i64,
}

impl StatusCounts {
    /// Counts executions that ended as the source spells it; an unknown word is left out.
    pub fn count(&mut self, status: &str, executions: i64) {
        match status {
            "success" => self.success += executions,
            "retrying" => self.retrying += executions,
            "failed" => self.failed += executions,
            _ => {}
        }
    }

    /// Executions that ended so.
    #[must_use]
    pub fn of(&self, status: Status) -> i64 {
        match status {
            Status::Success => self.success,
            Status::Retrying => self.retrying,
            Status::Failed => self.failed,
        }
    }

    /// All executions.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.success + self.retrying + self.failed
    }

    /// Percentage (0 to 100) of executions that succeeded; `None` when there was none.
    #[must_use]
    pub fn success_rate(&self) -> Option<f64> {
        percentage(self.success, self.total())
    }
}

impl std::ops::Add for StatusCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            success: self.success + other.success,
            retrying: self.retrying + other.retrying,
            failed: self.failed + other.failed,
        }
    }
}

impl std::ops::Sub for StatusCounts {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            success: self.success - other.success,
            retrying: self.retrying - other.retrying,
            failed: self.failed - other.failed,
        }
    }
}

impl std::iter::Sum for StatusCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), std::ops::Add::add)
    }
}

/// `part` of `whole` as a percentage (0 to 100); `None` of nothing.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub fn percentage(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

/// How much more `now` is than `before`, as a percentage of that, negative where it is less; `None` of nothing before.
#[must_use]
pub fn growth(now: i64, before: i64) -> Option<f64> {
    percentage(now - before, before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_of_nothing_is_not_zero() {
        assert_eq!(StatusCounts::default().success_rate(), None);
    }

    #[test]
    fn retrying_counts_as_run_but_not_as_succeeded() {
        let counts = StatusCounts { success: 3, retrying: 1, failed: 0 };
        assert_eq!(counts.success_rate(), Some(75.0));
    }
}
