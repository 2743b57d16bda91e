//! How fresh the data is, and when that is a reason to worry.
//!
//! Pages count for themselves: what they show is as of the moment just before they looked, and whatever was committed
//! by then is in it. The four views, which others read, are as of the moment their last refresh *began*, or as of a later
//! check that proved that nothing had changed.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    format,
    frontier::{Build, Holder},
    spending::Spending,
};

/// What a page knows about its own age.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Freshness {
    /// Which look at the data the page shows; 0 before the first. It stays the same while nothing changes.
    pub data_version: i64,
    /// Whatever was committed before this moment is on the page; `None` before the first look.
    pub data_as_of: Option<DateTime<Utc>>,
    /// The oldest of the four views' moments; `None` before all were refreshed.
    pub views_as_of: Option<DateTime<Utc>>,
    /// How often the scheduler refreshes the views, or checks that it need not.
    pub interval: Duration,
    /// The first count of everything, while it is under way.
    pub build: Option<Build>,
    /// The transaction that holds the counting back, if one does.
    pub holder: Option<Holder>,
    /// What keeping the data fresh takes, where that is known.
    pub spending: Option<Spending>,
    /// What stands in the way of fresh data, if anything does.
    pub trouble: Option<Trouble>,
    /// The server's clock when it said this, so that a browser with another clock counts the age right.
    pub server_time: DateTime<Utc>,
}

/// What stands in the way of fresh data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Trouble {
    /// The database does not answer.
    DatabaseUnreachable {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// The last refresh of some view failed.
    RefreshFailed {
        /// When.
        at: DateTime<Utc>,
        /// Which view; `None` when the whole run failed.
        view_name: Option<String>,
        /// What the database said.
        message: String,
    },
    /// The database answers, but reading what to show failed.
    Unreadable {
        /// Since when.
        since: DateTime<Utc>,
    },
}

/// The state of one view, as `get_analytics_refresh_status()` and the refresh log tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewStatus {
    /// Its name.
    pub view_name: String,
    /// Rows it holds.
    pub row_count: i64,
    /// Bytes on disk, indexes included.
    pub size_bytes: i64,
    /// The moment whose data it shows; `None` when never refreshed.
    pub last_refresh: Option<DateTime<Utc>>,
    /// How long its last successful refresh took.
    pub last_duration_ms: Option<i64>,
    /// Its last failure, when that is newer than its last success.
    pub last_failure: Option<ViewFailure>,
}

/// A refresh of a view that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewFailure {
    /// When it began.
    pub at: DateTime<Utc>,
    /// What the database said.
    pub message: String,
}

/// The verdict on an age, worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Staleness {
    /// As fresh as promised.
    Fresh,
    /// Older than a refresh or two should leave it.
    Warning,
    /// Too old to rely on.
    Stale,
    /// So old that somebody must act.
    Critical,
}

/// Ages from which each verdict holds, for one refresh interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Older than this is [`Staleness::Warning`].
    pub warning: Duration,
    /// Older than this is [`Staleness::Stale`].
    pub stale: Duration,
    /// Older than this is [`Staleness::Critical`].
    pub critical: Duration,
}

impl Thresholds {
    /// The thresholds for a refresh interval: never under 5, 10 and 30 minutes, so that a quick schedule does not cry
    /// wolf; at least 2, 3 and 6 intervals, so that a slow one does not either.
    #[must_use]
    pub fn for_interval(interval: Duration) -> Self {
        let at_least =
            |minutes: u64, intervals: u32| Duration::from_secs(60 * minutes).max(interval.saturating_mul(intervals));
        Self { warning: at_least(5, 2), stale: at_least(10, 3), critical: at_least(30, 6) }
    }

    /// The verdict on an age.
    #[must_use]
    pub fn judge(&self, age: Duration) -> Staleness {
        match age {
            age if age > self.critical => Staleness::Critical,
            age if age > self.stale => Staleness::Stale,
            age if age > self.warning => Staleness::Warning,
            _ => Staleness::Fresh,
        }
    }

    /// The verdict as programs read it: `FRESH`, `WARNING (>5 min)`, `STALE (>10 min)`, `CRITICAL (>30 min)`.
    #[must_use]
    pub fn label(&self, staleness: Staleness) -> String {
        let minutes = |threshold: Duration| threshold.as_secs() / 60;
        match staleness {
            Staleness::Fresh => "FRESH".to_owned(),
            Staleness::Warning => format!("WARNING (>{} min)", minutes(self.warning)),
            Staleness::Stale => format!("STALE (>{} min)", minutes(self.stale)),
            Staleness::Critical => format!("CRITICAL (>{} min)", minutes(self.critical)),
        }
    }
}

impl Freshness {
    /// Freshness before anything was looked at.
    #[must_use]
    pub fn unknown(interval: Duration, now: DateTime<Utc>) -> Self {
        Self {
            data_version: 0,
            data_as_of: None,
            views_as_of: None,
            interval,
            build: None,
            holder: None,
            spending: None,
            trouble: None,
            server_time: now,
        }
    }

    /// The age that counts at `now`: that of what the page shows or that of the views, whichever is older; zero when the
    /// clocks disagree, `None` before the first look.
    #[must_use]
    pub fn age(&self, now: DateTime<Utc>) -> Option<Duration> {
        let shown = self.data_as_of?;
        Some(elapsed(self.views_as_of.map_or(shown, |views| views.min(shown)), now))
    }

    /// The verdict at `now`. Where there is nothing yet it is critical.
    #[must_use]
    pub fn staleness(&self, now: DateTime<Utc>) -> Staleness {
        self.age(now).map_or(Staleness::Critical, |age| self.thresholds().judge(age))
    }

    /// Whether only the views are old at `now`: the page itself is up to date.
    #[must_use]
    pub fn only_views_are_old(&self, now: DateTime<Utc>) -> bool {
        let shown = self.data_as_of.map(|as_of| self.thresholds().judge(elapsed(as_of, now)));
        shown == Some(Staleness::Fresh) && self.staleness(now) > Staleness::Fresh
    }

    /// How full the tide is at `now`, from 1 (just refreshed) to 0 (stale). It still stands above half
    /// when the next refresh is due.
    #[must_use]
    pub fn tide(&self, now: DateTime<Utc>) -> f64 {
        let stale = self.thresholds().stale.as_secs_f64();
        self.age(now).map_or(0.0, |age| (1.0 - age.as_secs_f64() / stale).clamp(0.0, 1.0))
    }

    /// What there is to say of the data, as sentences for the banner; `None` when there is nothing.
    #[must_use]
    pub fn explanation(&self, now: DateTime<Utc>) -> Option<String> {
        let holder = self.holder.as_ref().filter(|holder| holder.is_worth_telling(now));
        let holder = holder.map(|holder| holder.sentence(now));
        let sentences: Vec<String> = [self.reason_to_worry(now), holder].into_iter().flatten().collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// Why the data is not fresh.
    fn reason_to_worry(&self, now: DateTime<Utc>) -> Option<String> {
        let shown = match self.data_as_of {
            Some(as_of) => format!("What you see is from {}.", format::moment(&as_of)),
            None => "There is nothing to show yet.".to_owned(),
        };
        match &self.trouble {
            Some(trouble) => Some(format!("{} {shown}", trouble.sentence())),
            // The page says itself that it waits for its first data.
            None if self.data_as_of.is_none() => None,
            None if let Some(build) = &self.build => {
                Some(format!("Everything is being counted anew: {}. {shown}", build.progress(now)))
            }
            None if self.staleness(now) > Staleness::Fresh => Some(format!(
                "No refresh has finished for {}, though one is due every {}: the scheduler may be stopped, or no server leads. {shown}{}",
                format::duration(self.age(now).unwrap_or_default()),
                format::duration(self.interval),
                if self.only_views_are_old(now) { " Only who reads the views gets older data." } else { "" },
            )),
            None => None,
        }
    }

    fn thresholds(&self) -> Thresholds {
        Thresholds::for_interval(self.interval)
    }
}

impl Trouble {
    /// Whether the data itself cannot be read.
    #[must_use]
    pub fn keeps_from_reading(&self) -> bool {
        matches!(self, Self::DatabaseUnreachable { .. } | Self::Unreadable { .. })
    }

    /// What is wrong, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::DatabaseUnreachable { since } => {
                format!("The database has not answered since {}; Tidemark keeps trying.", format::moment(since))
            }
            Self::RefreshFailed { at, view_name, message } => {
                let view = view_name.as_ref().map_or(String::new(), |name| format!(" of {name}"));
                format!("The refresh{view} at {} failed: {}.", format::moment(at), message.trim_end_matches('.'))
            }
            Self::Unreadable { since } => {
                format!("The data could not be read since {}; the server's log says why.", format::moment(since))
            }
        }
    }
}

/// The time from `earlier` to `later`; zero when a clock stepped back.
#[must_use]
pub fn elapsed(earlier: DateTime<Utc>, later: DateTime<Utc>) -> Duration {
    (later - earlier).max(TimeDelta::zero()).to_std().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const MINUTE: u64 = 60;

    fn at(minutes_old: u64, interval_minutes: u64) -> (Freshness, DateTime<Utc>) {
        let as_of = "2026-11-23T12:00:00Z".parse().unwrap();
        let interval = Duration::from_secs(interval_minutes * MINUTE);
        let freshness = Freshness { data_version: 1, data_as_of: Some(as_of), ..Freshness::unknown(interval, as_of) };
        (freshness, as_of + Duration::from_secs(minutes_old * MINUTE))
    }

    fn verdict(minutes_old: u64, interval_minutes: u64) -> Staleness {
        let (freshness, now) = at(minutes_old, interval_minutes);
        freshness.staleness(now)
    }

    #[test]
    fn five_minutes_are_fresh_and_a_second_more_is_not() {
        let thresholds = Thresholds::for_interval(Duration::from_secs(MINUTE));
        assert_eq!(thresholds.judge(Duration::from_secs(300)), Staleness::Fresh);
        assert_eq!(thresholds.judge(Duration::from_secs(301)), Staleness::Warning);
        assert_eq!(thresholds.judge(Duration::from_secs(601)), Staleness::Stale);
        assert_eq!(thresholds.judge(Duration::from_secs(1801)), Staleness::Critical);
    }

    #[test]
    fn a_slow_schedule_moves_every_threshold() {
        assert_eq!(verdict(110, 60), Staleness::Fresh);
        assert_eq!(verdict(121, 60), Staleness::Warning);
        assert_eq!(verdict(181, 60), Staleness::Stale);
        assert_eq!(verdict(361, 60), Staleness::Critical);
    }

    #[test]
    fn labels_are_what_programs_already_read() {
        let thresholds = Thresholds::for_interval(Duration::from_secs(5 * MINUTE));
        assert_eq!(thresholds.label(Staleness::Fresh), "FRESH");
        assert_eq!(thresholds.label(Staleness::Warning), "WARNING (>10 min)");
        assert_eq!(Thresholds::for_interval(Duration::from_secs(60)).label(Staleness::Warning), "WARNING (>5 min)");
        assert_eq!(Thresholds::for_interval(Duration::from_secs(60)).label(Staleness::Stale), "STALE (>10 min)");
    }

    #[test]
    fn the_tide_empties_with_age_and_never_overflows() {
        let (freshness, _) = at(0, 1);
        let as_of = freshness.data_as_of.unwrap();
        assert!((freshness.tide(as_of) - 1.0).abs() < f64::EPSILON);
        assert!((freshness.tide(as_of + Duration::from_secs(300)) - 0.5).abs() < 1e-9);
        assert!(freshness.tide(as_of + Duration::from_secs(3600)).abs() < f64::EPSILON);
        assert!((freshness.tide(as_of - Duration::from_secs(60)) - 1.0).abs() < f64::EPSILON, "a clock behind ours");
    }

    #[test]
    fn stale_data_says_why() {
        let (mut freshness, now) = at(45, 5);
        assert!(freshness.explanation(now).unwrap().contains("No refresh has finished for 45 min"));
        freshness.trouble = Some(Trouble::RefreshFailed {
            at: now,
            view_name: Some("recent_failures".into()),
            message: "disk full".into(),
        });
        assert!(freshness.explanation(now).unwrap().starts_with("The refresh of recent_failures at"));
        let (fresh, now) = at(1, 5);
        assert_eq!(fresh.explanation(now), None);
    }

    #[test]
    fn views_that_lag_behind_are_told_apart_from_the_page() {
        let (mut freshness, now) = at(14, 1);
        (freshness.views_as_of, freshness.data_as_of) = (freshness.data_as_of, Some(now));
        assert_eq!(freshness.staleness(now), Staleness::Stale);
        assert!(freshness.only_views_are_old(now));
        let told = freshness.explanation(now).unwrap();
        assert!(told.starts_with("No refresh has finished for 14 min, though one is due every 1 min"), "{told}");
        assert!(told.ends_with("Only who reads the views gets older data."), "{told}");
        freshness.views_as_of = Some(now);
        assert_eq!((freshness.staleness(now), freshness.explanation(now)), (Staleness::Fresh, None));
    }

    #[test]
    fn an_old_transaction_is_told_of_once_it_is_old() {
        let (mut freshness, now) = at(0, 5);
        let holder = |seconds: u64| Holder {
            pid: Some(7),
            prepared_as: None,
            user_name: None,
            application_name: None,
            since: now - Duration::from_secs(seconds),
            query: None,
        };
        freshness.holder = Some(holder(9));
        assert_eq!(freshness.explanation(now), None);
        freshness.holder = Some(holder(75));
        assert!(freshness.explanation(now).unwrap().contains("writing for 1 min 15 s: process 7."));
        assert_eq!(freshness.staleness(now), Staleness::Fresh, "it costs nothing in exactness");
    }
}
