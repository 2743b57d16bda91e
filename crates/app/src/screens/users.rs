//! Who may log in.

use chrono::{DateTime, Utc};
use domain::access::Person;
use leptos::prelude::*;

use super::{Form, ago, form::scope_words};

/// Everybody, each with what can be changed, and somebody new.
pub fn content(
    form: &Form,
    people: Vec<Person>,
    invited: Option<(String, String)>,
    now: DateTime<Utc>,
) -> impl IntoView {
    let active = people.iter().filter(|person| !person.is_disabled).count();
    let sentence =
        format!("{active} of {} may log in.", domain::format::counted(people.len() as i64, "person", "people"));
    let link = invited.map(|(name, link)| {
        view! {
            <p class="form-done" role="status">
                "Give this link to " <strong>{name}</strong> ": it works once, within a day. " <code class="secret">{link}</code>
            </p>
        }
    });
    let new = form.sent_with("does", "add").cloned().unwrap_or_default();
    view! {
        <section class="panel" id="users">
            <h2>"Users"</h2>
            <p class="sentence">{sentence}</p>
            {form.outcome()}
            {link}
            <div class="scroll" tabindex="0">
                <table class="list">
                    <thead><tr><th>"Name"</th><th>"Role"</th><th>"Sees"</th><th>"Logged in"</th><th class="number">"Sessions"</th><th>"Change"</th></tr></thead>
                    <tbody>{people.into_iter().map(|person| row(form, person, now)).collect_view()}</tbody>
                </table>
            </div>
        </section>
        <section class="panel narrow-panel" id="add">
            <h2>"Somebody new"</h2>
            <form method="post" action="/admin/users" class="form">
                <input type="hidden" name="does" value="add" />
                {new.field("name", "Name", "text", "off")}
                {new.role("add")}
                {new.field("organizations", "Only these organizations (ids, with commas; empty: all)", "text", "off")}
                <button type="submit" class="button button-main">"Add, and make a link to choose a password"</button>
            </form>
        </section>
    }
}

fn row(form: &Form, person: Person, now: DateTime<Utc>) -> impl IntoView + use<> {
    let how = match (person.source.as_str(), person.has_password) {
        ("local", true) => "",
        ("local", false) => "no password yet",
        ("oidc", _) => "by OpenID",
        _ => "by the proxy",
    };
    let state = if person.is_disabled { "kept out" } else { how };
    let is_local = person.source == "local";
    let id = format!("user-{}", person.id);
    let sent = form.sent_with("id", &person.id.to_string()).filter(|form| form.is_refused());
    let shown = sent.cloned().unwrap_or_else(|| as_kept(&person));
    view! {
        <tr id=id.clone()>
            <td>{person.name.clone()} " " <span class="note">{state}</span></td>
            <td data-label="Role">{person.role.word()}</td>
            <td data-label="Sees">{scope_words(&person.scope)}</td>
            <td data-label="Logged in">{ago(person.last_login_at, now)}</td>
            <td data-label="Sessions" class="number">{person.sessions}</td>
            <td>
                <details open=sent.is_some()>
                    <summary aria-label=format!("Change {}", person.name)>"Change"</summary>
                    <form method="post" action="/admin/users" class="form">
                        <input type="hidden" name="id" value=person.id />
                        {shown.role(&id)}
                        {shown.field_of(&id, "organizations", "Only these organizations", "text", "off")}
                        <label class="check">
                            <input type="checkbox" name="disabled" value="1" checked={shown.value("disabled") == "1"} />
                            "Kept out"
                        </label>
                        <div class="form-row">
                            <button type="submit" name="does" value="change" class="button">"Save"</button>
                            <button type="submit" name="does" value="sign-out" class="button">"End all sessions"</button>
                            {is_local.then(|| view! { <button type="submit" name="does" value="reset" class="button">"Make a link for a new password"</button> })}
                        </div>
                    </form>
                </details>
            </td>
        </tr>
    }
}

/// The form that changes somebody, before anything is typed.
fn as_kept(person: &Person) -> Form {
    let values = [
        ("role", person.role.word().to_owned()),
        ("organizations", person.scope.words()),
        ("disabled", if person.is_disabled { "1" } else { "" }.to_owned()),
    ];
    Form { values: values.map(|(name, value)| (name.to_owned(), value)).into(), ..Form::default() }
}
