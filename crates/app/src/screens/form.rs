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
        let value = (kind != "password").then(|| self.value(name));
        let problem = self.problems.get(name).map(|problem| format!("Write {problem}."));
        let invalid = problem.as_ref().map(|_| "true");
        view! {
            <div class="field">
                <label for=format!("field-{name}")>{label}</label>
                <input
                    type=kind
                    name=name
                    id=format!("field-{name}")
                    value=value
                    autocomplete=autocomplete
                    aria-invalid=invalid
                    aria-describedby=format!("field-{name}-problem")
                />
                <p class="field-problem" id=format!("field-{name}-problem")>{problem}</p>
            </div>
        }
    }

    /// What somebody may do.
    pub(super) fn role(&self, id: &str) -> impl IntoView + use<> {
        role_field(id, Role::from_word(&self.value("role")).unwrap_or(Role::Viewer))
    }
}

/// What somebody may do, to be chosen.
pub(super) fn role_field(id: &str, chosen: Role) -> impl IntoView + use<> {
    let option = |role: Role| {
        let words = format!("{}: {}", role.word(), role.meaning());
        view! { <option value=role.word() selected=role == chosen>{words}</option> }
    };
    let id = format!("{id}-role");
    view! {
        <div class="field">
            <label for=id.clone()>"Role"</label>
            <select name="role" id=id>{Role::ALL.map(option).into_iter().collect_view()}</select>
        </div>
    }
}

/// What somebody sees, in words.
pub(super) fn scope_words(scope: &Scope) -> String {
    match scope {
        Scope::All => "everything".to_owned(),
        Scope::Organizations(_) => scope.words(),
    }
}
