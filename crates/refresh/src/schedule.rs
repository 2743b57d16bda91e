//! When the next step is due, pure.

use std::time::Duration;

/// How often, and within which limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// What makes a refresh due.
    pub schedule: Schedule,
    /// How long one refresh may take.
    pub timeout: Duration,
    /// How long the log of refreshes is kept.
    pub log_retention: Duration,
}

/// What makes a refresh due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// Rows that arrive, as far as the budget goes; see [`crate::live`].
    Live,
    /// Time alone: from one refresh to the next.
    Every(Duration),
}

impl Schedule {
    /// The longest time from one refresh, or a check that none is needed, to the next.
    #[must_use]
    pub fn interval(self) -> Duration {
        match self {
            Self::Live => crate::live::LONGEST_PAUSE,
            Self::Every(interval) => interval,
        }
    }
}

/// The pause before the first retry; it doubles from failure to failure, up to the interval.
const FIRST_RETRY: Duration = Duration::from_secs(2);

/// The share of a pause that chance decides, so that many servers and databases do not beat as one.
const JITTER: f64 = 0.1;

/// How long to pause after `failures` in a row (0 after a success). `chance` from 0 to 1 shortens the pause by up to a
/// tenth: earlier, never later, so that data gets no older than the interval and one refresh.
#[must_use]
pub fn pause_after(failures: u32, interval: Duration, chance: f64) -> Duration {
    let pause = match failures {
        0 => interval,
        failures => FIRST_RETRY.saturating_mul(1 << (failures - 1).min(16)).min(interval),
    };
    pause.mul_f64(1.0 - JITTER * chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(300);

    #[test]
    fn failures_back_off_up_to_the_interval() {
        let pauses: Vec<u64> = (0..10).map(|failures| pause_after(failures, INTERVAL, 0.0).as_secs()).collect();
        assert_eq!(pauses, [300, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
        assert_eq!(pause_after(u32::MAX, INTERVAL, 0.0), INTERVAL);
    }

    #[test]
    fn chance_only_ever_shortens() {
        assert_eq!(pause_after(0, INTERVAL, 1.0), Duration::from_secs(270));
        assert_eq!(pause_after(0, INTERVAL, 7.0), Duration::from_secs(270));
    }
}
