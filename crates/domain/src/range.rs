//! Which time a page is about: a while up to now, or from one day or moment to another.

use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeDelta, Utc};

use crate::zone::Zone;

/// The longest range, in days.
pub const LONGEST_DAYS: i64 = 366;

/// What a range may look like, in words.
pub const EXPECTED: &str =
    "24h, 7d, 30d, 90d, or a first and a last day or moment of at most 366 days, as in 2026-11-01..2026-11-07";

/// The time that a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Range {
    /// The last 24 hours.
    #[default]
    Day,
    /// The last 7 days.
    Week,
    /// The last 30 days.
    Month,
    /// The last 90 days.
    Quarter,
    /// From the beginning of one day or moment to the end of another; never longer than [`LONGEST_DAYS`].
    Between(Edge, Edge),
}

/// Where a range begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edge {
    /// A whole day, in the zone of the page.
    Day(NaiveDate),
    /// A moment.
    Moment(DateTime<Utc>),
}

impl Range {
    /// The ranges that end now, shortest first.
    pub const PRESETS: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Quarter];

    /// A range between two moments, the second one left out.
    #[must_use]
    pub fn between(from: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        Self::Between(Edge::Moment(from), Edge::Moment(until))
    }

    /// As addresses spell it: `24h`, `2026-11-01..2026-11-07`.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Day => "24h".to_owned(),
            Self::Week => "7d".to_owned(),
            Self::Month => "30d".to_owned(),
            Self::Quarter => "90d".to_owned(),
            Self::Between(from, to) => format!("{}..{}", from.word(), to.word()),
        }
    }

    /// How long a range is that ends now; `None` of one between two edges.
    #[must_use]
    pub fn length(self) -> Option<TimeDelta> {
        match self {
            Self::Day => Some(TimeDelta::hours(24)),
            Self::Week => Some(TimeDelta::days(7)),
            Self::Month => Some(TimeDelta::days(30)),
            Self::Quarter => Some(TimeDelta::days(90)),
            Self::Between(..) => None,
        }
    }
}

/// A range in the zone of its page, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// The time.
    pub range: Range,
    /// Where its days begin.
    pub zone: Zone,
}

impl Span {
    /// As a heading spells it: `Last 24 hours`, `1 Nov 2026 to 7 Nov 2026`.
    #[must_use]
    pub fn title(self) -> String {
        match self.range {
            Range::Day => "Last 24 hours".to_owned(),
            Range::Week => "Last 7 days".to_owned(),
            Range::Month => "Last 30 days".to_owned(),
            Range::Quarter => "Last 90 days".to_owned(),
            Range::Between(from, to) if from == to => from.title(self.zone),
            Range::Between(from, to) => format!("{} to {}", from.title(self.zone), to.title(self.zone)),
        }
    }

    /// The same inside of a sentence: `in the last 24 hours`, `from 1 Nov 2026 to 7 Nov 2026`.
    #[must_use]
    pub fn words(self) -> String {
        match self.range {
            Range::Between(from, to) if from == to => format!("on {}", from.title(self.zone)),
            Range::Between(..) => format!("from {}", self.title()),
            _ => format!("in the {}", self.title().to_lowercase()),
        }
    }

    /// The time before it that it is compared with: `the 24 hours before`.
    #[must_use]
    pub fn before(self) -> &'static str {
        match self.range {
            Range::Day => "the 24 hours before",
            Range::Week => "the 7 days before",
            Range::Month => "the 30 days before",
            Range::Quarter => "the 90 days before",
            Range::Between(..) => "the time of equal length before",
        }
    }
}

impl Edge {
    /// When a range begins that begins here.
    #[must_use]
    pub fn begins(self, zone: Zone) -> DateTime<Utc> {
        match self {
            Self::Day(day) => zone.start_of_day(day),
            Self::Moment(moment) => moment,
        }
    }

    /// When a range ends that ends here: a last day is part of it.
    #[must_use]
    pub fn ends(self, zone: Zone) -> DateTime<Utc> {
        match self {
            Self::Day(day) => zone.start_of_day(day.succ_opt().unwrap_or(day)),
            Self::Moment(moment) => moment,
        }
    }

    fn word(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::Moment(moment) => moment.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        }
    }

    fn title(self, zone: Zone) -> String {
        match self {
            Self::Day(day) => day.format("%-d %b %Y").to_string(),
            Self::Moment(moment) => zone.at(moment).format("%-d %b %Y %H:%M").to_string(),
        }
    }

    fn year(self) -> i32 {
        match self {
            Self::Day(day) => day.year(),
            Self::Moment(moment) => moment.year(),
        }
    }
}

/// Not a range; see [`EXPECTED`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRange;

impl FromStr for Edge {
    type Err = NoRange;

    fn from_str(word: &str) -> Result<Self, NoRange> {
        let day = word.parse().map(Self::Day);
        // A plus sign of an offset that nobody encoded arrives as a space.
        let moment =
            || DateTime::parse_from_rfc3339(&word.replace(' ', "+")).map(|moment| Self::Moment(moment.to_utc()));
        let edge = day.or_else(|_| moment()).map_err(|_| NoRange)?;
        if (1970..=9999).contains(&edge.year()) { Ok(edge) } else { Err(NoRange) }
    }
}

impl FromStr for Range {
    type Err = NoRange;

    fn from_str(word: &str) -> Result<Self, NoRange> {
        if let Some(preset) = Self::PRESETS.into_iter().find(|preset| preset.word() == word) {
            return Ok(preset);
        }
        let (from, to) = word.split_once("..").ok_or(NoRange)?;
        let (from, to): (Edge, Edge) = (from.parse()?, to.parse()?);
        // Whatever the zone, which moves an edge by less than a day.
        let length = to.ends(Zone::UTC) - from.begins(Zone::UTC);
        let is_range = length > TimeDelta::zero() && length <= TimeDelta::days(LONGEST_DAYS);
        if is_range { Ok(Self::Between(from, to)) } else { Err(NoRange) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ranges_are_read_and_spelled() {
        let titles = [
            ("24h", "Last 24 hours"),
            ("2026-11-01..2026-11-07", "1 Nov 2026 to 7 Nov 2026"),
            ("2026-11-01..2026-11-01", "1 Nov 2026"),
            ("2026-11-01T09:00:00Z..2026-11-01T10:00:00Z", "1 Nov 2026 09:00 to 1 Nov 2026 10:00"),
        ];
        for (word, title) in titles {
            let range: Range = word.parse().unwrap();
            let span = Span { range, zone: Zone::UTC };
            assert_eq!((range.word().as_str(), span.title().as_str()), (word, title));
        }
        let offset: Range = "2026-11-01T09:00:00+02:00..2026-11-02".parse().unwrap();
        assert_eq!(offset.word(), "2026-11-01T07:00:00Z..2026-11-02");
    }

    #[test]
    fn what_is_no_range_is_refused() {
        let senseless = [
            "",
            "banana",
            "24H",
            "2026-11-07..2026-11-01",
            "2020-01-01..2026-01-01",
            "..",
            "2026-13-01..2026-13-02",
            "99999-01-01..99999-01-02",
            "2026-11-01T09:00:00Z..2026-11-01T09:00:00Z",
        ];
        for word in senseless {
            assert_eq!(word.parse::<Range>(), Err(NoRange), "{word}");
        }
    }
}
