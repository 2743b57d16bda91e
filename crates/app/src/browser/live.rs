//! What a page knows of its age: one copy for all islands, kept by server-sent events, or by asking when those are cut.
//! When the server has other data than what is shown, the page is fetched again.

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use domain::freshness::Freshness;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

use crate::{api::get_freshness, browser::page};

/// Where the server tells what is new.
const EVENTS: &str = "/events";

/// Seconds of silence after which a page asks by itself. The server speaks every ten.
const PATIENCE_SECONDS: i64 = 25;

/// Seconds between questions while the events are cut.
const ASK_EVERY_SECONDS: i64 = 5;

static LIVE: LazyLock<Live> = LazyLock::new(Live::default);

/// What all islands share. Everything is `None` until the page is live, and always on the server.
#[derive(Default)]
struct Live {
    /// What the server said last, but with the version and the moment of the data that is on screen.
    freshness: ArcRwSignal<Option<Freshness>>,
    /// The server's clock, ticking.
    now: ArcRwSignal<Option<DateTime<Utc>>>,
    /// Since when the server has not answered.
    lost_since: ArcRwSignal<Option<DateTime<Utc>>>,
    /// How far the server's clock is ahead of the browser's.
    clock_offset: ArcRwSignal<TimeDelta>,
    /// When the server's events were heard last.
    heard_at: ArcRwSignal<Option<DateTime<Utc>>>,
    /// When the page asked last because it heard nothing.
    asked_at: ArcRwSignal<Option<DateTime<Utc>>>,
    fetching: ArcRwSignal<bool>,
    /// Whether the page stands still because somebody wants it to.
    paused: ArcRwSignal<bool>,
}

/// The freshness to show: first what the page was drawn with, then what is live.
pub fn follow_freshness(drawn: Freshness) -> Memo<Freshness> {
    Memo::new(move |_| if is_server() { drawn.clone() } else { LIVE.freshness.get().unwrap_or_else(|| drawn.clone()) })
}

/// The server's clock, once a second; stands at `drawn` until the page is live.
pub fn clock(drawn: DateTime<Utc>) -> Memo<DateTime<Utc>> {
    Memo::new(move |_| if is_server() { drawn } else { LIVE.now.get().unwrap_or(drawn) })
}

/// Since when the server has not answered; `None` while it does.
pub fn lost_since() -> Memo<Option<DateTime<Utc>>> {
    Memo::new(move |_| if is_server() { None } else { LIVE.lost_since.get() })
}

/// Makes the page live. `drawn` is the freshness it was drawn with.
pub fn connect(drawn: Freshness) {
    LIVE.freshness.set(Some(drawn.clone()));
    LIVE.heard_at.set(Some(browser_time()));
    accept(drawn);
    tick();
    set_interval(tick, std::time::Duration::from_secs(1));
    listen();
}

/// Listens to the server's events. Browsers try again by themselves unless the server answered with an error, then
/// [`tick`] does.
fn listen() {
    let Ok(events) = EventSource::new(EVENTS) else { return };
    let source = events.clone();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let text = message.data().as_string().unwrap_or_default();
        if let Ok(freshness) = serde_json::from_str(&text) {
            LIVE.heard_at.set(Some(browser_time()));
            accept(freshness);
        }
    });
    events.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let on_error = Closure::<dyn Fn()>::new(move || {
        if source.ready_state() == EventSource::CLOSED {
            set_timeout(listen, std::time::Duration::from_secs(ASK_EVERY_SECONDS.unsigned_abs()));
        }
    });
    events.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    on_error.forget();
}

/// Takes in what the server says, and fetches the page when there is other data than what it shows. While it is the
/// same, only its moment moves on: the server looked, and nothing had changed.
fn accept(mut freshness: Freshness) {
    LIVE.clock_offset.set(freshness.server_time - browser_time());
    LIVE.lost_since.set(None);
    let shown = LIVE
        .freshness
        .with_untracked(|shown| shown.as_ref().map_or((0, None), |shown| (shown.data_version, shown.data_as_of)));
    let is_other = freshness.data_version != shown.0 && freshness.data_as_of.is_some();
    if freshness.data_version != shown.0 {
        // The age on screen is that of the data on screen, also while a server that has just started knows none.
        (freshness.data_version, freshness.data_as_of) = shown;
    }
    LIVE.freshness.set(Some(freshness));
    let is_busy = LIVE.fetching.get_untracked() || LIVE.paused.get_untracked();
    if (is_other || page::waits()) && !is_busy {
        LIVE.fetching.set(true);
        spawn_local(fetch());
    }
}

async fn fetch() {
    // What is shown stays when there is no answer; the next event brings another try.
    if let Ok(shown) = page::fetch().await {
        LIVE.freshness.update(|freshness| {
            if let Some(freshness) = freshness {
                (freshness.data_version, freshness.data_as_of) = (shown.data_version, shown.data_as_of);
            }
        });
    }
    LIVE.fetching.set(false);
}

/// Whether the page stands still because somebody wants it to.
pub fn paused() -> Memo<bool> {
    Memo::new(move |_| !is_server() && LIVE.paused.get())
}

/// Lets the page stand still, or follow the data again.
pub fn toggle_pause() {
    LIVE.paused.update(|paused| *paused = !*paused);
    if !LIVE.paused.get_untracked() {
        spawn_local(ask());
    }
}

/// Moves the clock, and asks the server when it has been silent for long.
fn tick() {
    let here = browser_time();
    let now = here + LIVE.clock_offset.get_untracked();
    LIVE.now.set(Some(now));
    page::tell_ages(now);
    let since = |moment: Option<DateTime<Utc>>| moment.map_or(i64::MAX, |moment| (here - moment).num_seconds());
    let silent = since(LIVE.heard_at.get_untracked());
    if silent >= PATIENCE_SECONDS && since(LIVE.asked_at.get_untracked()) >= ASK_EVERY_SECONDS {
        LIVE.asked_at.set(Some(here));
        spawn_local(ask());
    }
}

async fn ask() {
    match get_freshness().await {
        Ok(freshness) => accept(freshness),
        Err(_) if LIVE.lost_since.get_untracked().is_none() => {
            LIVE.lost_since.set(LIVE.heard_at.get_untracked().or_else(|| Some(browser_time())));
        }
        Err(_) => {}
    }
}

#[allow(clippy::cast_possible_truncation, reason = "milliseconds of any real date fit")]
fn browser_time() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}
