//! The views of pages: what each page shows for each query, loaded and drawn once per data version however many ask for
//! it. The last one stays when the database goes away.

mod choices;
mod draw;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use app::snapshot::{ChartView, View};
use domain::{
    access::Scope,
    annotations::{Annotations, SHOWN},
    choices::Choices,
    freshness::{Freshness, Trouble},
    page::Page,
    page_data::PageData,
    query::Query,
    window::Window,
};
use moka::{policy::EvictionPolicy, sync::Cache};
use refresh::{Account, Work};
use render::{ChartRequest, RenderError, Renderer};
use store::{Pool, StoreError};
use tokio::sync::watch;

/// Views that are kept, at most.
const KEPT: u64 = 200;

/// How long a view is kept that nobody asks for.
const KEPT_FOR: Duration = Duration::from_secs(900);

/// How long loading a view may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// For so long a trigger is taken to belong to the organization that it was found in.
const OWNED_FOR: Duration = Duration::from_secs(1);

/// For so long a page may show a view that was drawn before the newest change: an open page is brought up to date at once.
const DRAWN_FOR: Duration = Duration::from_secs(3);

/// The views of all pages. Clones share them.
#[derive(Clone)]
pub struct Views(Arc<Inner>);

struct Inner {
    pool: Pool,
    account: Account,
    /// None in a binary without a site.
    renderer: Option<Renderer>,
    /// How fresh the newest data is.
    newest: watch::Receiver<Arc<Freshness>>,
    slots: Cache<Place, Arc<Slot>>,
    choices: choices::Kept,
    /// The overview without filters, as it was asked for last.
    home: Mutex<Query>,
    /// What was loaded before is out of date, whatever version it has.
    changed_at: Mutex<Option<Instant>>,
}

/// What a view shows: a page, what it is asked, and whose executions.
type Place = (Page, Query, Scope);

/// The place of a view. Whoever loads it has the turn, all others wait for what comes of that.
#[derive(Default)]
struct Slot {
    turn: tokio::sync::Mutex<()>,
    kept: RwLock<Option<Kept>>,
}

/// A view, and when it was drawn, if it was; where nothing can draw it counts as drawn.
#[derive(Clone)]
struct Kept {
    view: Arc<View>,
    /// When loading it began.
    loaded_at: Instant,
    drawn_at: Option<Instant>,
}

/// What a view is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// A page with its charts drawn.
    FirstLook,
    /// An open page, which draws its charts itself and has to be at the newest version.
    OpenPage,
    /// First looks to come: drawn, and at the newest version.
    Keeping,
}

impl Views {
    /// No views yet; `newest` tells which data version there is.
    pub fn new(
        pool: Pool,
        account: Account,
        renderer: Option<Renderer>,
        newest: watch::Receiver<Arc<Freshness>>,
    ) -> Self {
        let slots = slots();
        let (choices, home, changed_at) = (choices::Kept::default(), Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { pool, account, renderer, newest, slots, choices, home, changed_at }))
    }

    /// What a page shows now, with how fresh that is; no view where none could be loaded yet.
    pub async fn view(&self, sees: &Scope, page: &Page, query: &Query, wanted: For) -> (Option<Arc<View>>, Freshness) {
        if *sees == Scope::All && *page == Page::Overview && *query == Query::default().in_zone_of(query.viewer) {
            *self.0.home.lock().unwrap_or_else(PoisonError::into_inner) = query.clone();
        }
        let place = (page.clone(), query.clone(), sees.clone());
        let slot = self.0.slots.get_with(place.clone(), Arc::default);
        let view = self.current(&slot, &place, wanted).await;
        let freshness = of_view(&self.newest(), view.as_deref());
        (view, freshness)
    }

    /// Loads and draws the overview without filters, as it was asked for last, if that is not done.
    pub async fn keep_home(&self) {
        let home = self.0.home.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let place = (Page::Overview, home, Scope::All);
        let slot = self.0.slots.get_with(place.clone(), Arc::default);
        self.current(&slot, &place, For::Keeping).await;
    }

    /// Somebody changed something by hand: who looks next sees it, before the data has a new version.
    pub fn changed(&self) {
        *self.0.changed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// A chart drawn for somebody alone, by the same engines as all others; `None` where nothing can draw it.
    pub async fn drawing(&self, request: ChartRequest) -> Option<Result<String, RenderError>> {
        let renderer = self.0.renderer.as_ref()?;
        let begun = Instant::now();
        let drawn = renderer.svg(request).await;
        self.0.account.spend(Work::Draw, begun.elapsed());
        Some(drawn)
    }

    /// Whether the database is known not to answer.
    pub fn is_database_away(&self) -> bool {
        keeps_from_reading(&self.newest())
    }

    /// How fresh the newest data is.
    pub fn newest(&self) -> Arc<Freshness> {
        self.0.newest.borrow().clone()
    }

    /// Hears of newer data.
    pub fn watch(&self) -> watch::Receiver<Arc<Freshness>> {
        self.0.newest.clone()
    }

    /// What can be chosen in the filter bar by who sees this.
    pub async fn choices(&self, sees: &Scope, query: &Query) -> Arc<Choices> {
        let can_read = !keeps_from_reading(&self.newest());
        self.0.choices.newest(&self.0.pool, sees, query, can_read).await
    }

    async fn current(&self, slot: &Slot, place: &Place, wanted: For) -> Option<Arc<View>> {
        let newest = self.newest();
        let changed_at = self.changed_at(&place.2);
        if let Some(view) = slot.fresh(newest.data_version, wanted, changed_at) {
            return Some(view);
        }
        // While the database does not answer nobody is kept waiting.
        if newest.data_as_of.is_none() || keeps_from_reading(&newest) {
            return slot.last();
        }
        let _turn = slot.turn.lock().await;
        if let Some(view) = slot.fresh(newest.data_version, wanted, changed_at) {
            return Some(view);
        }
        let is_current = |kept: &Kept| kept.view.data_version == newest.data_version && kept.is_after(changed_at);
        let begun = Instant::now();
        let (view, loaded_at) = match slot.kept_view().filter(is_current) {
            Some(kept) => (View::clone(&kept.view), kept.loaded_at),
            None => match self.load(place, newest.data_version).await {
                Ok(Some(view)) => (view, begun),
                Ok(None) => return slot.last(),
                Err(error) => {
                    tracing::warn!(%error, page = place.0.title(), "a page could not be loaded");
                    return slot.last();
                }
            },
        };
        Some(slot.keep(self.drawn(view, loaded_at, wanted).await))
    }

    /// What was loaded before this is out of date. Who owns a trigger may change without a trace in the data: who sees only
    /// some organizations is shown nothing that is older than a moment.
    fn changed_at(&self, sees: &Scope) -> Option<Instant> {
        let by_hand = *self.0.changed_at.lock().unwrap_or_else(PoisonError::into_inner);
        let moment = Instant::now().checked_sub(OWNED_FOR).filter(|_| *sees != Scope::All);
        by_hand.max(moment)
    }

    async fn load(&self, place: &Place, data_version: i64) -> Result<Option<View>, StoreError> {
        let begun = Instant::now();
        let loading = tokio::time::timeout(PATIENCE, load(&self.0.pool, place)).await;
        let loaded = loading.unwrap_or_else(|_| Err(StoreError::from_silence()))?;
        let took = begun.elapsed();
        tracing::debug!(?took, page = place.0.title(), "loaded a page");
        self.0.account.spend(Work::Look, took);
        let Some((data, annotations, missing_trigger)) = loaded else { return Ok(None) };
        let chart = |figure: charts::Figure| {
            let json = figure.for_browsers();
            (figure.name, ChartView { size: figure.size, json, drawings: BTreeMap::new() })
        };
        let figures = charts::figures(&data, &place.1).into_iter();
        let charts = figures.map(|figure| chart(figure.annotated(&annotations.list))).collect();
        Ok(Some(View { data_version, data_as_of: data.as_of(), data, charts, annotations, missing_trigger }))
    }

    async fn drawn(&self, mut view: View, loaded_at: Instant, wanted: For) -> Kept {
        let Some(renderer) = self.0.renderer.as_ref().filter(|_| wanted != For::OpenPage) else {
            let drawn_at = self.0.renderer.is_none().then(Instant::now);
            return Kept { view: Arc::new(view), loaded_at, drawn_at };
        };
        let begun = Instant::now();
        draw::draw(renderer, &mut view.charts).await;
        self.0.account.spend(Work::Draw, begun.elapsed());
        Kept { view: Arc::new(view), loaded_at, drawn_at: Some(Instant::now()) }
    }
}

/// The places that were asked for last. What is new always gets one: who was refused would load the page at each request, and
/// so would everybody else who asks.
fn slots() -> Cache<Place, Arc<Slot>> {
    Cache::builder().max_capacity(KEPT).eviction_policy(EvictionPolicy::lru()).time_to_idle(KEPT_FOR).build()
}

impl Slot {
    fn kept_view(&self) -> Option<Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn last(&self) -> Option<Arc<View>> {
        self.kept_view().map(|kept| kept.view)
    }

    fn keep(&self, kept: Kept) -> Arc<View> {
        let view = kept.view.clone();
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        view
    }

    /// The view that is kept, if it is good enough for what it is wanted for.
    fn fresh(&self, data_version: i64, wanted: For, changed_at: Option<Instant>) -> Option<Arc<View>> {
        let kept = self.kept_view().filter(|kept| kept.is_after(changed_at))?;
        let is_newest = kept.view.data_version == data_version;
        let is_good = match wanted {
            For::OpenPage => is_newest,
            For::FirstLook => kept.drawn_at.is_some_and(|drawn_at| is_newest || drawn_at.elapsed() < DRAWN_FOR),
            For::Keeping => is_newest && kept.drawn_at.is_some(),
        };
        is_good.then_some(kept.view)
    }
}

impl Kept {
    /// Whether it was loaded after a moment.
    fn is_after(&self, moment: Option<Instant>) -> bool {
        moment.is_none_or(|moment| self.loaded_at > moment)
    }
}

/// What a page shows, what was marked in its time, and the trigger that is asked for in vain.
async fn load(
    pool: &Pool,
    (page, query, sees): &Place,
) -> Result<Option<(PageData, Annotations, Option<String>)>, StoreError> {
    let Some(data) = store::pages::load(pool, sees, page, query).await? else { return Ok(None) };
    let window = Window::of(query.range, query.zone, data.as_of());
    let annotations = store::annotations::list(pool, window.begins, window.until, SHOWN).await?;
    Ok(Some((data, annotations, store::triggers::find_missing(pool, sees, query).await?)))
}

fn keeps_from_reading(freshness: &Freshness) -> bool {
    freshness.trouble.as_ref().is_some_and(Trouble::keeps_from_reading)
}

/// How fresh a view is. The moment of data that is still the newest is the newest too.
fn of_view(newest: &Freshness, view: Option<&View>) -> Freshness {
    match view {
        Some(view) if view.data_version != newest.data_version => {
            Freshness { data_version: view.data_version, data_as_of: Some(view.data_as_of), ..newest.clone() }
        }
        Some(view) => Freshness { data_as_of: newest.data_as_of.max(Some(view.data_as_of)), ..newest.clone() },
        None => newest.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_is_kept_however_often_all_else_was_asked_for() {
        let place = |number: u64| {
            let query = Query { text: Some(number.to_string()), ..Query::default() };
            (Page::Overview, query, Scope::All)
        };
        let slots = slots();
        for _ in 0..20 {
            (0..KEPT).for_each(|number| drop(slots.get_with(place(number), Arc::default)));
            slots.run_pending_tasks();
        }
        let new = slots.get_with(place(KEPT), Arc::default);
        slots.run_pending_tasks();
        assert!(Arc::ptr_eq(&new, &slots.get_with(place(KEPT), Arc::default)));
        assert!(!slots.contains_key(&place(0)), "the one that was not asked for longest makes room");
    }
}
