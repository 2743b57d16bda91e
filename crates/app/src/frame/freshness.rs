//! How fresh the page is: the line in the header with the tide, and the banner when that is a reason to worry.

use chrono::{DateTime, FixedOffset, Offset, Utc};
use domain::{
    format,
    freshness::{Freshness, Staleness},
};
use leptos::{prelude::*, server_fn::ServerFn, web_sys::SubmitEvent};

use crate::{
    api::{ApiError, RefreshNow},
    browser::live,
};

/// The line in the header: as of when, how long ago, the buttons, and the tide below. It also makes the page live.
/// `zone` is the short name of the zone of the page, whose clock is `offset_seconds` ahead of UTC. Who may not refresh has
/// no button for it.
#[island]
pub fn FreshnessLine(drawn: Freshness, offset_seconds: i32, zone: String, may_refresh: bool) -> impl IntoView {
    let now = live::clock(drawn.server_time);
    let freshness = live::follow_freshness(drawn.clone());
    let staleness = Memo::new(move |_| freshness.read().staleness(now.get()));
    let offset = FixedOffset::east_opt(offset_seconds).unwrap_or_else(|| Utc.fix());
    let as_of = move || match freshness.read().data_as_of {
        Some(moment) => {
            let ago = format::ago(moment, now.get());
            format!("as of {} {zone} · {ago}", format::clock(&moment.with_timezone(&offset)))
        }
        None => "not read yet".to_owned(),
    };
    Effect::new(move |_| live::connect(drawn.clone()));
    view! {
        <div class="freshness" data-staleness=move || word(staleness.get())>
            <span class="dot" aria-hidden="true"></span>
            <span class="as-of">{as_of}</span>
            <PauseButton />
            {may_refresh.then(|| view! { <RefreshButton now /> })}
        </div>
        <progress
            class="tide"
            data-staleness=move || word(staleness.get())
            max="1"
            prop:value=move || tide(&freshness.read(), now.get())
            value=move || tide(&freshness.read(), now.get())
            aria-label="Freshness: full right after a refresh, empty when the data is stale"
        ></progress>
    }
}

/// Stops the page from following the data, and lets it go on.
#[component]
fn PauseButton() -> impl IntoView {
    let paused = live::paused();
    view! {
        <button
            type="button"
            class="icon pause"
            data-does="pause"
            aria-pressed=move || paused.get().to_string()
            aria-label="Pause live updates"
            on:click=move |_| live::toggle_pause()
        >
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d=move || if paused.get() { "M5 3 l8 5 l-8 5 z" } else { "M4 3 h3 v10 h-3 z M9 3 h3 v10 h-3 z" } />
            </svg>
        </button>
        <span class="paused" role="status">{move || paused.get().then_some("paused")}</span>
    }
}

fn tide(freshness: &Freshness, now: DateTime<Utc>) -> String {
    format!("{:.3}", freshness.tide(now))
}

/// What the style sheet calls a verdict.
fn word(staleness: Staleness) -> &'static str {
    match staleness {
        Staleness::Fresh => "fresh",
        Staleness::Warning => "warning",
        Staleness::Stale | Staleness::Critical => "stale",
    }
}

/// Refreshes all views. Without scripts it is a plain form, answered by the page anew.
#[component]
fn RefreshButton(now: Memo<DateTime<Utc>>) -> impl IntoView {
    let refresh = ServerAction::<RefreshNow>::new();
    let pending = refresh.pending();
    let begun = RwSignal::new(None::<DateTime<Utc>>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        begun.set(Some(now.get_untracked()));
        refresh.dispatch(RefreshNow {});
    };
    let label = move || match begun.get().filter(|_| pending.get()) {
        Some(begun) => format!("Refreshing… {} s", (now.get() - begun).num_seconds().max(0)),
        None => "Refresh".to_owned(),
    };
    view! {
        <span class="refreshed" role="status">
            {move || refresh.value().get().filter(|_| !pending.get()).map(|result| outcome(&result))}
        </span>
        <form method="post" action=RefreshNow::PATH on:submit=submit>
            <button type="submit" class="button" data-does="refresh" disabled=move || pending.get() aria-busy=move || pending.get().to_string()>
                {label}
            </button>
        </form>
    }
}

fn outcome(result: &Result<i64, ApiError>) -> String {
    match result {
        Ok(milliseconds) => {
            #[allow(clippy::cast_precision_loss, reason = "a refresh takes less than 2^52 ms")]
            let took = *milliseconds as f64;
            format!("refreshed in {}", format::milliseconds(Some(took)))
        }
        Err(error) => error.to_string(),
    }
}

/// The banner under the header: says what is wrong and what that means for the numbers. Hidden while all is well.
#[island]
pub fn FreshnessBanner(drawn: Freshness) -> impl IntoView {
    let now = live::clock(drawn.server_time);
    let freshness = live::follow_freshness(drawn);
    let lost = live::lost_since();
    let words = Memo::new(move |_| match lost.get() {
        Some(since) => Some(format!(
            "Tidemark's server has not answered since {}; this page keeps trying and shows what it last knew.",
            format::moment(&since)
        )),
        None => freshness.read().explanation(now.get()),
    });
    let severity = move || match freshness.read().staleness(now.get()) {
        Staleness::Fresh | Staleness::Warning => "banner banner-warning",
        Staleness::Stale | Staleness::Critical => "banner banner-stale",
    };
    view! {
        <div class=severity role="status" hidden=move || words.read().is_none()>
            <strong>{move || heading(&freshness.read(), now.get())}</strong>
            <span>{move || words.get()}</span>
        </div>
    }
}

fn heading(freshness: &Freshness, now: DateTime<Utc>) -> String {
    let heading = match freshness.staleness(now) {
        _ if freshness.data_as_of.is_none() => "▲ There is no data yet",
        Staleness::Fresh => "◆ Heads up",
        Staleness::Warning => "◆ The data is getting old",
        Staleness::Stale => "▲ The data is stale",
        Staleness::Critical => "▲ The data is too old to rely on",
    };
    // The page itself may be up to date all the same.
    let place = if freshness.only_views_are_old(now) { " in the views" } else { "" };
    format!("{heading}{place}. ")
}

/// What all this takes of the machine, in the foot of the page.
#[island]
pub fn SpendingLine(drawn: Freshness) -> impl IntoView {
    let freshness = live::follow_freshness(drawn);
    view! { <span class="spending">{move || freshness.read().spending.map(|spending| spending.sentence())}</span> }
}
