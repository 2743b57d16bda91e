//! The time that a page is about in numbers, against the time of equal length before.

use std::borrow::Cow;

use crate::{
    format,
    panel::Panel,
    query::Query,
    range::Span,
    status::{Status, StatusCounts},
    table::{Column, Table, Value},
};

/// Two windows of equal length, one after the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// The time.
    pub span: Span,
    /// The only status that counts, if only one does: then there is no success rate.
    pub status: Option<Status>,
    /// That time.
    pub current: Period,
    /// The time before; `None` where it began before anything ran, so that not all of it is known.
    pub previous: Option<Period>,
    /// Whether anything ever ran: tells an empty database from a quiet day.
    pub has_run: bool,
}

/// What happened in one window of time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Period {
    /// Executions by how they ended.
    pub counts: StatusCounts,
    /// 95th percentile of durations in milliseconds, within 1%; `None` when nothing had a duration.
    pub p95_duration_ms: Option<f64>,
    /// Retries of all executions together.
    pub total_retries: i64,
    /// Distinct error messages among the failed; `None` where they are too many to compare, or too old.
    pub kinds_of_error: Option<i64>,
}

impl Period {
    /// Retries per execution; `None` when there was none.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn retries_per_execution(&self) -> Option<f64> {
        let total = self.counts.total();
        (total > 0).then(|| self.total_retries as f64 / total as f64)
    }
}

impl Panel for Summary {
    const NAME: &'static str = "summary";
    const TITLE: &'static str = "In numbers";

    fn title(&self) -> Cow<'static, str> {
        self.span.title().into()
    }

    fn sentence(&self) -> String {
        let counts = self.current.counts;
        if counts.total() == 0 {
            return format!("Nothing ran {}.", self.span.words());
        }
        let runs = format::counted(counts.total(), "run", "runs");
        match self.status {
            None => format!("{runs}, {} succeeded.", format::percent(counts.success_rate())),
            Some(Status::Success) => format!("{runs} succeeded."),
            Some(Status::Retrying) => format!("{runs} will be tried again."),
            Some(Status::Failed) => format!("{runs} failed."),
        }
    }

    fn table(&self, _: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("time", "Time"),
            Column::number("executions", "Runs"),
            Column::number("success_rate", "Succeeded"),
            Column::number("p95_duration_ms", "p95"),
            Column::number("failures", "Failures"),
            Column::number("retries_per_execution", "Retries per run"),
        ]);
        let before = (self.span.before().to_owned(), self.previous.as_ref());
        for (time, period) in [(self.span.title(), Some(&self.current)), before] {
            table.push(vec![
                Value::Text(time).cell(),
                Value::from(period.map(|period| period.counts.total())).cell(),
                Value::percent(period.and_then(|period| self.success_rate(period))).cell(),
                Value::milliseconds(period.and_then(|period| period.p95_duration_ms)).cell(),
                Value::from(period.map(|period| period.counts.failed)).cell(),
                Value::ratio(period.and_then(Period::retries_per_execution)).cell(),
            ]);
        }
        table
    }
}

impl Summary {
    /// Percentage (0 to 100) that succeeded; `None` where nothing ran, or only one status counts.
    #[must_use]
    pub fn success_rate(&self, period: &Period) -> Option<f64> {
        period.counts.success_rate().filter(|_| self.status.is_none())
    }

    /// What the numbers are compared with, in a sentence; else why with nothing.
    #[must_use]
    pub fn comparison(&self) -> String {
        let before = self.span.before();
        match self.previous {
            Some(_) if self.compares() => format!("Compared with {before}."),
            Some(_) => format!("Nothing ran in {before}: {UNKNOWN}."),
            None => format!("Not all of {before} is known: {UNKNOWN}."),
        }
    }

    /// Whether any of the numbers has one to compare it with.
    #[must_use]
    pub fn compares(&self) -> bool {
        self.compared_with().is_some()
    }

    /// The time before, where it is known and anything ran in it.
    fn compared_with(&self) -> Option<Period> {
        self.previous.filter(|previous| previous.counts.total() > 0)
    }

    /// How the number of runs compares: `4.1% more`.
    #[must_use]
    pub fn runs_change(&self) -> Change {
        Change::of_runs(self.current.counts.total(), self.previous.map_or(0, |previous| previous.counts.total()))
    }

    /// How the success rate compares, in percentage points: `1.9 points lower`.
    #[must_use]
    pub fn success_rate_change(&self) -> Change {
        let before = self.previous.and_then(|previous| self.success_rate(&previous));
        Change::of_success_rates(self.success_rate(&self.current), before)
    }

    /// How the 95th percentile compares: `61 ms faster`.
    #[must_use]
    pub fn p95_change(&self) -> Change {
        let Some((now, before)) =
            self.current.p95_duration_ms.zip(self.previous.and_then(|previous| previous.p95_duration_ms))
        else {
            return Change::unknown();
        };
        let (words, meaning) = if now > before { ("slower", Meaning::Bad) } else { ("faster", Meaning::Good) };
        let noise = crate::histogram::RELATIVE_ACCURACY * (now + before);
        Change::of(now - before, noise, |size| format!("{} {words}", format::milliseconds(Some(size))), meaning)
    }

    /// How the number of failures compares: `12 more`.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn failures_change(&self) -> Change {
        let Some(previous) = self.compared_with() else { return Change::unknown() };
        let (now, before) = (self.current.counts.failed, previous.counts.failed);
        let (words, meaning) = if now > before { ("more", Meaning::Bad) } else { ("fewer", Meaning::Good) };
        Change::of((now - before) as f64, 0.5, |_| format!("{} {words}", format::count((now - before).abs())), meaning)
    }

    /// How the retries per run compare: `0.02 more`.
    #[must_use]
    pub fn retries_change(&self) -> Change {
        let before = self.previous.and_then(|previous| previous.retries_per_execution());
        let Some((now, before)) = self.current.retries_per_execution().zip(before) else { return Change::unknown() };
        let (words, meaning) = if now > before { ("more", Meaning::Bad) } else { ("fewer", Meaning::Good) };
        Change::of(now - before, 0.005, |size| format!("{size:.2} {words}"), meaning)
    }
}

const AS_BEFORE: &str = "as before";
const UNKNOWN: &str = "nothing to compare with";

/// A number against the same number of the period before, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `4.1% more`, `as before`, `nothing to compare with`.
    pub words: String,
    /// Whether that is good news.
    pub meaning: Meaning,
}

/// Whether a change is good news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Better than before.
    Good,
    /// Worse than before.
    Bad,
    /// Neither, or too small to say.
    Neutral,
}

impl Change {
    /// A number of runs against another: `4.1% more`.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn of_runs(now: i64, before: i64) -> Self {
        if before == 0 {
            return Self::unknown();
        }
        let percent = 100.0 * (now - before) as f64 / before as f64;
        let words = if percent > 0.0 { "more" } else { "fewer" };
        Self::of(percent, 0.05, |size| format!("{size:.1}% {words}"), Meaning::Neutral)
    }

    /// A success rate against another, in percentage points: `1.9 points lower`.
    #[must_use]
    pub fn of_success_rates(now: Option<f64>, before: Option<f64>) -> Self {
        let Some((now, before)) = now.zip(before) else { return Self::unknown() };
        let (words, meaning) = if now > before { ("higher", Meaning::Good) } else { ("lower", Meaning::Bad) };
        Self::of(now - before, 0.05, |size| format!("{size:.1} points {words}"), meaning)
    }

    /// The end of a sentence that tells the number: `, 4.1% more than the 24 hours before`.
    #[must_use]
    pub fn ending(&self, before: &str) -> String {
        match self.words.as_str() {
            AS_BEFORE => format!(", as in {before}"),
            UNKNOWN => ", with nothing before to compare with".to_owned(),
            words => format!(", {words} than in {before}"),
        }
    }

    /// A difference in words, or `as before` when it is smaller than `noise`.
    fn of(difference: f64, noise: f64, words: impl FnOnce(f64) -> String, meaning: Meaning) -> Self {
        if difference.abs() < noise {
            return Self { words: AS_BEFORE.to_owned(), meaning: Meaning::Neutral };
        }
        Self { words: words(difference.abs()), meaning }
    }

    fn unknown() -> Self {
        Self { words: UNKNOWN.to_owned(), meaning: Meaning::Neutral }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(success: i64, failed: i64, p95: f64) -> Period {
        let counts = StatusCounts { success, retrying: 0, failed };
        Period { counts, p95_duration_ms: Some(p95), total_retries: 0, kinds_of_error: None }
    }

    fn summary(current: Period, previous: Period) -> Summary {
        Summary { current, previous: Some(previous), has_run: true, ..Summary::default() }
    }

    #[test]
    fn the_sentence_follows_the_data() {
        assert_eq!(summary(period(963, 37, 1.0), period(1, 0, 1.0)).sentence(), "1,000 runs, 96.3% succeeded.");
        assert_eq!(summary(Period::default(), Period::default()).sentence(), "Nothing ran in the last 24 hours.");
    }

    #[test]
    fn changes_are_in_words_and_know_good_from_bad() {
        let changed = summary(period(940, 60, 900.0), period(990, 10, 800.0));
        assert_eq!(changed.runs_change().words, "as before");
        assert_eq!(changed.success_rate_change(), Change { words: "5.0 points lower".into(), meaning: Meaning::Bad });
        assert_eq!(changed.p95_change(), Change { words: "100 ms slower".into(), meaning: Meaning::Bad });
        assert_eq!(changed.failures_change(), Change { words: "50 more".into(), meaning: Meaning::Bad });
    }

    #[test]
    fn a_difference_within_the_error_of_percentiles_is_none() {
        assert_eq!(summary(period(1, 0, 1_000.0), period(1, 0, 1_010.0)).p95_change().words, "as before");
    }

    #[test]
    fn a_first_day_compares_with_nothing() {
        let first_day = summary(period(10, 1, 5.0), Period::default());
        assert_eq!(first_day.runs_change().words, "nothing to compare with");
        assert_eq!(first_day.failures_change().words, "nothing to compare with");
    }

    #[test]
    fn one_sentence_says_what_the_numbers_are_compared_with() {
        let (day, nothing) = (period(10, 1, 5.0), Period::default());
        let sentence = |previous| Summary { current: day, previous, ..Summary::default() }.comparison();
        assert_eq!(sentence(Some(day)), "Compared with the 24 hours before.");
        assert_eq!(sentence(Some(nothing)), "Nothing ran in the 24 hours before: nothing to compare with.");
        assert_eq!(sentence(None), "Not all of the 24 hours before is known: nothing to compare with.");
    }

    #[test]
    fn a_time_before_that_is_not_all_known_has_no_numbers() {
        let summary = Summary { previous: None, ..summary(period(10, 1, 5.0), period(1, 0, 5.0)) };
        let changes = [
            summary.runs_change(),
            summary.success_rate_change(),
            summary.p95_change(),
            summary.failures_change(),
            summary.retries_change(),
        ];
        assert!(changes.iter().all(|change| change.words == "nothing to compare with"), "{changes:?}");
        let before = &summary.table(&Query::default()).rows[1];
        assert!(before[1..].iter().all(|cell| cell.value == Value::Missing), "{before:?}");
    }
}
