//! The charts of the page that are alive. Starting or drawing one takes a while, so each of it is a task of its own: between
//! two of them the browser scrolls, and hears keys.

use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use js_sys::{JSON, Reflect};
use leptos::prelude::set_timeout;
use wasm_bindgen::JsValue;
use web_sys::{Document, Element};

use crate::browser::{all, echarts::LiveChart};

thread_local! {
    /// By the id of their element.
    static ALIVE: RefCell<BTreeMap<String, (Element, LiveChart)>> = const { RefCell::new(BTreeMap::new()) };
    /// Those that are to be drawn, in the order in which they are.
    static WAITING: RefCell<VecDeque<Element>> = const { RefCell::new(VecDeque::new()) };
}

/// Starts the charts that are not alive yet, and ends those that are gone. One that cannot start keeps its drawing.
pub fn wake(document: &Document) {
    ALIVE.with_borrow_mut(|alive| alive.retain(|_, (element, _)| element.is_connected()));
    let is_alive = |element: &Element| ALIVE.with_borrow(|alive| alive.contains_key(&element.id()));
    all(document, ".chart").into_iter().filter(|element| !is_alive(element)).for_each(draw_soon);
}

/// Draws a chart anew when `fetched`, the same one of the page as the server has it now, is made from something else.
pub fn update(shown: &Element, fetched: &Element) {
    let (Some(before), Some(now)) = (json(shown), json(fetched)) else { return };
    if before.text_content() == now.text_content() {
        return;
    }
    before.set_text_content(now.text_content().as_deref());
    draw_soon(shown.clone());
}

fn draw_soon(element: Element) {
    WAITING.with_borrow_mut(|waiting| {
        if waiting.is_empty() {
            set_timeout(draw_next, Duration::ZERO);
        }
        if !waiting.contains(&element) {
            waiting.push_back(element);
        }
    });
}

/// Starts the first chart that waits, or draws it where it is started.
fn draw_next() {
    let next = WAITING.with_borrow(|waiting| waiting.front().cloned());
    let is_drawn = next.filter(|element| element.is_connected()).is_none_or(|element| {
        ALIVE.with_borrow_mut(|alive| {
            let Some((_, chart)) = alive.get(&element.id()) else {
                // One that cannot start keeps its drawing.
                let Ok(chart) = start(&element) else { return true };
                alive.insert(element.id(), (element, chart));
                return false;
            };
            // One that cannot be drawn keeps what it showed; its numbers beside are new.
            let _ = draw(&element, chart);
            true
        })
    });
    WAITING.with_borrow_mut(|waiting| {
        if is_drawn {
            waiting.pop_front();
        }
        if !waiting.is_empty() {
            set_timeout(draw_next, Duration::ZERO);
        }
    });
}

fn start(element: &Element) -> Result<LiveChart, JsValue> {
    let room = element.query_selector(".chart-alive")?.ok_or(JsValue::NULL)?;
    let chart = LiveChart::start(&room)?;
    let links = element.clone();
    chart.on_click(move |series, place| {
        if let Some(address) = link(&links, series, place) {
            let _ = web_sys::window().map(|window| window.location().assign(&address));
        }
    })?;
    let drawn = element.clone();
    chart.on_drawn(move || {
        // A class that cannot be set leaves the server's drawing on top.
        let _ = drawn.class_list().add_1("alive");
    })?;
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
