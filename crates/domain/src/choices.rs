//! What can be chosen in the filter bar.

use crate::{format, query::Query};

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

impl Choices {
    /// Says which action type or organization a query asks for in vain. Where there are more than are offered, or nothing
    /// could be read, nobody knows.
    #[must_use]
    pub fn says_missing(&self, query: &Query) -> Vec<String> {
        let is_read = !self.action_types.is_empty();
        let lack = |choices: &[Choice], asked: &Option<String>| {
            let asked = asked.as_ref().filter(|_| is_read && (choices.len() as i64) < OFFERED)?;
            (!choices.iter().any(|choice| choice.value == *asked)).then(|| format::shortened(asked))
        };
        let action_type =
            lack(&self.action_types, &query.action_type).map(|asked| format!("No action type “{asked}” is known yet."));
        let organization = lack(&self.organizations, &query.organization)
            .map(|asked| format!("No organization “{asked}” is known to own a trigger yet."));
        action_type.into_iter().chain(organization).collect()
    }
}

impl Choice {
    /// What addresses spell as people call it.
    #[must_use]
    pub fn of(word: &str) -> Self {
        Self { value: word.to_owned(), name: word.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zone::Zone;

    fn said(choices: &Choices, address: &str) -> Vec<String> {
        choices.says_missing(&Query::parse(address, Zone::UTC).0)
    }

    #[test]
    fn what_is_asked_for_in_vain_is_named_where_all_there_is_is_known() {
        let choices = Choices { action_types: vec![Choice::of("rest")], organizations: vec![Choice::of("acme")] };
        assert_eq!(said(&choices, "type=rest&org=acme"), Vec::<String>::new());
        assert_eq!(
            said(&choices, "type=rset&org=acne"),
            ["No action type “rset” is known yet.", "No organization “acne” is known to own a trigger yet."]
        );
        assert_eq!(said(&Choices::default(), "type=rset&org=acne"), Vec::<String>::new());
        let many = (0..OFFERED).map(|number| Choice::of(&number.to_string())).collect();
        assert_eq!(said(&Choices { action_types: many, ..Choices::default() }, "type=rset"), Vec::<String>::new());
    }
}
