//! At which hours of the week executions run.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    actions::peak_hours::{HoursOfWeek, PeakHours},
    query::Query,
    window::start_of_hour,
    zone::Zone,
};

use crate::hours::Counted;

/// The whole hours of the window, as far as hours are known.
pub(super) fn of(counted: &Counted, query: &Query) -> PeakHours {
    let window = counted.window;
    let known_from = counted.days_until.filter(|&until| window.begins < until);
    let first = counted.pieces.iter().map(|piece| start_of_hour(piece.at)).min().filter(|_| !counted.has_earlier);
    // Nothing is known of the time before the first execution of all; it is not an hour without any.
    let begins = window.begins.max(known_from.unwrap_or(window.begins)).max(first.unwrap_or(window.begins));
    let week = hours_of_week(counted, begins, window.ends, query.zone);
    let is_compared = counted.is_compared(query) && counted.days_until.is_none();
    let before = is_compared.then(|| hours_of_week(counted, window.before_begins, window.begins, query.zone));
    PeakHours { span: query.span(), week, before, known_from }
}

fn hours_of_week(counted: &Counted, begins: DateTime<Utc>, ends: DateTime<Utc>, zone: Zone) -> HoursOfWeek {
    let mut week = HoursOfWeek::between(begins, ends, zone);
    for piece in &counted.pieces {
        let hour = start_of_hour(piece.at);
        if begins <= hour && hour + TimeDelta::hours(1) <= ends {
            week.add(hour, zone, piece.executions);
        }
    }
    week
}
