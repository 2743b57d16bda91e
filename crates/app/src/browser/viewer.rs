//! What the server is to know of who looks, in cookies: the time zone and the theme.

use js_sys::{Array, Intl, Object, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlDocument};

/// How long a cookie is kept, in seconds: a year.
const KEPT: u32 = 31_536_000;

/// Tells the server the zone of this machine, for the next page; this one stays in the zone that it says.
pub fn remember_zone(document: &Document) {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    let zone = Reflect::get(&options, &"timeZone".into()).ok().and_then(|zone| zone.as_string());
    if let Some(zone) = zone {
        set_cookie(document, "tz", &zone);
    }
}

/// Changes between light and dark.
pub fn toggle_theme(document: &Document) {
    let Some(root) = document.document_element() else { return };
    let is_dark = match root.get_attribute("data-theme").as_deref() {
        Some(theme) => theme == "dark",
        None => prefers_dark(),
    };
    let theme = if is_dark { "light" } else { "dark" };
    // Without the attribute the theme changes with the next page.
    let _ = root.set_attribute("data-theme", theme);
    set_cookie(document, "theme", theme);
}

fn prefers_dark() -> bool {
    let window = web_sys::window();
    let query =
        window.and_then(|window| Reflect::get(&window, &"matchMedia".into()).ok()?.dyn_into::<js_sys::Function>().ok());
    let answer = query.and_then(|query| query.call1(&js_sys::global(), &"(prefers-color-scheme: dark)".into()).ok());
    answer.and_then(|answer| Reflect::get(&answer, &"matches".into()).ok()?.as_bool()).unwrap_or(false)
}

fn set_cookie(document: &Document, name: &str, value: &str) {
    if let Some(document) = document.dyn_ref::<HtmlDocument>() {
        // Who refuses cookies sees UTC and the machine's theme.
        let _ = document.set_cookie(&format!("{name}={value}; path=/; max-age={KEPT}; samesite=lax"));
    }
}
