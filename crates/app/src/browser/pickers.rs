//! Fields for days and moments are text until the fold around them opens: a browser takes a while to make a picker, and the
//! first look at a page would wait for it.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, Element, HtmlInputElement};

use crate::browser::all;

/// What kind of picker a field becomes: a type of input.
pub const PICKER: &str = "data-picker";

/// Makes pickers of the fields in open folds, now and whenever one opens.
pub fn listen(document: &Document) {
    make_pickers(document);
    let here = document.clone();
    let toggled = Closure::<dyn Fn()>::new(move || make_pickers(&here));
    // The event of a fold does not bubble: it is heard on its way down. Where it is not, the fields stay text.
    let _ = document.add_event_listener_with_callback_and_bool("toggle", toggled.as_ref().unchecked_ref(), true);
    toggled.forget();
}

fn make_pickers(document: &Document) {
    all(document, "details[open] [data-picker]").iter().for_each(make_picker);
}

/// A picker drops what it cannot show; then the field stays text.
fn make_picker(field: &Element) {
    let Some((input, kind)) = field.dyn_ref::<HtmlInputElement>().zip(field.get_attribute(PICKER)) else { return };
    let (text, written) = (input.type_(), input.value());
    if text == kind {
        return;
    }
    input.set_type(&kind);
    if input.value().is_empty() && !written.is_empty() {
        input.set_type(&text);
        input.set_value(&written);
    }
}
