//! A chart: the server's drawings until scripts arrive, then alive.

use domain::figure::ROOMS;
use leptos::{nonce::use_nonce, prelude::*};

use crate::snapshot::ChartView;

/// A chart. The browser draws it from the JSON beside the drawings, which stay where it cannot. The style sheet shows the
/// drawing that fits.
#[component]
pub fn Chart<'a>(name: &'static str, label: String, chart: &'a ChartView) -> impl IntoView + use<> {
    let drawing = |room| {
        let svg = chart.drawings.get(&room).cloned();
        svg.map(|svg| view! { <div class=format!("drawing drawing-{}", domain::figure::Room::name(room)) inner_html=svg></div> })
    };
    view! {
        <div class="chart" id=format!("{name}-chart") role="img" aria-label=label>
            {ROOMS.map(drawing).into_iter().collect_view()}
            <div class="chart-alive"></div>
            <script type="application/json" nonce=use_nonce() inner_html=chart.json.clone()></script>
        </div>
    }
}
