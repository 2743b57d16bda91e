//! What is wrong, why that matters, and what mends it.

use domain::doctor::{self, Finding, Severity};
use leptos::prelude::*;

/// All findings, the worst first.
pub fn content(findings: Vec<Finding>) -> impl IntoView {
    let sentence = doctor::sentence(&findings);
    let checks = doctor::CHECKS.iter().map(|check| check.title.to_owned()).collect::<Vec<_>>().join("; ");
    view! {
        <section class="panel" id="doctor">
            <h2>"Doctor"</h2>
            <p class="sentence">{sentence}</p>
            {findings.into_iter().map(finding).collect_view()}
            <details class="checks">
                <summary>"What is looked for"</summary>
                <p class="note">{checks} "."</p>
            </details>
        </section>
    }
}

fn finding(finding: Finding) -> impl IntoView {
    let Finding { check, subject, evidence, fix } = finding;
    let (class, mark) = match check.severity {
        Severity::Critical => ("finding finding-critical", "▲ critical"),
        Severity::Warning => ("finding", "◆ warning"),
    };
    // Where a page mends it, the way there; everything else is read before somebody runs it.
    let page = match check.name {
        "views" | "failures" | "idleness" => Some(("/admin/refresh", "Go to the refreshes")),
        "missing_indexes" | "invalid_indexes" => Some(("/admin/indexes", "Go to the indexes")),
        _ => None,
    };
    view! {
        <article class=class>
            <h3>{check.title} " " <span class="note">{mark}</span></h3>
            <p>{check.why}</p>
            <dl class="facts">
                <dt>"Where"</dt><dd><code>{subject}</code></dd>
                <dt>"Seen"</dt><dd>{evidence}</dd>
                <dt>"Mends it"</dt><dd><code>{fix}</code></dd>
            </dl>
            {page.map(|(path, words)| view! { <p><a href=path>{words}</a></p> })}
        </article>
    }
}
