//! Time zones: where a day begins, and which clock a page shows.

use std::{fmt, str::FromStr};

use chrono::{
    DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;

/// A time zone of the IANA database, as `Europe/Berlin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

impl Zone {
    /// What a page shows while it does not know its viewer's.
    pub const UTC: Self = Self(Tz::UTC);

    /// Its name in the IANA database.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// A moment on this zone's clock.
    #[must_use]
    pub fn at(self, moment: DateTime<Utc>) -> DateTime<Tz> {
        moment.with_timezone(&self.0)
    }

    /// How far this zone's clock is ahead of UTC at a moment.
    #[must_use]
    pub fn offset(self, moment: DateTime<Utc>) -> FixedOffset {
        self.at(moment).offset().fix()
    }

    /// The day that a moment is in.
    #[must_use]
    pub fn day_of(self, moment: DateTime<Utc>) -> NaiveDate {
        self.at(moment).date_naive()
    }

    /// When this zone's clock shows a time, for the first time where it does so twice; `None` where it skips it.
    #[must_use]
    pub fn moment_of(self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        self.0.from_local_datetime(&local).earliest().map(|moment| moment.to_utc())
    }

    /// When a day begins: midnight, or the first moment after it where clocks skip midnight.
    #[must_use]
    pub fn start_of_day(self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        // Clocks were never put forward by more than a day, nor by less than a quarter of an hour.
        let quarters = (0..=96).map(|quarter| midnight + TimeDelta::minutes(15 * quarter));
        let mut valid = quarters.filter_map(|local| match self.0.from_local_datetime(&local) {
            MappedLocalTime::Single(moment) | MappedLocalTime::Ambiguous(moment, _) => Some(moment.to_utc()),
            MappedLocalTime::None => None,
        });
        valid.next().unwrap_or_else(|| midnight.and_utc())
    }

    /// Whether the clock shows this hour twice, because it was put back in between.
    #[must_use]
    pub fn is_ambiguous(self, moment: DateTime<Utc>) -> bool {
        let local = self.at(moment).naive_local();
        matches!(self.0.from_local_datetime(&local), MappedLocalTime::Ambiguous(..))
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Not a time zone of the IANA database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownZone;

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        name.parse().map(Self).map_err(|_| UnknownZone)
    }
}

/// Zones to choose from besides the viewer's own, from west to east.
pub const COMMON: [&str; 16] = [
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Sao_Paulo",
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Kyiv",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_at_midnight_or_right_after_it() {
        let start = |zone: &str, text| zone.parse::<Zone>().unwrap().start_of_day(day(text)).to_rfc3339();
        assert_eq!(start("Europe/Berlin", "2026-07-01"), "2026-06-30T22:00:00+00:00");
        // Clocks in Beirut were put forward at midnight, and Samoa left out a whole day.
        assert_eq!(start("Asia/Beirut", "2022-03-27"), "2022-03-26T22:00:00+00:00");
        assert_eq!(start("Pacific/Apia", "2011-12-30"), start("Pacific/Apia", "2011-12-31"));
    }

    #[test]
    fn the_hour_that_comes_twice_is_known() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let at = |text: &str| berlin.is_ambiguous(text.parse().unwrap());
        assert!(at("2026-10-25T00:30:00Z") && at("2026-10-25T01:30:00Z"));
        assert!(!at("2026-10-25T02:30:00Z") && !Zone::UTC.is_ambiguous("2026-10-25T00:30:00Z".parse().unwrap()));
    }

    #[test]
    fn every_common_zone_exists() {
        assert!(COMMON.iter().all(|name| name.parse::<Zone>().is_ok_and(|zone| zone.name() == *name)));
        assert_eq!("Berlin".parse::<Zone>(), Err(UnknownZone));
    }
}
