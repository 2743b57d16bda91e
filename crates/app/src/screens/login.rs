//! Logging in.

use leptos::prelude::*;

use super::Form;

/// Name and password. `next` is where one wanted to go.
pub fn content(form: &Form, next: String) -> impl IntoView {
    view! {
        <section class="panel door-panel">
            <h1>"Log in to Tidemark"</h1>
            {form.outcome()}
            <form method="post" action="/login" class="form">
                <input type="hidden" name="next" value=next />
                {form.field("name", "Name", "text", "username")}
                {form.field("password", "Password", "password", "current-password")}
                <button type="submit" class="button button-main">"Log in"</button>
            </form>
            <p class="note">"No account, or no password any more? An admin makes a link for you: "<code>"tidemark user reset NAME"</code>"."</p>
        </section>
    }
}
