//! The WebAssembly entry point: wakes the islands of the pages.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script when the module is ready.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
    app::wake();
}
