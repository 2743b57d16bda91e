//! A form: what was typed, and what of it is wrong, beside the field that it is about.

use std::collections::BTreeMap;

use domain::access::{Role, Scope};
use leptos::prelude::*;

/// A form as it was typed. Passwords are never among its values.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Values by the name of their field.
    pub values: BTreeMap<String, String>,
    /// What would be right, by the name of the field that is wrong.
    pub problems: BTreeMap<&'static str, String>,
    /// What is wrong with none of them.
    pub trouble: Option<String>,
    /// What was done.
    pub done: Option<String>,
}

impl Form {
    /// What was typed into a field.
    #[must_use]
    pub fn value(&self, name: &str) -> String {
        self.values.get(name).cloned().unwrap_or_default()
    }

    /// What is wrong with a field, as a sentence.
    pub(super) fn problem(&self, name: &str) -> Option<String> {
        self.problems.get(name).map(|right| format!("Write {right}."))
    }

    /// The form, if it was sent with this value in a field: of several that ask for the same, only that one shows again
    /// what was typed.
    pub(super) fn sent_with(&self, name: &str, value: &str) -> Option<&Self> {
        self.values.get(name).filter(|sent| *sent == value).map(|_| self)
    }

    /// A form that could not be done.
    #[must_use]
    pub fn refused(values: BTreeMap<String, String>, trouble: impl Into<String>) -> Self {
        Self { values, trouble: Some(trouble.into()), ..Self::default() }
    }

    /// An empty form, after something was done.
    #[must_use]
    pub fn done(done: impl Into<String>) -> Self {
        Self { done: Some(done.into()), ..Self::default() }
    }

    /// What came of something: what was done, or the form that was refused.
    #[must_use]
    pub fn of(outcome: Result<String, Self>) -> Self {
        outcome.map_or_else(|refused| refused, Self::done)
    }

    /// Whether anything is wrong.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.trouble.is_some() || !self.problems.is_empty()
    }

    /// What came of it, above its fields.
    pub(super) fn outcome(&self) -> impl IntoView + use<> {
        let trouble = self.trouble.clone().map(|trouble| view! { <p class="form-trouble" role="alert">{trouble}</p> });
        let done = self.done.clone().map(|done| view! { <p class="form-done" role="status">{done}</p> });
        (trouble, done)
    }

    /// A field of one line.
    pub(super) fn field(
        &self,
        name: &'static str,
        label: &'static str,
        kind: &'static str,
        autocomplete: &'static str,
    ) -> impl IntoView + use<> {
        self.field_of("field", name, label, kind, autocomplete)
    }

    /// A field of one of several forms that ask for the same: what the form is of begins its id.
    pub(super) fn field_of(
        &self,
        of: &str,
        name: &'static str,
        label: &'static str,
        kind: &'static str,
        autocomplete: &'static str,
    ) -> impl IntoView + use<> {
        let value = (kind != "password").then(|| self.value(name));
        let problem = self.problem(name);
        let invalid = problem.as_ref().map(|_| "true");
        let id = format!("{of}-{name}");
        let problem_id = format!("{id}-problem");
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                <input
                    type=kind
                    name=name
                    id=id
                    value=value
                    autocomplete=autocomplete
                    aria-invalid=invalid
                    aria-describedby=problem_id.clone()
                />
                <p class="field-problem" id=problem_id>{problem}</p>
            </div>
        }
    }

    /// What somebody may do, to be chosen; what the form is of begins its id.
    pub(super) fn role(&self, of: &str) -> impl IntoView + use<> {
        let chosen = Role::from_word(&self.value("role")).unwrap_or(Role::Viewer);
        let option = |role: Role| {
            let words = format!("{}: {}", role.word(), role.meaning());
            view! { <option value=role.word() selected=role == chosen>{words}</option> }
        };
        let id = format!("{of}-role");
        view! {
            <div class="field">
                <label for=id.clone()>"Role"</label>
                <select name="role" id=id>{Role::ALL.map(option).into_iter().collect_view()}</select>
            </div>
        }
    }
}

/// What somebody sees, in words.
pub(super) fn scope_words(scope: &Scope) -> String {
    match scope {
        Scope::All => "everything".to_owned(),
        Scope::Organizations(_) => scope.words(),
    }
}
