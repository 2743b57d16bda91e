//! Makes the charts of an overview, once per data version and off the request path.

use app::snapshot::{Dashboard, Drawings};
use domain::{
    figure::{FIGURES, Figure, ROOMS, Room},
    overview::Overview,
};
use render::{ChartRequest, Renderer};
use serde_json::Value;

/// The overview with its charts: as options for browsers, and drawn where there is a renderer. A drawing that fails is
/// left out: the page shows its numbers and the live chart.
pub async fn draw(renderer: Option<&Renderer>, overview: Overview) -> (Dashboard, Drawings) {
    let (mut options, mut drawings) = (std::collections::BTreeMap::new(), Drawings::new());
    for figure in FIGURES {
        let option = charts::option(figure, &overview);
        options.insert(figure, option.to_string());
        for room in ROOMS {
            let Some(renderer) = renderer else { continue };
            match renderer.svg(request(figure, room, option.clone())).await {
                Ok(svg) => drop(drawings.insert((figure, room), svg)),
                Err(error) => tracing::error!(%error, "a chart could not be drawn"),
            }
        }
    }
    (Dashboard { overview, options }, drawings)
}

fn request(figure: Figure, room: Room, option: Value) -> ChartRequest {
    let (width, height) = figure.size(room);
    ChartRequest { id: format!("{}-{}", figure.name(), room.name()), option, width, height }
}
