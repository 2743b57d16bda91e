//! What a provider tells of somebody, and what of it counts here.

use domain::access::check_name;
use openidconnect::{AdditionalClaims, IssuerUrl};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Characters of a subject at most, as OpenID has it.
const SUBJECT_LENGTH: usize = 255;

/// Claims that OpenID does not name, as those of groups.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Further {
    #[serde(flatten)]
    claims: Map<String, Value>,
}

impl AdditionalClaims for Further {}

/// The claims that count here.
#[derive(Debug, Clone)]
pub struct Names {
    /// Holds the name.
    pub name: String,
    /// Holds the groups.
    pub groups: String,
}

impl Names {
    /// Whether both were told.
    pub fn are_told(&self, told: &Map<String, Value>) -> bool {
        find(told, &self.name).is_some() && find(told, &self.groups).is_some()
    }
}

/// Somebody for whom a provider vouches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Issuer and subject: nobody else ever has both.
    pub subject: String,
    /// The name.
    pub name: String,
    /// The groups.
    pub groups: Vec<String>,
}

impl Person {
    /// From verified claims.
    ///
    /// # Errors
    /// When they hold no subject, or no name that can be shown.
    pub fn read(issuer: &IssuerUrl, names: &Names, told: &Map<String, Value>) -> anyhow::Result<Self> {
        let subject = told.get("sub").and_then(Value::as_str).unwrap_or_default();
        let is_good = !subject.is_empty() && subject.chars().count() <= SUBJECT_LENGTH && !subject.contains('\0');
        anyhow::ensure!(is_good, "the subject is empty, or longer than {SUBJECT_LENGTH} characters");
        let claims = [names.name.as_str(), "email", "sub"];
        let mut named = claims.into_iter().filter_map(|claim| find(told, claim)?.as_str());
        let name = named.find_map(|name| check_name(name).ok());
        let name = name.ok_or_else(|| anyhow::anyhow!("no claim holds a name of 1 to 200 characters"))?;
        Ok(Self {
            // No URL holds a space.
            subject: format!("{} {subject}", issuer.as_str()),
            name: name.to_owned(),
            groups: find(told, &names.groups).map(groups).unwrap_or_default(),
        })
    }
}

/// Claims as JSON.
///
/// # Errors
/// Never, in truth.
pub fn told(claims: &impl Serialize) -> anyhow::Result<Map<String, Value>> {
    match serde_json::to_value(claims)? {
        Value::Object(claims) => Ok(claims),
        _ => anyhow::bail!("claims are no object"),
    }
}

/// What was signed counts before what was told when asked.
pub fn merge(signed: Map<String, Value>, further: Map<String, Value>) -> Map<String, Value> {
    further.into_iter().chain(signed).collect()
}

/// A claim by its name; dots lead into it where none is called so as a whole.
fn find<'a>(told: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    told.get(name).or_else(|| {
        let mut steps = name.split('.');
        let first = told.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    })
}

/// Providers write a single group without a list.
fn groups(value: &Value) -> Vec<String> {
    match value {
        Value::String(group) => vec![group.clone()],
        Value::Array(groups) => groups.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn read(names: (&str, &str), claims: &Value) -> anyhow::Result<Person> {
        let issuer = IssuerUrl::new("https://id.example".to_owned()).unwrap();
        Person::read(&issuer, &Names { name: names.0.to_owned(), groups: names.1.to_owned() }, &told(claims).unwrap())
    }

    #[test]
    fn somebody_is_called_by_the_first_claim_that_is_a_name() {
        let name = |claims| read(("preferred_username", "groups"), &claims).unwrap().name;
        assert_eq!(name(json!({"sub": "1", "email": "a@b.example", "preferred_username": " anna "})), "anna");
        assert_eq!(name(json!({"sub": "1", "email": "a@b.example", "preferred_username": "  "})), "a@b.example");
        assert_eq!(name(json!({"sub": "1", "email": "a\u{7}b"})), "1");
        assert!(read(("name", "groups"), &json!({"sub": ""})).is_err());
        assert!(read(("name", "groups"), &json!({"sub": "x".repeat(256), "name": "anna"})).is_err());
        let anna = read(("name", "groups"), &json!({"sub": "1", "name": "anna"})).unwrap();
        assert_eq!(anna.subject, "https://id.example 1");
    }

    #[test]
    fn groups_are_found_where_providers_put_them() {
        let groups = |claim, claims| read(("name", claim), &claims).unwrap().groups;
        assert_eq!(groups("groups", json!({"sub": "1", "groups": ["ops", 7, "staff"]})), ["ops", "staff"]);
        assert_eq!(groups("groups", json!({"sub": "1", "groups": "ops"})), ["ops"]);
        assert_eq!(groups("realm_access.roles", json!({"sub": "1", "realm_access": {"roles": ["ops"]}})), ["ops"]);
        assert_eq!(groups("https://x.example/g", json!({"sub": "1", "https://x.example/g": ["ops"]})), ["ops"]);
        assert!(groups("groups", json!({"sub": "1", "groups": {"ops": true}})).is_empty());
        assert!(groups("groups", json!({"sub": "1"})).is_empty());
    }

    #[test]
    fn what_was_signed_counts_first() {
        let merged = merge(
            told(&json!({"sub": "1", "name": "anna"})).unwrap(),
            told(&json!({"name": "ben", "groups": []})).unwrap(),
        );
        assert_eq!(Value::Object(merged), json!({"sub": "1", "name": "anna", "groups": []}));
        let names = Names { name: "name".to_owned(), groups: "groups".to_owned() };
        assert!(names.are_told(&told(&json!({"name": "anna", "groups": []})).unwrap()));
        assert!(!names.are_told(&told(&json!({"name": "anna"})).unwrap()));
    }
}
