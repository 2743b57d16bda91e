//! How numbers, durations and moments are spelled for people.

use std::{fmt::Display, time::Duration};

use chrono::{DateTime, TimeZone, Utc};

use crate::{freshness::elapsed, visible::visible};

/// What stands where a value is not there.
pub const MISSING: &str = "–";

/// A whole number with thousands separated: `12,482`.
#[must_use]
pub fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut spelled = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        spelled.push('−');
    }
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            spelled.push(',');
        }
        spelled.push(digit);
    }
    spelled
}

/// A count with its noun: `1 run`, `12,482 runs`.
#[must_use]
pub fn counted(number: i64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A percentage with one decimal: `96.3%`. What is not quite everything never rounds up to `100%`, nor what is not
/// quite nothing down to `0%`.
#[must_use]
pub fn percent(percentage: Option<f64>) -> String {
    match percentage {
        None => MISSING.to_owned(),
        Some(p) if p >= 100.0 => "100%".to_owned(),
        Some(p) if p <= 0.0 => "0%".to_owned(),
        Some(p) if p > 99.9 => "99.9%".to_owned(),
        Some(p) if p < 0.1 => "under 0.1%".to_owned(),
        Some(p) => format!("{p:.1}%"),
    }
}

/// How much more there is than before: `12.0% more`, `3.1% fewer`, `as before`. Much more is told in times: `14 times as many`.
#[must_use]
pub fn growth(percentage: f64) -> String {
    match percentage {
        p if p.abs() < 0.05 => "as before".to_owned(),
        p if p >= 900.0 => format!("{:.0} times as many", 1.0 + p / 100.0),
        p if p > 0.0 => format!("{p:.1}% more"),
        p => format!("{:.1}% fewer", -p),
    }
}

/// A number with at most two decimals: `0.08`.
#[must_use]
pub fn decimal(number: Option<f64>) -> String {
    number.map_or(MISSING.to_owned(), |number| format!("{number:.2}"))
}

/// How many times as much: `2.9 times`, `1,240 times`.
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "rounded, and what is too large is the largest there is")]
pub fn times(ratio: f64) -> String {
    if ratio < 100.0 { format!("{ratio:.1} times") } else { format!("{} times", count(ratio.round() as i64)) }
}

/// How long an action ran, as people read it: `842 ms`, `1.1 s`, `2 min 3 s`, `3 h 5 min`.
#[must_use]
pub fn milliseconds(duration_ms: Option<f64>) -> String {
    match duration_ms {
        None => MISSING.to_owned(),
        Some(ms) if !ms.is_finite() => MISSING.to_owned(),
        Some(ms) if ms < 0.0 => format!("−{}", milliseconds(Some(-ms))),
        Some(ms) if ms.round() < 1_000.0 => format!("{ms:.0} ms"),
        Some(ms) if ms < 59_950.0 => format!("{:.1} s", ms / 1_000.0),
        Some(ms) => duration(Duration::from_secs_f64((ms / 1_000.0).min(1e12))),
    }
}

/// A duration in its two largest units: `8 s`, `2 min 3 s`, `3 h 5 min`, `2 d 4 h`.
#[must_use]
pub fn duration(duration: Duration) -> String {
    let seconds =
        (duration.as_secs_f64().round() as u64).max(u64::from(!duration.is_zero() && duration.as_secs() == 0));
    let two = |large: u64, large_unit: &str, small: u64, small_unit: &str| {
        if small == 0 { format!("{large} {large_unit}") } else { format!("{large} {large_unit} {small} {small_unit}") }
    };
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => two(seconds / 60, "min", seconds % 60, "s"),
        3_600..86_400 => two(seconds / 3_600, "h", seconds / 60 % 60, "min"),
        _ => two(seconds / 86_400, "d", seconds / 3_600 % 24, "h"),
    }
}

/// A size on disk: `512 B`, `8.0 kB`, `1.2 GB` (1 kB = 1024 bytes, as Postgres counts).
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "one decimal is shown")]
pub fn bytes(size_bytes: i64) -> String {
    let mut size = size_bytes as f64;
    if size < 1024.0 {
        return format!("{size_bytes} B");
    }
    let mut unit = "";
    for larger in ["kB", "MB", "GB", "TB"] {
        if size < 1024.0 {
            break;
        }
        (size, unit) = (size / 1024.0, larger);
    }
    format!("{size:.1} {unit}")
}

/// How long ago something was: `8 s ago`, `2 min ago`, `3 h ago`, `12 d ago`.
#[must_use]
pub fn ago(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match elapsed(then, now).as_secs() {
        0 => "just now".to_owned(),
        seconds @ 1..60 => format!("{seconds} s ago"),
        seconds @ 60..3_600 => format!("{} min ago", seconds / 60),
        seconds @ 3_600..172_800 => format!("{} h ago", seconds / 3_600),
        seconds => format!("{} d ago", seconds / 86_400),
    }
}

/// The time of day: `12:00:05`.
#[must_use]
pub fn clock<Z: TimeZone<Offset: Display>>(moment: &DateTime<Z>) -> String {
    moment.format("%H:%M:%S").to_string()
}

/// A day and the time with their zone: `23 Nov 12:00:05 UTC`.
#[must_use]
pub fn moment<Z: TimeZone<Offset: Display>>(moment: &DateTime<Z>) -> String {
    moment.format("%-d %b %H:%M:%S %Z").to_string()
}

/// At most 60 characters of a message, on one line. Nothing in it can turn around the sentence that it stands in.
#[must_use]
pub fn shortened(message: &str) -> String {
    let shown = visible(message);
    let line = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn thousands_are_separated() {
        let spelled: Vec<String> =
            [0, 999, 1_000, 12_482, 1_234_567, -5_000, i64::MIN].into_iter().map(count).collect();
        assert_eq!(spelled, ["0", "999", "1,000", "12,482", "1,234,567", "−5,000", "−9,223,372,036,854,775,808"]);
    }

    #[test]
    fn what_turns_text_around_does_not_turn_a_sentence() {
        assert_eq!(shortened("a \n b\u{202e}c"), "a b⟨U+202E⟩c");
    }

    #[test]
    fn large_ratios_are_whole() {
        assert_eq!((times(2.94), times(80_817.9)), ("2.9 times".to_owned(), "80,818 times".to_owned()));
    }

    #[test]
    fn almost_all_is_not_all() {
        assert_eq!(percent(Some(99.99)), "99.9%");
        assert_eq!(percent(Some(100.0)), "100%");
        assert_eq!(percent(Some(0.01)), "under 0.1%");
        assert_eq!(percent(Some(96.34)), "96.3%");
        assert_eq!(percent(None), "–");
    }

    #[test]
    fn growth_is_told_in_words() {
        let spelled: Vec<String> = [12.04, -3.1, 0.01, 1_300.0].into_iter().map(growth).collect();
        assert_eq!(spelled, ["12.0% more", "3.1% fewer", "as before", "14 times as many"]);
    }

    #[test]
    fn durations_read_as_people_say_them() {
        let spelled: Vec<String> = [0.0, 842.4, 999.6, 1_100.0, 59_949.0, 59_950.0, 123_000.0, 11_100_000.0]
            .into_iter()
            .map(|ms| milliseconds(Some(ms)))
            .collect();
        assert_eq!(spelled, ["0 ms", "842 ms", "1.0 s", "1.1 s", "59.9 s", "1 min", "2 min 3 s", "3 h 5 min"]);
        assert_eq!(milliseconds(None), "–");
        assert_eq!(milliseconds(Some(f64::NAN)), "–");
        assert_eq!(milliseconds(Some(-1_500.0)), "−1.5 s");
    }

    #[test]
    fn sizes_take_the_unit_that_fits() {
        let spelled: Vec<String> = [0, 1023, 8_192, 5_242_880, i64::MAX].into_iter().map(bytes).collect();
        assert_eq!(spelled, ["0 B", "1023 B", "8.0 kB", "5.0 MB", "8388608.0 TB"]);
    }

    #[test]
    fn ages_count_up_and_never_below_zero() {
        let now: DateTime<Utc> = "2026-11-23T12:00:05Z".parse().unwrap();
        let spelled: Vec<String> = [-10, 0, 8, 125, 7_200, 300_000]
            .into_iter()
            .map(|seconds| ago(now - chrono::TimeDelta::seconds(seconds), now))
            .collect();
        assert_eq!(spelled, ["just now", "just now", "8 s ago", "2 min ago", "2 h ago", "3 d ago"]);
        assert_eq!(moment(&now), "23 Nov 12:00:05 UTC");
    }
}
