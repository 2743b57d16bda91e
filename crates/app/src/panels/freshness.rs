//! How fresh the page is: the line in the header with the tide, and the banner when that is a reason to worry.

use chrono::{DateTime, Utc};
use domain::{
    format,
    freshness::{Freshness, Staleness},
};
use leptos::{prelude::*, server_fn::ServerFn, web_sys::SubmitEvent};

use crate::{
    api::{ApiError, RefreshNow},
    browser::live,
};

/// The line in the header: as of when, how long ago, the refresh button, and the tide below. It also makes the page live.
#[island]
pub fn FreshnessLine(drawn: Freshness) -> impl IntoView {
    let now = live::clock(drawn.server_time);
    let freshness = live::follow_freshness(drawn.clone());
    let staleness = Memo::new(move |_| freshness.read().staleness(now.get()));
    Effect::new(move |_| live::connect(drawn.clone()));
    view! {
        <div class="freshness" data-staleness=move || word(staleness.get())>
            <span class="dot" aria-hidden="true"></span>
            <span class="as-of">{move || as_of(&freshness.read(), now.get())}</span>
            <RefreshButton now />
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

fn tide(freshness: &Freshness, now: DateTime<Utc>) -> String {
    format!("{:.3}", freshness.tide(now))
}

fn as_of(freshness: &Freshness, now: DateTime<Utc>) -> String {
    match freshness.data_as_of {
        Some(moment) => format!("as of {} UTC · {}", format::clock(&moment), format::ago(moment, now)),
        None => "not read yet".to_owned(),
    }
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
            <button type="submit" class="button" disabled=move || pending.get() aria-busy=move || pending.get().to_string()>
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
