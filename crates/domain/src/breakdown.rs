//! What the bars of a chart are stacked from.

/// What the bars of a chart are stacked from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Breakdown {
    /// How executions ended.
    #[default]
    Status,
    /// Action types.
    Type,
}

impl Breakdown {
    /// All there are, in the order of the page.
    pub const ALL: [Self; 2] = [Self::Status, Self::Type];

    /// As addresses and pages spell it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Type => "type",
        }
    }

    /// The breakdown that a word means, if it means one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.word() == word)
    }
}
