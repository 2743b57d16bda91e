//! What happens in the browser alone: the stream of events, the ticking clock, live charts, the keyboard. On the server all
//! of it rests.

mod charts;
mod echarts;
mod filters;
mod keys;
pub mod live;
mod morph;
pub mod page;
mod pickers;
mod viewer;

use web_sys::{Document, Element};

/// Wakes up a page that the server drew: its charts, its keys, its filter bar, its pickers.
pub fn wake() {
    let Some(document) = document() else { return };
    viewer::remember_zone(&document);
    charts::wake(&document);
    keys::listen(&document);
    filters::listen(&document);
    pickers::listen(&document);
    if let Some(root) = document.document_element() {
        // An attribute that cannot be set is only a matter of looks.
        let _ = root.set_attribute("data-awake", "");
    }
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The elements that a selector finds.
fn all(document: &Document, selector: &str) -> Vec<Element> {
    use wasm_bindgen::JsCast;
    let Ok(found) = document.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|place| found.item(place)?.dyn_into().ok()).collect()
}
