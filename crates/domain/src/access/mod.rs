//! Who may do what, and whose data somebody sees.

mod people;

use std::collections::BTreeSet;

pub use people::{Act, ApiKey, Person};

use crate::format;

/// What somebody may do. Each role may all that those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Look.
    Viewer,
    /// Also refresh, mark time, and resolve errors.
    Operator,
    /// Everything.
    Admin,
}

impl Role {
    /// All there are, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Operator, Self::Admin];

    /// As the database and the command line spell it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }

    /// The role that a word spells.
    ///
    /// # Errors
    /// A text that says which there are.
    pub fn from_word(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|role| role.word() == word)
            .ok_or_else(|| "one of viewer, operator, admin".to_owned())
    }

    /// What it may, for a list to choose from.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Viewer => "looks",
            Self::Operator => "also refreshes, marks and resolves",
            Self::Admin => "everything",
        }
    }
}

/// Whose executions somebody sees: a trigger belongs to the organization that owns it now. There is no default on
/// purpose: whoever reads data says for whom.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All there are, those without a trigger too.
    All,
    /// Those of the triggers of these organizations, by id; never empty.
    Organizations(BTreeSet<String>),
}

impl Scope {
    /// What the database keeps: no list stands for all.
    #[must_use]
    pub fn of(organizations: Option<Vec<String>>) -> Self {
        organizations.map_or(Self::All, |ids| Self::Organizations(ids.into_iter().collect()))
    }

    /// The ids of the organizations; `None` for all.
    #[must_use]
    pub fn organizations(&self) -> Option<Vec<String>> {
        match self {
            Self::All => None,
            Self::Organizations(ids) => Some(ids.iter().cloned().collect()),
        }
    }

    /// The organizations that are left when one of them is asked for; `None` for all.
    #[must_use]
    pub fn narrowed(&self, organization: Option<&str>) -> Option<Vec<String>> {
        match (self, organization) {
            (_, None) => self.organizations(),
            (Self::Organizations(ids), Some(asked)) if !ids.contains(asked) => Some(Vec::new()),
            (_, Some(asked)) => Some(vec![asked.to_owned()]),
        }
    }

    /// Whether what belongs to an organization, or to none, is seen.
    #[must_use]
    pub fn shows(&self, organization: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::Organizations(ids) => organization.is_some_and(|id| ids.contains(id)),
        }
    }

    /// Ids as people write them, with commas; nothing written is all.
    ///
    /// # Errors
    /// When there are more than a thousand.
    pub fn read(text: &str) -> Result<Self, String> {
        let ids: BTreeSet<String> =
            text.split(',').map(str::trim).filter(|id| !id.is_empty()).map(ToOwned::to_owned).collect();
        match ids.len() {
            0 => Ok(Self::All),
            1..=1000 => Ok(Self::Organizations(ids)),
            number => Err(format!("at most 1,000 organizations, these are {number}")),
        }
    }

    /// As people write it.
    #[must_use]
    pub fn words(&self) -> String {
        self.organizations().map(|ids| ids.join(", ")).unwrap_or_default()
    }
}

/// What would be right instead of organizations that nothing is known of; `None` where there are none of those.
#[must_use]
pub fn says_unknown(organizations: &[String]) -> Option<String> {
    let quoted = |id: &String| format!("“{}”", format::shortened(id));
    let mut names: Vec<_> = organizations.iter().take(NAMED).map(quoted).collect();
    if let Some(more) = organizations.len().checked_sub(NAMED).filter(|more| *more > 0) {
        names.push(format!("{more} more"));
    }
    let right = || format!("ids of organizations that this database knows, not {}", names.join(", "));
    (!names.is_empty()).then(right)
}

/// Who asks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// How one is called in the audit log and beside what one marks; `None` for who has not logged in.
    pub name: Option<String>,
    /// What one may do.
    pub role: Role,
    /// What one sees.
    pub scope: Scope,
    /// The number of the person, where it is one who logged in.
    pub user: Option<i64>,
}

impl Caller {
    /// Whether one may do what needs a role.
    #[must_use]
    pub fn may(&self, role: Role) -> bool {
        self.role >= role
    }

    /// Somebody who has not logged in, where such people may look.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { name: None, role: Role::Viewer, scope: Scope::All, user: None }
    }
}

/// Unknown organizations that are named before the others are counted.
const NAMED: usize = 3;

/// The longest name, in characters.
pub const NAME_LENGTH: usize = 200;

/// The shortest password, in characters: NIST SP 800-63B asks for eight, without rules about which.
pub const PASSWORD_LENGTH: usize = 10;

/// The longest password, in bytes: hashing takes time.
pub const PASSWORD_BYTES: usize = 1000;

/// A name that can be kept.
///
/// # Errors
/// What would be right.
pub fn check_name(name: &str) -> Result<&str, String> {
    let name = name.trim();
    match name.chars().count() {
        0 => Err("a name".to_owned()),
        length if length > NAME_LENGTH => Err(format!("at most {NAME_LENGTH} characters, these are {length}")),
        _ if name.chars().any(char::is_control) => Err("a name without control characters".to_owned()),
        _ => Ok(name),
    }
}

/// A password that is good enough for this name.
///
/// # Errors
/// What would be right.
pub fn check_password(password: &str, name: &str) -> Result<(), String> {
    if password.chars().count() < PASSWORD_LENGTH {
        return Err(format!("at least {PASSWORD_LENGTH} characters"));
    }
    if password.len() > PASSWORD_BYTES {
        return Err(format!("at most {PASSWORD_BYTES} bytes"));
    }
    let mut characters = password.chars();
    let first = characters.next();
    if characters.all(|character| Some(character) == first) || password.eq_ignore_ascii_case(name) {
        return Err("something that is not easily guessed".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_those_before_it_may() {
        assert!(Role::Viewer < Role::Operator && Role::Operator < Role::Admin);
        for role in Role::ALL {
            assert_eq!(Role::from_word(role.word()), Ok(role));
        }
        assert_eq!(Role::from_word("root"), Err("one of viewer, operator, admin".to_owned()));
    }

    #[test]
    fn organizations_are_written_with_commas_and_nothing_is_all() {
        let scope = Scope::read(" acme, zeta,,acme ");
        assert_eq!(scope.as_ref().map(Scope::words), Ok("acme, zeta".to_owned()));
        assert_eq!(scope.as_ref().map(|scope| Scope::of(scope.organizations())), scope.as_ref().cloned());
        assert_eq!(Scope::read(" , "), Ok(Scope::All));
        assert_eq!(Scope::All.organizations(), None);
        let many: Vec<_> = (0..1001).map(|number| number.to_string()).collect();
        assert!(Scope::read(&many.join(",")).is_err());
    }

    #[test]
    fn what_is_asked_for_never_widens_what_is_seen() {
        let scope = Scope::Organizations(["acme".to_owned(), "zeta".to_owned()].into());
        assert_eq!(scope.narrowed(None), scope.organizations());
        assert_eq!(scope.narrowed(Some("acme")), Some(vec!["acme".to_owned()]));
        assert_eq!(scope.narrowed(Some("other")), Some(vec![]), "nothing, not everything");
        assert_eq!((Scope::All.narrowed(None), Scope::All.narrowed(Some("x"))), (None, Some(vec!["x".to_owned()])));
        assert!(
            scope.shows(Some("acme")) && !scope.shows(Some("other")) && !scope.shows(None) && Scope::All.shows(None)
        );
    }

    #[test]
    fn names_and_passwords_are_judged_with_what_would_be_right() {
        assert_eq!(check_name(" Anna "), Ok("Anna"));
        assert!(check_name(" ").is_err() && check_name("a\nb").is_err() && check_name(&"x".repeat(201)).is_err());
        assert_eq!(check_password("correct horse", "anna"), Ok(()));
        assert_eq!(check_password("short", "anna"), Err("at least 10 characters".to_owned()));
        assert!(check_password("aaaaaaaaaaaa", "anna").is_err());
        assert!(check_password("Maximilian", "maximilian").is_err());
        assert!(check_password(&"ab".repeat(501), "anna").is_err());
    }
}
