//! The marks of the time that a page is about: the list of them, and a plain form to add one.

use std::sync::Arc;

use domain::{
    access::Role,
    annotations::{Annotation, Annotations, Fields, Kind, LONGEST_TEXT},
    page::Page,
    zone::Zone,
};
use leptos::prelude::*;

use crate::snapshot::{Attempt, Snapshot, Typed};

/// How a moment is written.
const MOMENT: &str = "yyyy-mm-dd hh:mm";

/// The marks, folded away behind how many there are. They follow the data of an open page, but for a form that was refused:
/// what was typed there stays.
#[component]
pub fn Marks(snapshot: Arc<Snapshot>) -> impl IntoView {
    let none = Annotations::default();
    let annotations = snapshot.view.as_ref().map_or(&none, |view| &view.annotations);
    let action = snapshot.query.href(snapshot.page.as_ref().unwrap_or(&Page::Overview));
    let attempt = snapshot.attempt.clone().filter(|attempt| matches!(attempt.typed, Typed::Annotation(_)));
    let is_refused = attempt.is_some();
    let (id, live) = if is_refused { ("marks-refused", None) } else { ("marks", Some("")) };
    let zone = snapshot.query.zone;
    let may_mark = snapshot.may(Role::Operator);
    let entry =
        |annotation: &Annotation| view! { <Entry annotation=annotation.clone() zone action=action.clone() may_mark /> };
    let signs = Kind::ALL.into_iter().filter(|kind| annotations.list.iter().any(|one| one.kind == *kind));
    let sign = |kind: Kind| view! { <span class=format!("sign sign-{}", kind.word())>{kind.sign()}</span> };
    let is_shown = may_mark || !annotations.list.is_empty();
    let fold = view! {
            <details class="marks-fold" open=is_refused>
                <summary>
                    <span class="signs" aria-hidden="true">{signs.map(sign).collect_view()}</span>
                    {if annotations.list.is_empty() { "Mark".to_owned() } else { annotations.counted() }}
                </summary>
                <div class="popover marks-popover">
                    <ul class="marks-list">{annotations.list.iter().rev().map(entry).collect_view()}</ul>
                    {annotations.has_more.then(|| view! { <p class="note">"Older ones are left out; a shorter time has them."</p> })}
                    {may_mark.then(|| view! { <MarkForm action=action.clone() zone attempt /> })}
                </div>
            </details>
    };
    view! { <div class="marks" id=id data-live=live>{is_shown.then_some(fold)}</div> }
}

/// One mark; who may remove it has a button that asks before.
#[component]
fn Entry(annotation: Annotation, zone: Zone, action: String, may_mark: bool) -> impl IntoView {
    let Annotation { id, kind, text, .. } = annotation.clone();
    let removal = view! {
        <details class="removal">
            <summary aria-label=format!("Remove {}", annotation.words())>"Remove"</summary>
            <form method="post" action=action>
                <input type="hidden" name="does" value="remove" />
                <input type="hidden" name="id" value=id />
                <button type="submit" class="button">"Remove from all charts"</button>
            </form>
        </details>
    };
    view! {
        <li id=format!("mark-{id}")>
            <span class=format!("sign sign-{}", kind.word()) aria-hidden="true">{kind.sign()}</span>
            <p>
                <strong>{kind.title()}</strong> " " <span class="mark-text">{text}</span>
                <span class="mark-when">{annotation.when(zone)}</span>
            </p>
            {may_mark.then_some(removal)}
        </li>
    }
}

/// The form. What was typed and refused stands in it again, with what is wrong beside each field.
#[component]
fn MarkForm(action: String, zone: Zone, #[prop(optional_no_strip)] attempt: Option<Attempt>) -> impl IntoView {
    let attempt = attempt.unwrap_or_default();
    let problem = |field| attempt.problem(field);
    let fields = if let Typed::Annotation(fields) = &attempt.typed { fields.clone() } else { Fields::default() };
    let Fields { kind, at, until, text } = fields;
    let chosen = Kind::from_word(&kind).unwrap_or_default();
    let option = move |kind: Kind| {
        view! { <option value=kind.word() selected=kind == chosen>{format!("{} {}", kind.sign(), kind.title())}</option> }
    };
    let when = format!("Times in {zone}. Without a beginning it is now; without an end it is a moment.");
    view! {
        <form class="mark-form" method="post" action=action aria-labelledby="mark-title">
            <h2 id="mark-title">"Mark a deploy, an incident or anything else"</h2>
            {attempt.trouble.map(|trouble| view! { <p class="field-problem" role="alert">{trouble}</p> })}
            <Field name="kind" title="What" problem=problem("kind")>
                <select name="kind" id="mark-kind" aria-describedby="mark-kind-problem">{Kind::ALL.map(option).into_iter().collect_view()}</select>
            </Field>
            <Field name="text" title="In a few words" problem=problem("text")>
                <input type="text" name="text" id="mark-text" value=text maxlength=LONGEST_TEXT autocomplete="off" aria-describedby="mark-text-problem" />
            </Field>
            <Field name="at" title="From" problem=problem("at")>
                <input type="text" data-picker="datetime-local" placeholder=MOMENT name="at" id="mark-at" value=at aria-describedby="mark-at-problem" />
            </Field>
            <Field name="until" title="To" problem=problem("until")>
                <input type="text" data-picker="datetime-local" placeholder=MOMENT name="until" id="mark-until" value=until aria-describedby="mark-until-problem" />
            </Field>
            <p class="note">{when} " Everybody who may look sees it."</p>
            <button type="submit" class="button" name="does" value="add">"Mark on all charts"</button>
        </form>
    }
}

/// A field with its name, and what is wrong with it.
#[component]
fn Field(
    name: &'static str,
    title: &'static str,
    #[prop(optional_no_strip)] problem: Option<String>,
    children: Children,
) -> impl IntoView {
    let is_wrong = problem.is_some();
    view! {
        <div class="field" class:field-wrong=is_wrong>
            <label for=format!("mark-{name}")>{title}</label>
            {children()}
            <p class="field-problem" id=format!("mark-{name}-problem")>{problem}</p>
        </div>
    }
}
