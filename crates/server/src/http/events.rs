//! Server-sent events: how fresh the data is, whenever that changes, and every ten seconds so that a browser knows it
//! is still listened to.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use chrono::Utc;
use domain::freshness::Freshness;
use futures::{Stream, stream};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio_util::sync::CancellationToken;

use crate::audience::Seat;

/// The longest silence.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// A stream of [`Freshness`] as JSON, the present one first.
pub async fn events(State(state): State<super::State>) -> Response {
    let Ok(permit) = state.listeners.clone().try_acquire_owned() else {
        let reason = "Too many pages are open (TIDEMARK_MAX_LISTENERS); this one asks from time to time instead.\n";
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")], reason).into_response();
    };
    let mut newest = state.views.watch();
    newest.mark_changed();
    let seat = state.audience.listen();
    let listening = Listening { newest, stop: state.stop.clone(), _permit: permit, _seat: seat };
    // A proxy that collects answers would hold the news back.
    ([("x-accel-buffering", "no")], Sse::new(news(listening))).into_response()
}

struct Listening {
    newest: watch::Receiver<Arc<Freshness>>,
    stop: CancellationToken,
    _permit: OwnedSemaphorePermit,
    _seat: Seat,
}

fn news(listening: Listening) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(listening, |mut listening| async move {
        tokio::select! {
            () = listening.stop.cancelled() => return None,
            changed = listening.newest.changed() => changed.ok()?,
            () = tokio::time::sleep(HEARTBEAT) => {}
        }
        let event = event(&listening.newest.borrow_and_update());
        Some((Ok(event), listening))
    })
}

fn event(freshness: &Freshness) -> Event {
    let now = Freshness { server_time: Utc::now(), ..freshness.clone() };
    let event = Event::default().id(now.data_version.to_string());
    event.json_data(&now).unwrap_or_else(|_| Event::default().comment("unreadable"))
}
