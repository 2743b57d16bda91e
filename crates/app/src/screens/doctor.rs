//! What is wrong, why that matters, and what mends it.

use domain::doctor::{self, Finding, NamedPlan, Severity};
use leptos::prelude::*;

use super::{Form, statements};

/// All findings, the worst first.
pub fn content(form: &Form, findings: Option<Vec<Finding>>) -> impl IntoView + use<> {
    let sentence = findings.as_deref().map(doctor::sentence);
    let checks = doctor::CHECKS.iter().map(|check| check.title.to_owned()).collect::<Vec<_>>().join("; ");
    view! {
        <section class="panel" id="doctor">
            <h2>"Doctor"</h2>
            <p class="sentence">{sentence}</p>
            {form.outcome()}
            {findings.unwrap_or_default().into_iter().map(finding).collect_view()}
            <details class="checks">
                <summary>"What is looked for"</summary>
                <p class="note">{checks} "."</p>
            </details>
        </section>
    }
}

fn finding(finding: Finding) -> impl IntoView {
    let Finding { check, subject, evidence, fix, plans } = finding;
    let (class, mark) = match check.severity {
        Severity::Critical => ("finding finding-critical", "▲ critical"),
        Severity::Warning => ("finding", "◆ warning"),
    };
    let page = match check.name {
        "views" | "failures" | "idleness" | "stale_views" | "slow_refreshes" => {
            Some(("/admin/refresh", "Go to the refreshes"))
        }
        "missing_indexes" | "invalid_indexes" => Some(("/admin/indexes", "Go to the indexes")),
        "disk" => Some(("/admin/storage", "Go to the storage")),
        _ => None,
    };
    let can_be_run = fix.can_be_run();
    let fix = fix.to_string();
    let run = can_be_run.then(|| mend(check.name, &subject, &fix));
    let fix = if can_be_run { view! { <code>{fix}</code> }.into_any() } else { fix.into_any() };
    view! {
        <article class=class>
            <h3>{check.title} " " <span class="note">{mark}</span></h3>
            <p>{check.why}</p>
            <dl class="facts">
                <dt>"Where"</dt><dd><code>{subject}</code></dd>
                <dt>"Seen"</dt><dd>{evidence}</dd>
                <dt>"Mends it"</dt><dd>{fix}</dd>
            </dl>
            {plans.into_iter().map(plan).collect_view()}
            {run}
            {page.map(|(path, words)| view! { <p><a href=path>{words}</a></p> })}
        </article>
    }
}

fn plan(NamedPlan { name, plan }: NamedPlan) -> impl IntoView {
    view! {
        <details>
            <summary>"Plan of " <code>{name}</code></summary>
            {statements::plan(&plan)}
        </details>
    }
}

/// Runs just the statement that is shown; where something else is found by then, nothing.
fn mend(check: &str, subject: &str, fix: &str) -> impl IntoView + use<> {
    view! {
        <form method="post" action="/admin/doctor">
            <input type="hidden" name="check" value=check.to_owned() />
            <input type="hidden" name="subject" value=subject.to_owned() />
            <input type="hidden" name="fix" value=fix.to_owned() />
            <button type="submit" name="does" value="mend" class="button" aria-label=format!("Run it for {subject}")>"Run it"</button>
        </form>
    }
}
