//! Keys of programs.

use chrono::{DateTime, Utc};
use domain::access::ApiKey;
use leptos::prelude::*;

use super::{Form, ago, form::scope_words};

/// All keys, and a new one.
pub fn content(form: &Form, keys: Vec<ApiKey>, made: Option<String>, now: DateTime<Utc>) -> impl IntoView {
    let good = keys.iter().filter(|key| key.is_good(now)).count();
    let sentence = format!("{good} of {} are good.", domain::format::counted(keys.len() as i64, "key", "keys"));
    let made = made.map(|key| {
        view! {
            <p class="form-done" role="status">"This is the key; it is not shown again. " <code class="secret">{key}</code></p>
        }
    });
    view! {
        <section class="panel" id="keys">
            <h2>"Keys of programs"</h2>
            <p class="sentence">{sentence}</p>
            {form.outcome()}
            {made}
            <div class="scroll" tabindex="0">
                <table class="list">
                    <thead><tr><th>"For"</th><th>"Begins"</th><th>"Role"</th><th>"Sees"</th><th>"Made by"</th><th>"Used"</th><th>"Good until"</th><th>"Revoke"</th></tr></thead>
                    <tbody>{keys.into_iter().map(|key| row(key, now)).collect_view()}</tbody>
                </table>
            </div>
        </section>
        <section class="panel narrow-panel" id="add">
            <h2>"A new key"</h2>
            <form method="post" action="/admin/keys" class="form">
                <input type="hidden" name="does" value="add" />
                {form.field("name", "What it is for", "text", "off")}
                {form.role("add")}
                {form.field("organizations", "Only these organizations (ids, with commas; empty: all)", "text", "off")}
                {form.field("days", "Good for days (1 to 366)", "number", "off")}
                <button type="submit" class="button button-main">"Make a key"</button>
            </form>
        </section>
    }
}

fn row(key: ApiKey, now: DateTime<Utc>) -> impl IntoView {
    let is_good = key.is_good(now);
    let until = match key.revoked_at {
        Some(_) => "revoked".to_owned(),
        None if !is_good => "over".to_owned(),
        None => key.expires_at.format("%-d %b %Y").to_string(),
    };
    let button = is_good.then(|| {
        view! {
            <details>
                <summary aria-label=format!("About to revoke {}", key.name)>"Revoke"</summary>
                <form method="post" action="/admin/keys">
                    <p class="note">"From then on whoever shows this key is refused, for good."</p>
                    <input type="hidden" name="id" value=key.id />
                    <button type="submit" name="does" value="revoke" class="button" aria-label=format!("Revoke {}", key.name)>"Revoke it"</button>
                </form>
            </details>
        }
    });
    view! {
        <tr>
            <td>{key.name.clone()}</td>
            <td data-label="Begins"><code>{key.hint}"…"</code></td>
            <td data-label="Role">{key.role.word()}</td>
            <td data-label="Sees">{scope_words(&key.scope)}</td>
            <td data-label="Made by">{key.created_by}</td>
            <td data-label="Used">{ago(key.last_used_at, now)}</td>
            <td data-label="Good until">{until}</td>
            <td>{button}</td>
        </tr>
    }
}
