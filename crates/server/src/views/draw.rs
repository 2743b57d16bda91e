//! Draws the charts of a view for first looks, which have no scripts yet.

use std::collections::BTreeMap;

use app::snapshot::ChartView;
use domain::figure::{HEIGHT, ROOMS, Room};
use futures::future::join_all;
use render::{ChartRequest, Renderer};
use serde_json::Value;

/// Draws all charts for every room. One that fails is left out: the page shows its numbers and the live chart.
pub async fn draw(renderer: &Renderer, charts: &mut BTreeMap<&'static str, ChartView>) {
    let requests = charts.iter().flat_map(|(&name, chart)| {
        let option = chart.option();
        ROOMS.map(|room| (name, room, request(name, room, chart, option.clone())))
    });
    let drawings =
        join_all(requests.map(|(name, room, request)| async move { (name, room, renderer.svg(request).await) }));
    for (name, room, drawing) in drawings.await {
        match drawing {
            Ok(svg) => drop(charts.get_mut(name).and_then(|chart| chart.drawings.insert(room, svg))),
            Err(error) => tracing::error!(%error, "a chart could not be drawn"),
        }
    }
}

fn request(name: &str, room: Room, chart: &ChartView, option: Value) -> ChartRequest {
    let (id, width) = (format!("{name}-{}", room.name()), chart.size.width(room));
    ChartRequest { id, option, width, height: HEIGHT }
}
