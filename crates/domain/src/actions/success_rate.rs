//! How many executions succeeded, by hour or day.

use crate::{
    format,
    panel::Panel,
    query::Query,
    range::Span,
    status::{Status, StatusCounts},
    summary::Change,
    table::{Column, Table, Value},
    window::{Bucket, Window},
};

/// Percentage under which a success rate needs a look.
pub const WARNING: f64 = 95.0;

/// Executions under which a bucket's success rate says little.
const ENOUGH_EXECUTIONS: i64 = 20;

/// One point per bucket of the window, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct SuccessRate {
    /// The time shown.
    pub window: Window,
    /// The time in words.
    pub span: Span,
    /// The only status that counts, if only one does: then there is no success rate.
    pub status: Option<Status>,
    /// A point for each bucket.
    pub points: Vec<Point>,
    /// All of the window before, where somebody compares.
    pub before: Option<StatusCounts>,
}

/// One bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Which one.
    pub bucket: Bucket,
    /// Its executions.
    pub counts: StatusCounts,
    /// Those at the same place of the window before; `None` when not known.
    pub before: Option<StatusCounts>,
}

impl Panel for SuccessRate {
    const NAME: &'static str = "success-rate";
    const TITLE: &'static str = "Success rate";

    fn sentence(&self) -> String {
        if let Some(status) = self.status {
            return format!("Only what ended as {} counts, so there is no rate to tell.", status.word());
        }
        let all: StatusCounts = self.points.iter().map(|point| point.counts).sum();
        let Some(rate) = all.success_rate() else { return format!("Nothing ran {}.", self.span.words()) };
        let before = |before: StatusCounts| Change::of_success_rates(Some(rate), before.success_rate());
        let change = self.before.map(|counts| before(counts).ending(self.span.before())).unwrap_or_default();
        format!("{} succeeded {}{change}{}.", format::percent(Some(rate)), self.span.words(), self.lowest())
    }

    fn table(&self, _: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("time", self.window.step.title()),
            Column::number("executions", "Runs"),
            Column::number("success_rate", "Succeeded"),
            Column::number("success_rate_before", "Time before"),
        ]);
        for point in self.points.iter().rev() {
            table.push(vec![
                Value::Bucket(point.bucket.starts, self.window.whole_label(&point.bucket), point.bucket.partial).cell(),
                Value::from(point.counts.total()).cell(),
                Value::percent(self.rate(point)).cell(),
                Value::percent(self.rate_before(point)).cell(),
            ]);
        }
        if self.before.is_none() { table.without("success_rate_before") } else { table }
    }
}

impl SuccessRate {
    /// Percentage (0 to 100) that succeeded; `None` where nothing ran, or only one status counts.
    #[must_use]
    pub fn rate(&self, point: &Point) -> Option<f64> {
        point.counts.success_rate().filter(|_| self.status.is_none())
    }

    /// The same at the same place of the window before.
    #[must_use]
    pub fn rate_before(&self, point: &Point) -> Option<f64> {
        point.before?.success_rate().filter(|_| self.status.is_none())
    }

    /// The lowest rate of those buckets that ran enough to tell: `; lowest at 09:00 with 82.1%`.
    fn lowest(&self) -> String {
        let enough = self.points.iter().filter(|point| point.counts.total() >= ENOUGH_EXECUTIONS);
        let rates = enough.filter_map(|point| self.rate(point).map(|rate| (rate, point)));
        match rates.min_by(|left, right| left.0.total_cmp(&right.0)) {
            None => String::new(),
            Some((rate, _)) if rate >= WARNING => {
                format!("; at least {} in every {}", format::percent(Some(rate)), self.window.step.word())
            }
            Some((rate, point)) => {
                format!("; lowest {} with {}", self.window.when(&point.bucket), format::percent(Some(rate)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{range::Range, zone::Zone};

    fn hours(failed: &[i64]) -> SuccessRate {
        let range: Range = format!("2026-11-23T08:00:00Z..2026-11-23T{:02}:00:00Z", 8 + failed.len()).parse().unwrap();
        let window = Window::of(range, Zone::UTC, "2026-11-24T12:00:00Z".parse().unwrap());
        let point = |(bucket, &failed): (Bucket, &i64)| Point {
            bucket,
            counts: StatusCounts { success: 100 - failed, retrying: 0, failed },
            before: None,
        };
        let points = window.buckets().into_iter().zip(failed).map(point).collect();
        SuccessRate { window, span: Span::default(), status: None, points, before: None }
    }

    #[test]
    fn the_lowest_hour_is_named_where_it_needs_a_look() {
        assert_eq!(hours(&[0, 20, 1]).sentence(), "93.0% succeeded in the last 24 hours; lowest at 09:00 with 80.0%.");
        let fine = "99.0% succeeded in the last 24 hours; at least 98.0% in every hour.";
        assert_eq!(hours(&[0, 2, 1]).sentence(), fine);
    }

    #[test]
    fn an_hour_that_ran_little_is_not_the_lowest() {
        let mut quiet = hours(&[0, 0]);
        quiet.points[1].counts = StatusCounts { success: 0, retrying: 0, failed: 2 };
        assert!(quiet.sentence().ends_with("at least 100% in every hour."), "{}", quiet.sentence());
    }

    #[test]
    fn who_compares_is_told_how_it_changed() {
        let before = Some(StatusCounts { success: 80, retrying: 0, failed: 20 });
        let compared = SuccessRate { before, ..hours(&[10]) };
        let sentence = "90.0% succeeded in the last 24 hours, 10.0 points higher than in the 24 hours before; lowest at 08:00 with 90.0%.";
        assert_eq!(compared.sentence(), sentence);
    }

    #[test]
    fn one_status_has_no_rate() {
        let failed = SuccessRate { status: Some(Status::Failed), ..hours(&[10]) };
        assert_eq!(failed.sentence(), "Only what ended as failed counts, so there is no rate to tell.");
        assert_eq!(failed.table(&Query::default()).rows[0][2].value, Value::Missing);
        let mut nothing = hours(&[0]);
        nothing.points.clear();
        assert_eq!(nothing.sentence(), "Nothing ran in the last 24 hours.");
    }
}
