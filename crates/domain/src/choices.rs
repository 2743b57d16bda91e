//! What can be chosen in the filter bar.

/// How many of each are offered; others can be reached by links.
pub const OFFERED: i64 = 200;

/// What there is to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Action types, by name.
    pub action_types: Vec<Choice>,
    /// The organizations that own a trigger, by name; none where the database knows no organizations.
    pub organizations: Vec<Choice>,
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// As addresses spell it.
    pub value: String,
    /// As people call it.
    pub name: String,
}

impl Choice {
    /// What addresses spell as people call it.
    #[must_use]
    pub fn of(word: &str) -> Self {
        Self { value: word.to_owned(), name: word.to_owned() }
    }
}
