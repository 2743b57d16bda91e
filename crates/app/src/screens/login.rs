//! Logging in.

use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Form;

/// Name and password, and the way to the OpenID provider. `next` is where one wanted to go.
pub fn content(form: &Form, next: String, openid: Option<String>) -> impl IntoView {
    // A link: what is sent by a form may not be sent on to another site.
    let address = format!("/login/oidc?next={}", utf8_percent_encode(&next, NON_ALPHANUMERIC));
    let openid = openid.map(|title| view! { <a class="button door-provider" href=address>{title}</a> });
    view! {
        <section class="panel door-panel">
            <h1>"Log in to Tidemark"</h1>
            {form.outcome()}
            {openid}
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
