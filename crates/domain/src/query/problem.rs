//! What of an address makes no sense.

/// A value that makes no sense, and what would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The name of the parameter.
    pub parameter: &'static str,
    /// What was asked for, its beginning at least.
    pub value: String,
    /// What would make sense.
    pub expected: String,
}

impl Problem {
    pub(super) fn of(parameter: &'static str, value: &str, expected: impl Into<String>) -> Self {
        let mut shown: String = value.chars().take(80).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self { parameter, value: shown, expected: expected.into() }
    }

    /// What is wrong and what would be right, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!(
            "“{}={}” makes no sense and is left out: {} may be {}.",
            self.parameter, self.value, self.parameter, self.expected
        )
    }
}
