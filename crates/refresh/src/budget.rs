//! What keeping the data fresh may take of the machine: a share of one core for all of it together.
//!
//! Each kind of work rests after it was done, for so long that on average it takes no more than its allowance. That is
//! what the other kinds left of the budget over the last ten minutes, and never less than a part that is its own: a view
//! that is slow to refresh can't keep open pages from being brought up to date, nor the other way round.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use domain::spending::{Share, Spending, TOLD_OVER};

/// What there is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Folding changes into the rollups.
    Fold,
    /// Refreshing the four views.
    Views,
    /// Asking whether something changed, and loading what pages show.
    Look,
    /// Drawing charts for pages that are yet to be asked for.
    Draw,
}

/// How many kinds of [`Work`] there are.
const KINDS: usize = 4;

/// The parts of the budget that each kind of [`Work`] has for itself, all of it together: who looks comes first.
const OWN_PARTS: [f64; KINDS] = [0.15, 0.2, 0.5, 0.15];

/// Spending is added up in pieces of this length.
const SLOT: Duration = Duration::from_secs(10);

/// Soon after a start spending counts as if it had gone on for this long: the first of everything comes at once then.
const WARM_UP: Duration = Duration::from_secs(60);

/// Rest that may be put off: two changes in a row are both shown at once when it was quiet before.
const CREDIT: Duration = Duration::from_secs(10);

/// Spending over the last ten minutes, and when each kind of work may go on. It has no clock: callers bring theirs.
#[derive(Debug, Clone)]
pub struct Budget {
    share: Share,
    began_at: Instant,
    /// Oldest first.
    slots: VecDeque<Slot>,
    /// When all rest that is due will have been had.
    rested_at: [Instant; KINDS],
}

/// What was spent from a moment on, by kind.
#[derive(Debug, Clone)]
struct Slot {
    from: Instant,
    spent: [Duration; KINDS],
}

impl Budget {
    /// A budget of which nothing has been spent. Credit comes with quiet time alone.
    #[must_use]
    pub fn new(share: Share, now: Instant) -> Self {
        Self { share, began_at: now, slots: VecDeque::new(), rested_at: [now + CREDIT; KINDS] }
    }

    /// Records work that ended at `now`.
    pub fn spend(&mut self, work: Work, cost: Duration, now: Instant) {
        let rest = cost.div_f64(self.allowance(work, now));
        let rested_at = &mut self.rested_at[work as usize];
        *rested_at = now.max(*rested_at) + rest;
        self.slots.retain(|slot| slot.from + TOLD_OVER > now);
        match self.slots.back_mut() {
            Some(slot) if slot.from + SLOT > now => slot.spent[work as usize] += cost,
            _ => {
                let mut slot = Slot { from: now, spent: [Duration::ZERO; KINDS] };
                slot.spent[work as usize] = cost;
                self.slots.push_back(slot);
            }
        }
    }

    /// How long this kind of work has to rest before it may go on.
    #[must_use]
    pub fn wait(&self, work: Work, now: Instant) -> Duration {
        self.rested_at[work as usize].saturating_duration_since(now).saturating_sub(CREDIT)
    }

    /// What all kinds together took over the last ten minutes.
    #[must_use]
    pub fn spending(&self, now: Instant) -> Spending {
        let spent = self.spent(now, |_| true).div_duration_f64(TOLD_OVER);
        Spending { spent, budget: self.share }
    }

    /// The share of a core that this kind of work may take.
    fn allowance(&self, work: Work, now: Instant) -> f64 {
        let share = self.share.of_one();
        let over = now.saturating_duration_since(self.began_at).clamp(WARM_UP, TOLD_OVER);
        let left = share - self.spent(now, |kind| kind != work as usize).div_duration_f64(over);
        left.max(share * OWN_PARTS[work as usize])
    }

    /// What some kinds took over the last ten minutes.
    fn spent(&self, now: Instant, counts: impl Fn(usize) -> bool) -> Duration {
        let recent = self.slots.iter().filter(|slot| slot.from + TOLD_OVER > now);
        let by_kind = recent.flat_map(|slot| slot.spent.into_iter().enumerate());
        by_kind.filter(|(kind, _)| counts(*kind)).map(|(_, spent)| spent).sum()
    }
}

/// The budget of a server, which all that works on its behalf pay from.
#[derive(Debug, Clone)]
pub struct Account(Arc<Mutex<Budget>>);

impl Account {
    /// An account of which nothing has been spent.
    #[must_use]
    pub fn new(share: Share) -> Self {
        Self(Arc::new(Mutex::new(Budget::new(share, Instant::now()))))
    }

    /// Records work that ended just now.
    pub fn spend(&self, work: Work, cost: Duration) {
        self.budget().spend(work, cost, Instant::now());
    }

    /// How long this kind of work has to rest yet.
    #[must_use]
    pub fn wait(&self, work: Work) -> Duration {
        self.budget().wait(work, Instant::now())
    }

    /// What was spent over the last ten minutes.
    #[must_use]
    pub fn spending(&self) -> Spending {
        self.budget().spending(Instant::now())
    }

    fn budget(&self) -> MutexGuard<'_, Budget> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Work; KINDS] = [Work::Fold, Work::Views, Work::Look, Work::Draw];

    fn millis(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn work_that_is_alone_has_the_whole_budget() {
        let begun = Instant::now();
        let mut budget = Budget::new(Share::DEFAULT, begun);
        assert_eq!(budget.wait(Work::Views, begun), Duration::ZERO);
        budget.spend(Work::Views, millis(140), begun);
        assert_eq!(budget.wait(Work::Views, begun).as_millis(), 2_800);
        assert_eq!(budget.wait(Work::Views, begun + millis(2_800)), Duration::ZERO);
        assert_eq!(budget.wait(Work::Look, begun), Duration::ZERO, "only its own kind rests");
    }

    #[test]
    fn work_done_before_its_time_rests_for_that_too() {
        let begun = Instant::now();
        let mut budget = Budget::new(Share::DEFAULT, begun);
        budget.spend(Work::Draw, millis(100), begun);
        budget.spend(Work::Draw, millis(100), begun + millis(1_000));
        assert_eq!(budget.wait(Work::Draw, begun).as_millis(), 4_000);
    }

    #[test]
    fn a_burst_after_a_quiet_time_need_not_wait_but_is_paid_for() {
        let begun = Instant::now();
        let mut budget = Budget::new(Share::DEFAULT, begun);
        let now = begun + 3 * CREDIT;
        for _ in 0..5 {
            assert_eq!(budget.wait(Work::Look, now), Duration::ZERO);
            budget.spend(Work::Look, millis(100), now);
        }
        budget.spend(Work::Look, millis(100), now);
        assert_eq!(budget.wait(Work::Look, now).as_millis(), 2_000);
        budget.spend(Work::Look, millis(100), now + millis(2_000));
        assert_eq!(budget.wait(Work::Look, now + millis(2_000)).as_millis(), 2_000);
    }

    #[test]
    fn what_others_took_is_missing_but_its_own_part_is_always_left() {
        let begun = Instant::now();
        let now = begun + Duration::from_secs(600);
        let mut budget = Budget { began_at: begun, ..Budget::new(Share::DEFAULT, now) };
        budget.spend(Work::Views, Duration::from_secs(18), now);
        budget.spend(Work::Fold, millis(20), now);
        assert_eq!(budget.wait(Work::Fold, now).as_millis(), 1_000, "3% of the 5% are taken");
        budget.spend(Work::Views, Duration::from_secs(600), now);
        budget.spend(Work::Look, millis(10), now);
        assert_eq!(budget.wait(Work::Look, now).as_millis(), 400, "half of 5%");
        assert!((OWN_PARTS.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn spending_is_forgotten_after_ten_minutes() {
        let begun = Instant::now();
        let mut budget = Budget::new(Share::DEFAULT, begun);
        let now = begun + Duration::from_secs(1_000);
        budget.spend(Work::Look, Duration::from_secs(6), now);
        assert!((budget.spending(now).spent - 0.01).abs() < 1e-9);
        assert!(budget.spending(now + TOLD_OVER).spent.abs() < 1e-9);
        budget.spend(Work::Look, Duration::ZERO, now + 2 * TOLD_OVER);
        assert_eq!(budget.slots.len(), 1, "what is old takes no room");
    }

    /// Works whenever it may for an hour; the most that any ten minutes took.
    fn greediest(costs: [u64; KINDS]) -> f64 {
        let begun = Instant::now();
        let mut budget = Budget::new(Share::DEFAULT, begun);
        let mut most = 0.0_f64;
        for tenth in 0..36_000 {
            let now = begun + millis(100 * tenth);
            for (work, cost) in ALL.into_iter().zip(costs) {
                if cost > 0 && budget.wait(work, now).is_zero() {
                    budget.spend(work, millis(cost), now);
                }
            }
            most = most.max(budget.spending(now).spent);
        }
        most
    }

    #[test]
    fn however_greedy_they_are_together_they_stay_within_the_budget() {
        for costs in [[20, 140, 10, 200], [50, 0, 25, 0], [10, 900, 10, 150], [5, 5, 5, 5]] {
            let most = greediest(costs);
            assert!(most < 0.055, "{costs:?} took {:.2}%", 100.0 * most);
        }
        let slow = greediest([20, 5_000, 20, 200]);
        assert!(slow < 0.065, "one that is slow itself may begin once more: {:.2}%", 100.0 * slow);
    }
}
