//! The filter bar: a change submits it by itself, and what is left at its default stays out of the address.

use domain::query::PARAMETERS;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Document, Element, Event, FormData, HtmlFormElement};

/// Listens to the filter bar, where the page has one.
pub fn listen(document: &Document) {
    let form = document.get_element_by_id("filters").and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let Some(form) = form else { return };
    let submitted = form.clone();
    let changed = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_folded = field.is_some_and(|field| field.matches("details *").unwrap_or_default());
        // Both days of a range are chosen before it is shown.
        if !is_folded {
            let _ = submitted.request_submit();
        }
    });
    // A bar that hears no changes has its button.
    let _ = form.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
    changed.forget();
    let sent = Closure::<dyn Fn(JsValue)>::new(|event: JsValue| {
        let data = Reflect::get(&event, &"formData".into()).ok().and_then(|data| data.dyn_into::<FormData>().ok());
        if let Some(data) = data {
            leave_out_defaults(&data);
        }
    });
    let _ = form.add_event_listener_with_callback("formdata", sent.as_ref().unchecked_ref());
    sent.forget();
    // Who comes back finds the fields as the page was drawn.
    let back = Closure::<dyn Fn()>::new(move || form.reset());
    let _ = web_sys::window()
        .map(|window| window.add_event_listener_with_callback("pageshow", back.as_ref().unchecked_ref()));
    back.forget();
}

fn leave_out_defaults(data: &FormData) {
    for name in PARAMETERS.into_iter().chain(["from", "to"]) {
        if data.get(name).as_string().is_some_and(|value| value.is_empty()) {
            data.delete(name);
        }
    }
}
