//! Times as files spell them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// What would be right.
const EXPECTED: &str = "write it like 2013-02-08T17:30:00Z or 2013-02-08 17:30:00+00";

/// Reads RFC 3339, or `YYYY-MM-DD HH:MM:SS[.f][+00]` as Postgres writes it; a time without a zone is UTC.
pub fn parse(text: &str) -> Result<DateTime<Utc>, String> {
    let local_and_zone = || {
        let (date, rest) = text.split_once(['T', 't', ' '])?;
        let zone_at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
        let local = NaiveDateTime::new(date_of(date)?, time_of(&rest[..zone_at])?);
        local.checked_sub_signed(offset_of(&rest[zone_at..])?)
    };
    local_and_zone()
        .map(|moment| moment.and_utc())
        .filter(|moment| (1..=9999).contains(&moment.year()))
        .ok_or_else(|| format!("{} is not a time; {EXPECTED}", super::quoted(text)))
}

fn date_of(text: &str) -> Option<NaiveDate> {
    let shaped = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    shaped.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

fn time_of(text: &str) -> Option<NaiveTime> {
    let shaped = text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
    shaped.then(|| NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok()).flatten()
}

/// How far ahead of UTC: `Z`, nothing, `+05`, `+0530`, `+05:30`.
fn offset_of(text: &str) -> Option<TimeDelta> {
    if text.is_empty() || text.eq_ignore_ascii_case("z") {
        return Some(TimeDelta::zero());
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = match &text.as_bytes()[1..] {
        [h, hh] => [*h, *hh, b'0', b'0'],
        [h, hh, m, mm] | [h, hh, b':', m, mm] => [*h, *hh, *m, *mm],
        _ => return None,
    };
    let number = |tens: u8, ones: u8| {
        (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    };
    let (hours, minutes) = (number(digits[0], digits[1])?, number(digits[2], digits[3])?);
    (hours < 24 && minutes < 60).then(|| TimeDelta::minutes(sign * (hours * 60 + minutes)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_accepted_spelling_is_the_same_moment() {
        let expected = DateTime::parse_from_rfc3339("2013-02-08T17:30:00.5Z").unwrap();
        for text in [
            "2013-02-08T17:30:00.5Z",
            "2013-02-08t17:30:00.500z",
            "2013-02-08 17:30:00.5",
            "2013-02-08 17:30:00.500000+00",
            "2013-02-08 17:30:00.5+00:00",
            "2013-02-08 19:30:00.5+02",
            "2013-02-08 23:00:00.5+0530",
            "2013-02-08T12:30:00.5-05:00",
        ] {
            assert_eq!(parse(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_what_would_be_right() {
        for text in [
            "",
            "yesterday",
            "2013-02-08",
            "2013-02-30T00:00:00Z",
            "2013-02-08T25:00:00Z",
            "2013-2-8 1:02:03",
            "02/08/2013 17:30:00",
            "2013-02-08T17:30Z",
            "2013-02-08T17:30:00+5",
            "2013-02-08T17:30:00+99:00",
            "2013-02-08T17:30:00 UTC",
            "2013-02-08T17:30:00+é",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59-05:00",
            "1360344600",
        ] {
            let reason = parse(text).unwrap_err();
            assert!(reason.contains("is not a time; write it like"), "{text}: {reason}");
        }
    }
}
