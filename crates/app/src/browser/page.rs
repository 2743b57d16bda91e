//! The page itself, fetched again when its data has changed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::format;
use leptos::{leptos_dom::helpers::set_timeout, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, DomParser, Element, Headers, RequestInit, Response, SupportedType};

use crate::browser::{all, charts, document, morph::morph};

/// Asks the server for the page without drawings.
const LIVE_HEADER: &str = "x-tidemark-live";

/// The zone of the viewer for which the page was drawn: it stays that of an open page.
const VIEWER_HEADER: &str = "x-tidemark-viewer";

/// Which data a page shows.
pub struct Shown {
    /// Which look at the data.
    pub data_version: i64,
    /// As of when.
    pub data_as_of: Option<DateTime<Utc>>,
}

/// Whether the page waits for data to show.
pub fn waits() -> bool {
    document()
        .and_then(|document| document.get_element_by_id("content"))
        .is_some_and(|content| content.has_attribute("data-waits"))
}

/// How often something that is under way is asked for again.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);

/// Asks for the page again every second while it shows something that is under way.
pub fn follow() {
    set_timeout(|| spawn_local(follow_once()), FOLLOW_EVERY);
}

async fn follow_once() {
    let runs = document().is_some_and(|document| matches!(document.query_selector("[data-runs]"), Ok(Some(_))));
    if runs {
        // What is shown stays when there is no answer; the next second brings another try.
        let _ = fetch().await;
    }
    follow();
}

/// Fetches the page at its own address and shows what is new of it.
///
/// # Errors
/// When there is no answer, or it is no page.
pub async fn fetch() -> Result<Shown, JsValue> {
    let document = document().ok_or(JsValue::NULL)?;
    let text = ask(&document).await?;
    let fetched = DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?;
    let content = fetched.get_element_by_id("content").ok_or(JsValue::NULL)?;
    let shown = shown(&content);
    for region in all(&fetched, "[data-live]") {
        if let Some(place) = document.get_element_by_id(&region.id()) {
            morph(&place, &region);
        }
    }
    charts::wake(&document);
    Ok(shown)
}

async fn ask(document: &Document) -> Result<String, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let headers = Headers::new()?;
    headers.set(LIVE_HEADER, "1")?;
    let viewer = document.document_element().and_then(|root| root.get_attribute("data-viewer"));
    headers.set(VIEWER_HEADER, &viewer.unwrap_or_default())?;
    let request = RequestInit::new();
    request.set_headers(&headers);
    let address = window.location().href()?;
    let address = address.split('#').next().unwrap_or_default();
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(address, &request)).await?.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(response.text()?).await?.as_string().ok_or(JsValue::NULL)
}

fn shown(content: &Element) -> Shown {
    let attribute = |name| content.get_attribute(name);
    Shown {
        data_version: attribute("data-version").and_then(|version| version.parse().ok()).unwrap_or_default(),
        data_as_of: attribute("data-as-of").and_then(|moment| moment.parse().ok()),
    }
}

/// Tells every age on the page as of `now`.
pub fn tell_ages(now: DateTime<Utc>) {
    let Some(document) = document() else { return };
    for element in all(&document, "time.ago") {
        let moment = element.get_attribute("datetime").and_then(|moment| moment.parse().ok());
        let Some(words) = moment.map(|moment| format::ago(moment, now)) else { continue };
        if element.text_content().as_deref() != Some(&words) {
            element.set_text_content(Some(&words));
        }
    }
}
