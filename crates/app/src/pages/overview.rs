//! The overview: what runs, what fails, how long it takes, as of when.

use std::sync::Arc;

use domain::figure::{FIGURES, Figure, ROOMS, Room};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api,
    pages::frame::Frame,
    panels::{ActionTypesPanel, Board, DurationsPanel, ExecutionsPanel, FailuresPanel, SummaryPanel, TriggersPanel},
    snapshot::{Dashboard, Snapshot},
};

/// The page at `/`.
#[component]
pub fn OverviewPage() -> impl IntoView {
    view! {
        <Title text="Overview" />
        {api::snapshot().map(page)}
    }
}

fn page(snapshot: Arc<Snapshot>) -> impl IntoView {
    let freshness = snapshot.freshness.clone();
    let shown_at = freshness.server_time;
    let Dashboard { overview, options } = snapshot.dashboard.as_deref().cloned().unwrap_or_default();
    let option = move |figure| options.get(&figure).cloned().unwrap_or_else(|| "{}".to_owned());
    let [executions_drawings, durations_drawings, action_types_drawings] =
        FIGURES.map(|figure| drawings(&snapshot, figure));
    view! {
        <Frame freshness=Some(freshness.clone())>
            <h1 class="visually-hidden">"Overview"</h1>
            <Board drawn=freshness has_run=overview.summary.has_run>
                <SummaryPanel drawn=overview.summary />
                <div class="grid">
                    <ExecutionsPanel drawn=overview.executions option=option(Figure::Executions)>
                        {executions_drawings}
                    </ExecutionsPanel>
                    <DurationsPanel drawn=overview.durations option=option(Figure::Durations)>
                        {durations_drawings}
                    </DurationsPanel>
                    <ActionTypesPanel drawn=overview.action_types option=option(Figure::ActionTypes)>
                        {action_types_drawings}
                    </ActionTypesPanel>
                    <TriggersPanel drawn=overview.triggers shown_at />
                    <FailuresPanel drawn=overview.failures shown_at />
                </div>
            </Board>
        </Frame>
    }
}

/// The drawings of a figure, one for each room; the style sheet shows the one that fits.
fn drawings(snapshot: &Snapshot, figure: Figure) -> impl IntoView + use<> {
    let drawing = |room: Room| {
        let svg = snapshot.drawings.get(&(figure, room)).cloned();
        svg.map(|svg| view! { <div class=format!("drawing drawing-{}", room.name()) inner_html=svg></div> })
    };
    ROOMS.map(drawing).into_iter().collect_view()
}
