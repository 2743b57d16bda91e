//! One's own account.

use domain::access::Caller;
use leptos::prelude::*;

use super::{Form, form::scope_words};

/// Who one is, a new password, and signing out.
pub fn content(form: &Form, caller: Option<&Caller>, has_password: bool) -> impl IntoView {
    let name = caller.and_then(|caller| caller.name.clone()).unwrap_or_default();
    let role = caller.map(|caller| format!("{} ({})", caller.role.word(), caller.role.meaning())).unwrap_or_default();
    let scope = caller.map(|caller| scope_words(&caller.scope)).unwrap_or_default();
    let password = move |form: &Form| {
        view! {
            <form method="post" action="/account" class="form">
                <h2>"Another password"</h2>
                {form.field("current", "The password so far", "password", "current-password")}
                {form.field("password", "The new one", "password", "new-password")}
                {form.field("again", "The same again", "password", "new-password")}
                <button type="submit" class="button">"Change"</button>
                <p class="note">"Every other session of yours ends."</p>
            </form>
        }
    };
    view! {
        <section class="panel narrow-panel">
            <h1>{name}</h1>
            <dl class="facts">
                <dt>"Role"</dt><dd>{role}</dd>
                <dt>"Sees"</dt><dd>{scope}</dd>
            </dl>
            {form.outcome()}
            {has_password.then(|| password(form))}
            <div class="form-row">
                <form method="post" action="/logout"><button type="submit" class="button">"Sign out"</button></form>
                <form method="post" action="/logout/everywhere"><button type="submit" class="button">"Sign out everywhere"</button></form>
            </div>
        </section>
    }
}
