//! Maintenance: what is to be looked after, and whether that was done.

use chrono::{DateTime, Utc};
use domain::{
    format,
    maintenance::{Checked, ITEMS, Item, Maintenance, NOTE_LIMIT, Period, State},
    zone::Zone,
};
use leptos::prelude::*;

use super::Form;

/// The lists, the shortest period first.
pub fn content(form: &Form, maintenance: &Maintenance, zone: Zone, now: DateTime<Utc>) -> impl IntoView + use<> {
    let list = |period: Period| {
        let items = ITEMS.iter().filter(|item| item.period == period);
        let items = items.map(|item| row(form, maintenance, item, zone, now)).collect_view();
        view! {
            <section class="panel">
                <h2>{period.title()}</h2>
                <ul class="tasks">{items}</ul>
            </section>
        }
    };
    view! {
        <section class="panel" id="maintenance">
            <h2>"Maintenance"</h2>
            <p class="sentence">{maintenance.sentence(now)}</p>
            {form.outcome()}
            <form method="post" action="/admin/maintenance" class="form-row">
                <button type="submit" name="does" value="look" class="button">"Look at everything now"</button>
                <span class="note">"Tidemark looks by itself once an hour at what is due. Days, weeks, months and quarters begin in UTC."</span>
            </form>
        </section>
        {Period::ALL.map(list).into_iter().collect_view()}
    }
}

fn row(
    form: &Form,
    maintenance: &Maintenance,
    item: &'static Item,
    zone: Zone,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let (class, mark, word) = match maintenance.state(item, now) {
        State::Done => ("task task-done", "✓", "done"),
        State::Wrong => ("task task-wrong", "▲", "something is wrong"),
        State::Due => ("task", "○", "due"),
    };
    let line = |who: String, checked: &Checked| {
        view! {
            <p class="note">
                {who} ", " {zone.at(checked.checked_at).format("%-d %b %Y %H:%M").to_string()} " ("
                {format::ago(checked.checked_at, now)} "): " <span class="evidence">{checked.evidence.clone()}</span>
            </p>
        }
    };
    let noted = maintenance.noted(item).map(|checked| line(checked.checked_by.clone().unwrap_or_default(), checked));
    let seen = maintenance.seen(item).map(|checked| line("Tidemark".to_owned(), checked));
    view! {
        <li class=class id=item.name>
            <span class="task-mark" aria-hidden="true">{mark}</span>
            <div>
                <h3>{item.title} " " <span class="note">{word}</span></h3>
                {noted}
                {seen}
                <p><a href=item.path>"See more"<span class="visually-hidden">" about: " {item.title}</span></a></p>
                {item.is_for_people.then(|| tick(form, item))}
            </div>
        </li>
    }
}

/// What only a person can tell.
fn tick(form: &Form, item: &'static Item) -> impl IntoView + use<> {
    let sent = form.sent_with("item", item.name);
    let problem = sent.and_then(|form| form.problem("note"));
    let value = sent.map(|form| form.value("note")).unwrap_or_default();
    let (id, invalid) = (format!("note-{}", item.name), problem.as_ref().map(|_| "true"));
    let problem_id = format!("{id}-problem");
    view! {
        <form method="post" action="/admin/maintenance" class="form-row task-form">
            <input type="hidden" name="item" value=item.name />
            <div class="field">
                <label for=id.clone()>"What you saw or did"<span class="visually-hidden">" about: " {item.title}</span></label>
                <input type="text" name="note" id=id maxlength=NOTE_LIMIT.to_string() value=value aria-invalid=invalid aria-describedby=problem_id.clone() />
                <p class="field-problem" id=problem_id>{problem}</p>
            </div>
            <button type="submit" name="does" value="tick" class="button" aria-label=format!("Tick: {}", item.title)>"Tick"</button>
        </form>
    }
}
