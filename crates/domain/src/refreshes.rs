//! Refreshes of the views as an admin sees them: how they went, and what was said about the next ones.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{format, freshness::ViewStatus};

/// UTC days that are looked back.
pub const DAYS: i64 = 30;

/// A refresh takes long from this many times the usual of its view on, and from [`LONG_MS`] on.
const LONG_TIMES: f64 = 5.0;

/// Milliseconds under which no refresh takes long.
const LONG_MS: i64 = 1_000;

/// Everything the page of refreshes shows.
#[derive(Debug, Clone)]
pub struct Refreshes {
    /// Each view now.
    pub views: Vec<ViewStatus>,
    /// How its refreshes went, day by day.
    pub days: Vec<ViewDay>,
    /// What failed, newest first.
    pub failures: Vec<FailedRefresh>,
    /// What an admin said; `None` where that is nothing, and the settings of the server hold.
    pub wish: Option<Wish>,
    /// What the settings of the server say.
    pub usual: Rhythm,
    /// The refresh that is under way.
    pub running: Option<Running>,
}

/// A refresh that is under way, whoever began it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// The process of the database.
    pub pid: i32,
    /// What began it: `tidemark`, `pg_cron`, `psql`…
    pub application_name: String,
    /// When.
    pub began_at: DateTime<Utc>,
    /// Views that it has come to, in no order.
    pub reached: Vec<String>,
    /// The view for which it waits until somebody else is done.
    pub waits_for: Option<String>,
}

/// How far a refresh is with a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is done, or need not be.
    Done,
    /// It is being made.
    Now,
    /// Somebody else has it.
    Waits,
    /// It comes later.
    Later,
}

impl Running {
    /// How far it is with each of these views, which are refreshed in this order.
    #[must_use]
    pub fn stages(&self, names: &[String]) -> Vec<Stage> {
        let waits_at = names.iter().position(|name| self.waits_for.as_ref() == Some(name));
        let now = waits_at.or_else(|| names.iter().rposition(|name| self.reached.contains(name)));
        let stage = |place: usize| match now {
            Some(now) if place < now => Stage::Done,
            Some(now) if place == now && waits_at.is_some() => Stage::Waits,
            Some(now) if place == now => Stage::Now,
            _ => Stage::Later,
        };
        (0..names.len()).map(stage).collect()
    }
}

/// The refreshes of a view on a UTC day.
#[derive(Debug, Clone)]
pub struct ViewDay {
    /// The view.
    pub view_name: String,
    /// The beginning of the day.
    pub day: DateTime<Utc>,
    /// Refreshes that were needed.
    pub refreshes: i64,
    /// Those that failed.
    pub failures: i64,
    /// Half of them took less, in milliseconds.
    pub median_ms: Option<f64>,
    /// The longest, in milliseconds.
    pub longest_ms: Option<i64>,
    /// The most rows the view had.
    pub rows: Option<i64>,
}

/// A refresh that failed.
#[derive(Debug, Clone)]
pub struct FailedRefresh {
    /// When it began.
    pub at: DateTime<Utc>,
    /// The view, or all of them.
    pub view_name: String,
    /// What the database said.
    pub message: String,
    /// Who asked for it.
    pub asked_by: String,
}

/// What makes a refresh due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// Rows that arrive.
    Live,
    /// Time alone, in seconds.
    Every(i64),
}

/// What an admin said about refreshes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Whether none begins by itself.
    pub is_paused: bool,
    /// Another rhythm than that of the settings.
    pub rhythm: Option<Rhythm>,
    /// Who said so.
    pub changed_by: String,
    /// When.
    pub changed_at: DateTime<Utc>,
}

impl Rhythm {
    /// As a form spells it: `live`, or a number of seconds.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Live => "live".to_owned(),
            Self::Every(seconds) => seconds.to_string(),
        }
    }

    /// What a form spells.
    ///
    /// # Errors
    /// What would be right.
    pub fn read(text: &str) -> Result<Self, String> {
        match text.trim() {
            "live" => Ok(Self::Live),
            number => {
                let seconds = number.parse().ok().filter(|seconds| (1..=20 * 86_400).contains(seconds));
                seconds.map(Self::Every).ok_or_else(|| "live, or whole seconds from 1 to 1,728,000".to_owned())
            }
        }
    }

    /// In words: `every 5 minutes`.
    #[must_use]
    pub fn words(self) -> String {
        let every = |number: i64, one: &str| match number {
            1 => format!("every {one}"),
            number => format!("every {} {one}s", format::count(number)),
        };
        match self {
            Self::Live => "as rows arrive, within the budget".to_owned(),
            Self::Every(seconds) if seconds % 3_600 == 0 => every(seconds / 3_600, "hour"),
            Self::Every(seconds) if seconds % 60 == 0 => every(seconds / 60, "minute"),
            Self::Every(seconds) => every(seconds, "second"),
        }
    }
}

impl Refreshes {
    /// What makes a refresh due now; `None` while they are paused.
    #[must_use]
    pub fn rhythm(&self) -> Option<Rhythm> {
        match &self.wish {
            Some(wish) if wish.is_paused => None,
            Some(Wish { rhythm: Some(rhythm), .. }) => Some(*rhythm),
            _ => Some(self.usual),
        }
    }

    /// The next refresh that time alone makes due.
    #[must_use]
    pub fn next(&self) -> Option<DateTime<Utc>> {
        let Some(Rhythm::Every(seconds)) = self.rhythm() else { return None };
        let oldest = self.views.iter().map(|view| view.last_refresh).min().flatten()?;
        Some(oldest + TimeDelta::seconds(seconds))
    }

    /// One true sentence.
    #[must_use]
    pub fn sentence(&self, now: DateTime<Utc>) -> String {
        let failing = self.views.iter().filter(|view| view.last_failure.is_some()).count();
        let slow = self.views.iter().filter(|view| self.takes_long(view)).count();
        let never = self.views.iter().filter(|view| view.last_refresh.is_none()).count();
        let count = |number: usize| format::counted(i64::try_from(number).unwrap_or(i64::MAX), "view", "views");
        let state = match (failing, never, slow) {
            (0, 0, 0) => "Every view was refreshed when it was due".to_owned(),
            (0, 0, slow) => format!("{} took far longer than usual", count(slow)),
            (0, never, _) => format!("{} never refreshed", count(never)),
            (failing, ..) => format!("The last refresh of {} failed", count(failing)),
        };
        match (&self.wish, self.rhythm(), self.next()) {
            (Some(wish), None, _) => {
                format!(
                    "{state}; refreshes are paused by {} since {}.",
                    wish.changed_by,
                    format::ago(wish.changed_at, now)
                )
            }
            (_, Some(rhythm), Some(next)) if next > now => {
                format!(
                    "{state}; {}, next in {}.",
                    rhythm.words(),
                    format::milliseconds(Some(milliseconds(next - now)))
                )
            }
            (_, Some(rhythm), _) => format!("{state}; {}.", rhythm.words()),
            (None, None, _) => format!("{state}."),
        }
    }

    /// The days of a view, oldest first.
    pub fn days_of<'a>(&'a self, view_name: &'a str) -> impl Iterator<Item = &'a ViewDay> {
        self.days.iter().filter(move |day| day.view_name == view_name)
    }

    /// Half of the days had a shorter median, in milliseconds.
    #[must_use]
    pub fn usual_ms(&self, view_name: &str) -> Option<f64> {
        let mut medians: Vec<f64> = self.days_of(view_name).filter_map(|day| day.median_ms).collect();
        medians.sort_by(f64::total_cmp);
        medians.get(medians.len() / 2).copied()
    }

    /// Whether the last refresh of a view took far longer than usual.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "a refresh takes less than 2^52 ms")]
    pub fn takes_long(&self, view: &ViewStatus) -> bool {
        let (Some(last), Some(usual)) = (view.last_duration_ms, self.usual_ms(&view.view_name)) else { return false };
        last >= LONG_MS && last as f64 > LONG_TIMES * usual
    }
}

#[allow(clippy::cast_precision_loss, reason = "times of people stay far below 2^52 ms")]
fn milliseconds(delta: TimeDelta) -> f64 {
    delta.num_milliseconds() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_435_205, 0).unwrap_or_default()
    }

    fn view(last_duration_ms: i64) -> ViewStatus {
        ViewStatus {
            view_name: "recent_failures".into(),
            row_count: 1,
            size_bytes: 1,
            last_refresh: Some(now() - TimeDelta::seconds(60)),
            last_duration_ms: Some(last_duration_ms),
            last_failure: None,
        }
    }

    fn refreshes(view: ViewStatus, wish: Option<Wish>) -> Refreshes {
        let day = |median_ms| ViewDay {
            view_name: "recent_failures".into(),
            day: now(),
            refreshes: 3,
            failures: 0,
            median_ms,
            longest_ms: Some(900),
            rows: Some(1),
        };
        let days = vec![day(Some(100.0)), day(None), day(Some(300.0))];
        Refreshes { views: vec![view], days, failures: vec![], wish, usual: Rhythm::Every(300), running: None }
    }

    #[test]
    fn the_sentence_follows_what_is() {
        let wish = |is_paused, rhythm| {
            let (changed_by, changed_at) = ("Anna".to_owned(), now() - TimeDelta::seconds(120));
            Some(Wish { is_paused, rhythm, changed_by, changed_at })
        };
        let fine = "Every view was refreshed when it was due";
        assert_eq!(
            refreshes(view(90), None).sentence(now()),
            format!("{fine}; every 5 minutes, next in {}.", format::milliseconds(Some(240_000.0)))
        );
        assert_eq!(
            refreshes(view(90), wish(true, None)).sentence(now()),
            format!(
                "{fine}; refreshes are paused by Anna since {}.",
                format::ago(now() - TimeDelta::seconds(120), now())
            )
        );
        assert_eq!(
            refreshes(view(90), wish(false, Some(Rhythm::Live))).sentence(now()),
            format!("{fine}; as rows arrive, within the budget.")
        );
        assert!(refreshes(view(9_000), None).sentence(now()).starts_with("1 view took far longer than usual"));
        assert!(!refreshes(view(900), None).takes_long(&view(900)), "under a second nothing is long");
    }

    #[test]
    fn a_refresh_goes_from_view_to_view() {
        let names = ["a", "b", "c"].map(str::to_owned);
        let stages = |reached: &[&str], waits_for: Option<&str>| {
            let reached = reached.iter().map(|&name| name.to_owned()).collect();
            let (application_name, waits_for) = ("tidemark".to_owned(), waits_for.map(str::to_owned));
            Running { pid: 1, application_name, began_at: now(), reached, waits_for }.stages(&names)
        };
        assert_eq!(stages(&[], None), [Stage::Later; 3], "it still counts what changed");
        assert_eq!(stages(&["a"], None), [Stage::Now, Stage::Later, Stage::Later]);
        assert_eq!(stages(&["c"], None), [Stage::Done, Stage::Done, Stage::Now], "the others need not be refreshed");
        assert_eq!(stages(&["a"], Some("b")), [Stage::Done, Stage::Waits, Stage::Later]);
    }

    #[test]
    fn a_rhythm_is_read_as_it_is_spelled() {
        for rhythm in [Rhythm::Live, Rhythm::Every(30), Rhythm::Every(7_200)] {
            assert_eq!(Rhythm::read(&rhythm.word()), Ok(rhythm));
        }
        assert!(Rhythm::read("0").is_err() && Rhythm::read("often").is_err());
        assert_eq!(Rhythm::Every(7_200).words(), "every 2 hours");
        assert_eq!(Rhythm::Every(60).words(), "every minute");
    }
}
