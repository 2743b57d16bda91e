//! Draws the charts for first views, which have no scripts yet: off the request path, and only as often as pages are asked
//! for and the budget allows. A page shows the newest drawings there are, with the very data that they were drawn from.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use app::snapshot::{Dashboard, Drawings, Snapshot};
use domain::{
    figure::{FIGURES, Figure, ROOMS, Room},
    freshness::Freshness,
};
use refresh::{Account, Work};
use render::{ChartRequest, Renderer};
use serde_json::Value;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::audience::Attendance;

/// From one drawing to the next while pages are asked for.
const DRAW_EVERY: Duration = Duration::from_secs(3);

/// The same while nobody asks for one.
const IDLE_EVERY: Duration = Duration::from_secs(30);

/// Data and the charts that were drawn of it.
#[derive(Debug, Clone)]
pub struct Drawn {
    dashboard: Arc<Dashboard>,
    drawings: Arc<Drawings>,
}

/// Draws what is new.
pub struct Painter {
    renderer: Renderer,
    account: Account,
    snapshots: watch::Receiver<Arc<Snapshot>>,
    audience: watch::Receiver<Attendance>,
    drawn: watch::Sender<Option<Drawn>>,
    drawn_at: Option<Instant>,
}

impl Painter {
    /// A painter of what appears in `snapshots`, and where its drawings appear.
    pub fn new(
        renderer: Renderer,
        account: Account,
        snapshots: watch::Receiver<Arc<Snapshot>>,
        audience: watch::Receiver<Attendance>,
    ) -> (Self, watch::Receiver<Option<Drawn>>) {
        let (drawn, receiver) = watch::channel(None);
        (Self { renderer, account, snapshots, audience, drawn, drawn_at: None }, receiver)
    }

    /// Runs until cancelled, or until nothing new can come.
    pub async fn run(mut self, cancel: CancellationToken) {
        while let Some(pause) = cancel.run_until_cancelled(self.step()).await {
            tokio::select! {
                () = cancel.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
                changed = self.snapshots.changed() => if changed.is_err() { return },
                Ok(()) = self.audience.changed() => {}
            }
        }
    }

    /// Draws the newest data if that is due; the time to wait unless something new comes.
    pub async fn step(&mut self) -> Duration {
        let Some(dashboard) = self.snapshots.borrow_and_update().dashboard.clone() else { return IDLE_EVERY };
        let shown = self.drawn.borrow().as_ref().map(|drawn| drawn.dashboard.overview.data_version);
        if shown == Some(dashboard.overview.data_version) {
            return IDLE_EVERY;
        }
        let rest = self.rest();
        if rest.is_zero() {
            let begun = Instant::now();
            let drawings = Arc::new(draw(&self.renderer, &dashboard).await);
            let took = begun.elapsed();
            tracing::debug!(?took, "drew all charts");
            self.account.spend(Work::Draw, took);
            self.drawn_at = Some(Instant::now());
            self.drawn.send_replace(Some(Drawn { dashboard, drawings }));
        }
        self.rest()
    }

    /// How long to wait before the next drawing.
    fn rest(&self) -> Duration {
        let Some(drawn_at) = self.drawn_at else { return Duration::ZERO };
        let every = if self.audience.borrow().wants_pages() { DRAW_EVERY } else { IDLE_EVERY };
        every.saturating_sub(drawn_at.elapsed()).max(self.account.wait(Work::Draw))
    }
}

impl Drawn {
    /// What a page is drawn from, so that its charts and its numbers say the same. The moment of data that is still the
    /// newest is the newest too.
    pub fn page(&self, newest: &Snapshot) -> Snapshot {
        let overview = &self.dashboard.overview;
        let mut freshness = newest.freshness.clone();
        if freshness.data_version != overview.data_version {
            freshness =
                Freshness { data_version: overview.data_version, data_as_of: Some(overview.data_as_of), ..freshness };
        }
        Snapshot { freshness, dashboard: Some(self.dashboard.clone()), drawings: self.drawings.clone() }
    }
}

/// All charts. One that fails is left out: the page shows its numbers and the live chart.
async fn draw(renderer: &Renderer, dashboard: &Dashboard) -> Drawings {
    let mut drawings = Drawings::new();
    for figure in FIGURES {
        let option = charts::option(figure, &dashboard.overview);
        for room in ROOMS {
            match renderer.svg(request(figure, room, option.clone())).await {
                Ok(svg) => drop(drawings.insert((figure, room), svg)),
                Err(error) => tracing::error!(%error, "a chart could not be drawn"),
            }
        }
    }
    drawings
}

fn request(figure: Figure, room: Room, option: Value) -> ChartRequest {
    let (width, height) = figure.size(room);
    ChartRequest { id: format!("{}-{}", figure.name(), room.name()), option, width, height }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use domain::overview::Overview;

    use super::*;

    fn moment(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap_or_default()
    }

    #[test]
    fn a_page_shows_numbers_and_drawings_of_the_same_look() {
        let overview = Overview { data_version: 1, data_as_of: moment(1), ..Overview::default() };
        let dashboard = Arc::new(Dashboard { overview, ..Dashboard::default() });
        let drawn = Drawn { dashboard: dashboard.clone(), drawings: Arc::default() };
        let unknown = Freshness::unknown(Duration::from_secs(60), moment(9));
        let same = Freshness { data_version: 1, data_as_of: Some(moment(5)), ..unknown.clone() };
        let newer = Freshness { data_version: 2, data_as_of: Some(moment(8)), ..unknown };
        for (freshness, as_of) in [(same, moment(5)), (newer, moment(1))] {
            let page = drawn.page(&Snapshot { freshness, dashboard: None, drawings: Arc::default() });
            assert_eq!((page.freshness.data_version, page.freshness.data_as_of), (1, Some(as_of)));
            assert_eq!(page.dashboard, Some(dashboard.clone()));
        }
    }
}
