//! A password is chosen by a link that works once.

use leptos::prelude::*;

use super::Form;

/// The form, or why there is none. The first admin chooses a name too.
pub fn content(form: &Form, name: Option<String>, is_good: bool) -> impl IntoView {
    let title = match &name {
        _ if !is_good => "No way in",
        Some(_) => "Choose a password",
        None => "Be the first admin",
    };
    let fields = move |form: &Form| {
        let who = match &name {
            Some(name) => {
                view! { <input type="hidden" name="name" autocomplete="username" value=name.clone() /> }.into_any()
            }
            None => form.field("name", "Name", "text", "username").into_any(),
        };
        view! {
            {name.clone().map(|name| view! { <p class="sentence">"For " <strong>{name}</strong> "."</p> })}
            <form method="post" class="form">
                {who}
                {form.field("password", "Password", "password", "new-password")}
                {form.field("again", "The same again", "password", "new-password")}
                <button type="submit" class="button button-main">"Log in with it"</button>
            </form>
        }
    };
    view! {
        <section class="panel door-panel">
            <h1>{title}</h1>
            {form.outcome()}
            {is_good.then(|| fields(form))}
            {(!is_good).then(|| view! {
                <p class="sentence">"This link was used already, or is too old. Ask an admin for another one, or " <a href="/login">"log in"</a> "."</p>
            })}
        </section>
    }
}
