//! What the profile `live` does next, pure: rows that arrive are folded every few seconds, the views are refreshed as far
//! as the budget goes, and an idle database is left alone but for a check a minute.

use std::time::Duration;

/// From one step to the next while rows arrive.
pub const SHORTEST_PAUSE: Duration = Duration::from_secs(5);

/// The same while nothing happens: so often the views are at least checked.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The age of the views at which they are refreshed whatever the budget says: after five minutes they count as old.
const LATEST: Duration = Duration::from_secs(240);

/// What is known when a refresh of the views is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Views {
    /// Whether something was folded, or could not be, since their last refresh.
    pub lag: bool,
    /// Their age; `None` before their first refresh.
    pub age: Option<Duration>,
    /// How long they have to rest within the budget.
    pub wait: Duration,
}

impl Views {
    /// Whether they are to be refreshed now, or checked.
    #[must_use]
    pub fn are_due(&self) -> bool {
        let Some(age) = self.age else { return true };
        // One that is nearly due is due: a step that came a sliver early would otherwise put it off by a whole pause.
        let is_due = self.lag || age >= LONGEST_PAUSE.mul_f64(0.9);
        age >= LATEST || (is_due && self.wait.is_zero())
    }
}

/// How long to pause after `quiet` steps in a row that found nothing.
#[must_use]
pub fn pause_after_quiet(quiet: u32) -> Duration {
    SHORTEST_PAUSE.saturating_mul(1 << quiet.min(16)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOT_YET: Duration = Duration::from_secs(9);

    fn aged(seconds: u64) -> Views {
        Views { lag: false, age: Some(Duration::from_secs(seconds)), wait: Duration::ZERO }
    }

    #[test]
    fn views_that_lag_are_refreshed_as_far_as_the_budget_goes() {
        assert!(Views { lag: true, ..aged(5) }.are_due());
        assert!(!Views { lag: true, wait: NOT_YET, ..aged(5) }.are_due());
    }

    #[test]
    fn an_idle_database_is_checked_once_a_minute() {
        assert!(!aged(30).are_due());
        assert!(aged(54).are_due());
        assert!(!Views { wait: NOT_YET, ..aged(54) }.are_due());
        let pauses: Vec<u64> = (0..6).map(|quiet| pause_after_quiet(quiet).as_secs()).collect();
        assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
        assert_eq!(pause_after_quiet(u32::MAX), LONGEST_PAUSE);
    }

    #[test]
    fn no_budget_lets_the_views_grow_old() {
        assert!(Views { wait: NOT_YET, ..aged(240) }.are_due());
        assert!(Views { age: None, wait: NOT_YET, ..aged(0) }.are_due());
    }
}
