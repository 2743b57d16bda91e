//! The keyboard and the buttons of the header.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, Element, HtmlDialogElement, HtmlElement, KeyboardEvent};

use crate::browser::viewer;

/// Listens for keys and clicks.
pub fn listen(document: &Document) {
    let here = document.clone();
    let pressed = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        let is_plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        if is_plain && !is_writing(&event) && press(&here, &event.key()) {
            event.prevent_default();
        }
    });
    // A page that hears no keys works with a mouse.
    let _ = document.add_event_listener_with_callback("keydown", pressed.as_ref().unchecked_ref());
    pressed.forget();
    let here = document.clone();
    let clicked = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let does = element.and_then(|element| element.closest("[data-does]").ok().flatten());
        match does.and_then(|element| element.get_attribute("data-does")).as_deref() {
            Some("theme") => viewer::toggle_theme(&here),
            Some("help") => help(&here),
            _ => {}
        }
    });
    let _ = document.add_event_listener_with_callback("click", clicked.as_ref().unchecked_ref());
    clicked.forget();
}

/// Whether a key belongs to a field that somebody writes in.
fn is_writing(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element
        .is_some_and(|element| element.matches("input, select, textarea, [contenteditable], dialog *").unwrap_or(false))
}

/// Does what a key is for; whether it is for anything.
fn press(document: &Document, key: &str) -> bool {
    match key {
        "r" => click(document, "[data-does=refresh]"),
        "p" => click(document, "[data-does=pause]"),
        "t" => viewer::toggle_theme(document),
        "?" => help(document),
        "/" => focus(document, "[data-search]"),
        "1" | "2" | "3" | "4" | "5" => click(document, &format!(".nav a:nth-child({key})")),
        _ => return false,
    }
    true
}

fn find(document: &Document, selector: &str) -> Option<HtmlElement> {
    document.query_selector(selector).ok().flatten()?.dyn_into().ok()
}

fn click(document: &Document, selector: &str) {
    if let Some(element) = find(document, selector) {
        element.click();
    }
}

fn focus(document: &Document, selector: &str) {
    if let Some(element) = find(document, selector) {
        // What cannot be focused is not there to be searched.
        let _ = element.focus();
    }
}

fn help(document: &Document) {
    let dialog = find(document, "#help").and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok());
    if let Some(dialog) = dialog.filter(|dialog| !dialog.open()) {
        let _ = dialog.show_modal();
    }
}
