//! The charts of the page that are alive.

use std::{cell::RefCell, collections::BTreeMap};

use js_sys::{JSON, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{Document, Element};

use crate::browser::{all, echarts::LiveChart};

thread_local! {
    /// By the id of their element.
    static ALIVE: RefCell<BTreeMap<String, (Element, LiveChart)>> = const { RefCell::new(BTreeMap::new()) };
}

/// Starts the charts that are not alive yet, and ends those that are gone. One that cannot start keeps its drawing.
pub fn wake(document: &Document) {
    ALIVE.with_borrow_mut(|alive| {
        alive.retain(|_, (element, _)| element.is_connected());
        for element in all(document, ".chart") {
            if alive.contains_key(&element.id()) {
                continue;
            }
            if let Ok(chart) = start(&element) {
                alive.insert(element.id(), (element, chart));
            }
        }
    });
}

/// Draws a chart anew when `fetched`, the same one of the page as the server has it now, is made from something else.
pub fn update(shown: &Element, fetched: &Element) {
    let (Some(before), Some(now)) = (json(shown), json(fetched)) else { return };
    if before.text_content() == now.text_content() {
        return;
    }
    before.set_text_content(now.text_content().as_deref());
    ALIVE.with_borrow(|alive| {
        if let Some((element, chart)) = alive.get(&shown.id()) {
            // A chart that cannot be drawn keeps what it showed; its numbers beside are new.
            let _ = draw(element, chart);
        }
    });
}

fn start(element: &Element) -> Result<LiveChart, JsValue> {
    let room = element.query_selector(".chart-alive")?.ok_or(JsValue::NULL)?;
    let chart = LiveChart::start(&room)?;
    draw(element, &chart)?;
    let links = element.clone();
    chart.on_click(move |series, place| {
        if let Some(address) = link(&links, series, place) {
            let _ = web_sys::window().map(|window| window.location().assign(&address));
        }
    })?;
    element.class_list().add_1("alive")?;
    Ok(chart)
}

fn draw(element: &Element, chart: &LiveChart) -> Result<(), JsValue> {
    chart.draw(&Reflect::get(&parsed(element)?, &"option".into())?)
}

/// Where a click on a place of a series leads.
fn link(element: &Element, series: &JsValue, place: &JsValue) -> Option<String> {
    let links = Reflect::get(&parsed(element).ok()?, &"links".into()).ok()?;
    let addresses = Reflect::get(&links, series).ok()?;
    Reflect::get(&addresses, place).ok()?.as_string()
}

fn parsed(element: &Element) -> Result<JsValue, JsValue> {
    let text = json(element).and_then(|json| json.text_content()).unwrap_or_default();
    JSON::parse(&text)
}

/// What a chart is made from.
fn json(element: &Element) -> Option<Element> {
    element.query_selector("script").ok().flatten()
}
