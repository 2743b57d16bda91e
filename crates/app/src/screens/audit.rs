//! What was done.

use domain::{access::Act, zone::Zone};
use leptos::prelude::*;

/// Acts, newest first, a page of them.
pub fn content(acts: Vec<Act>, next: Option<i64>, text: String, zone: Zone) -> impl IntoView {
    let is_empty = acts.is_empty();
    let older = next.map(|before| {
        let text = percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC).to_string();
        view! { <a class="button" href=format!("/admin/audit?before={before}&q={text}")>"Older"</a> }
    });
    view! {
        <section class="panel" id="audit">
            <h2>"Audit log"</h2>
            <p class="sentence">"What admins and operators did. Nothing here can be changed or removed."</p>
            <form method="get" action="/admin/audit" class="form-row" role="search">
                <label for="audit-q">"Only with"</label>
                <input type="search" name="q" id="audit-q" value=text.clone() placeholder="a name or an act" data-search="" />
                <button type="submit" class="button">"Show"</button>
            </form>
            {is_empty.then(|| view! { <p class="note">"Nothing was done, or nothing fits."</p> })}
            <div class="scroll" tabindex="0">
                <table class="list">
                    <thead><tr><th>"When"</th><th>"Who"</th><th>"From"</th><th>"What"</th><th>"To"</th><th>"Before and after"</th></tr></thead>
                    <tbody>{acts.into_iter().map(|act| row(act, zone)).collect_view()}</tbody>
                </table>
            </div>
            {older}
        </section>
    }
}

fn row(act: Act, zone: Zone) -> impl IntoView {
    let when = zone.at(act.at).format("%-d %b %Y %H:%M:%S").to_string();
    let has_details = act.before.is_some() || act.after.is_some();
    let details = has_details.then(|| {
        view! {
            <details>
                <summary aria-label=format!("Details of act {}", act.id)>"Details"</summary>
                {act.before.map(|before| view! { <p class="note">"before"</p> <pre>{before}</pre> })}
                {act.after.map(|after| view! { <p class="note">"after"</p> <pre>{after}</pre> })}
            </details>
        }
    });
    view! {
        <tr>
            <td data-label="When"><time datetime=act.at.to_rfc3339()>{when}</time></td>
            <td data-label="Who">{act.actor}</td>
            <td data-label="From">{act.address}</td>
            <td data-label="What">{act.act}</td>
            <td data-label="To">{act.target}</td>
            <td>{details}</td>
        </tr>
    }
}
