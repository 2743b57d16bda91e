//! The charts of the page that are alive. One starts, draws its axes, then its series one after the other: each takes a while,
//! so each is a task of its own, and between two of them the browser scrolls, and hears keys.

use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use js_sys::{Array, JSON, Object, Reflect};
use leptos::prelude::{request_animation_frame, set_timeout};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element};

use crate::browser::{all, echarts::LiveChart};

thread_local! {
    /// By the id of their element.
    static ALIVE: RefCell<BTreeMap<String, Alive>> = const { RefCell::new(BTreeMap::new()) };
    /// Those that have a step to take, in the order in which they do.
    static WAITING: RefCell<VecDeque<Element>> = const { RefCell::new(VecDeque::new()) };
}

struct Alive {
    element: Element,
    chart: LiveChart,
    next: Step,
}

/// What is next for a chart.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    /// At most so many series are drawn; without any, the axes.
    Draw(u32),
    /// The chart takes the place of the server's drawing.
    Show,
}

/// Starts the charts that are not alive yet, and ends those that are gone. One that cannot start keeps its drawing.
pub fn wake(document: &Document) {
    ALIVE.with_borrow_mut(|alive| alive.retain(|_, chart| chart.element.is_connected()));
    let is_alive = |element: &Element| ALIVE.with_borrow(|alive| alive.contains_key(&element.id()));
    all(document, ".chart").into_iter().filter(|element| !is_alive(element)).for_each(step_soon);
}

/// Draws a chart anew when `fetched`, the same one of the page as the server has it now, is made from something else.
pub fn update(shown: &Element, fetched: &Element) {
    let (Some(before), Some(now)) = (json(shown), json(fetched)) else { return };
    if before.text_content() == now.text_content() {
        return;
    }
    before.set_text_content(now.text_content().as_deref());
    ALIVE.with_borrow_mut(|alive| {
        if let Some(chart) = alive.get_mut(&shown.id()).filter(|chart| chart.next == Step::Show) {
            chart.next = Step::Draw(u32::MAX);
        }
    });
    step_soon(shown.clone());
}

fn step_soon(element: Element) {
    WAITING.with_borrow_mut(|waiting| {
        if waiting.is_empty() {
            after_a_frame();
        }
        if !waiting.contains(&element) {
            waiting.push_back(element);
        }
    });
}

/// What was asked of a chart is drawn with the frame; the next step comes in a task after it.
fn after_a_frame() {
    request_animation_frame(|| set_timeout(take_step, Duration::ZERO));
}

fn take_step() {
    let next = WAITING.with_borrow(|waiting| waiting.front().cloned());
    let is_done = next.filter(|element| element.is_connected()).is_none_or(|element| step(&element).unwrap_or(true));
    WAITING.with_borrow_mut(|waiting| {
        if is_done {
            waiting.pop_front();
        }
        if !waiting.is_empty() {
            after_a_frame();
        }
    });
}

/// Takes the next step of a chart; whether it was the last.
///
/// # Errors
/// The script's exception. The chart stays what it was: the server's drawing, or what it showed before.
fn step(element: &Element) -> Result<bool, JsValue> {
    ALIVE.with_borrow_mut(|alive| {
        let Some(Alive { chart, next, .. }) = alive.get_mut(&element.id()) else {
            let (element, chart) = (element.clone(), start(element)?);
            alive.insert(element.id(), Alive { element, chart, next: Step::Draw(0) });
            return Ok(false);
        };
        *next = match *next {
            Step::Draw(most) => {
                let is_all = draw_series(element, chart, most)? <= most;
                if is_all { Step::Show } else { Step::Draw(most + 1) }
            }
            Step::Show => {
                element.class_list().add_1("alive")?;
                return Ok(true);
            }
        };
        Ok(false)
    })
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
    Ok(chart)
}

/// Draws at most so many series of a chart; how many it has.
fn draw_series(element: &Element, chart: &LiveChart, most: u32) -> Result<u32, JsValue> {
    let option: Object = Reflect::get(&parsed(element)?, &"option".into())?.dyn_into()?;
    let series: Array = Reflect::get(&option, &"series".into())?.dyn_into().unwrap_or_default();
    Reflect::set(&option, &"series".into(), &series.slice(0, most))?;
    chart.draw(&option)?;
    Ok(series.length())
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
