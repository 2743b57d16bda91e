//! What can be chosen in the filter bar.

/// How many of each are offered; others can be reached by links.
pub const OFFERED: i64 = 200;

/// What there is to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Action types, by name.
    pub action_types: Vec<String>,
    /// Ids of the organizations that own a trigger; none where the database knows no organizations.
    pub organizations: Vec<String>,
}
