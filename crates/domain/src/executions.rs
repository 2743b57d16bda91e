//! Executions by hour or day and by how they ended.

use std::borrow::Cow;

use crate::{
    failures::rows_behind,
    format,
    panel::Panel,
    query::Query,
    status::{Status, StatusCounts},
    table::{Column, Table, Value},
    window::{Bucket, Window},
};

/// One bar per bucket of the window, oldest first, those without executions included, so that time is evenly spaced.
#[derive(Debug, Clone, PartialEq)]
pub struct Executions {
    /// The time shown.
    pub window: Window,
    /// The only status that counts, if only one does: then there is no success rate.
    pub status: Option<Status>,
    /// A bar for each bucket.
    pub bars: Vec<Bar>,
}

/// One bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// Which one.
    pub bucket: Bucket,
    /// Its executions, by how they ended.
    pub counts: StatusCounts,
    /// Executions at the same place of the window before; `None` when not known.
    pub before: Option<i64>,
}

/// Percentage points below the success rate of all buckets from which one is told about.
const FALL_POINTS: f64 = 10.0;

/// Executions under which a bucket's success rate says little.
const FALL_EXECUTIONS: i64 = 20;

impl Panel for Executions {
    const NAME: &'static str = "executions";
    const TITLE: &'static str = "Runs per hour";

    fn title(&self) -> Cow<'static, str> {
        format!("Runs per {}", self.window.step.word()).into()
    }

    fn sentence(&self) -> String {
        let counts: StatusCounts = self.bars.iter().map(|bar| bar.counts).sum();
        let Some(busiest) = self.bars.iter().max_by_key(|bar| bar.counts.total()) else {
            return "Nothing to show yet.".to_owned();
        };
        let step = self.window.step.word();
        if counts.total() == 0 {
            return format!("Nothing ran in these {step}s.");
        }
        if let Some((rate, bar)) = self.fall(counts) {
            return format!("Success fell to {} {}.", format::percent(Some(rate)), self.window.when(&bar.bucket));
        }
        if counts.failed == 0 {
            let (runs, name) = (format::count(busiest.counts.total()), self.window.spoken(&busiest.bucket));
            let lead =
                if self.status.is_none_or(|status| status == Status::Failed) { "No run failed; the" } else { "The" };
            return format!("{lead} busiest {step} was {name} with {runs}.");
        }
        self.failures_sentence(counts.failed)
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("time", self.window.step.title()),
            Column::number("success", "Success"),
            Column::number("retrying", "Retrying"),
            Column::number("failed", "Failed"),
            Column::number("success_rate", "Succeeded"),
            Column::number("before", "Time before"),
        ]);
        for bar in self.bars.iter().rev() {
            let of_status = |status| rows_behind(&query.with_bucket(&bar.bucket).with_status(Some(status)));
            let count = |number: i64, status| Value::from(number).cell().linked(of_status(status));
            table.push(vec![
                Value::Bucket(bar.bucket.starts, self.window.whole_label(&bar.bucket), bar.bucket.partial).cell(),
                count(bar.counts.success, Status::Success),
                count(bar.counts.retrying, Status::Retrying),
                count(bar.counts.failed, Status::Failed),
                Value::percent(self.success_rate(bar)).cell(),
                Value::from(bar.before).cell(),
            ]);
        }
        table
    }
}

impl Executions {
    /// Percentage (0 to 100) that succeeded; `None` where nothing ran, or only one status counts.
    #[must_use]
    pub fn success_rate(&self, bar: &Bar) -> Option<f64> {
        bar.counts.success_rate().filter(|_| self.status.is_none())
    }

    /// The bar whose success rate fell far below that of all together, if there is one that ran enough to tell.
    fn fall(&self, all: StatusCounts) -> Option<(f64, &Bar)> {
        let ran_enough = |bar: &&Bar| bar.counts.total() >= FALL_EXECUTIONS;
        let rate = |bar| self.success_rate(bar).map(|rate| (rate, bar));
        let rates = self.bars.iter().filter(ran_enough).filter_map(rate);
        let worst = rates.min_by(|left, right| left.0.total_cmp(&right.0));
        worst.filter(|&(rate, _)| all.success_rate().is_some_and(|usual| rate <= usual - FALL_POINTS))
    }

    /// Where the failures are: in one bucket, or spread.
    fn failures_sentence(&self, failed: i64) -> String {
        let Some(worst) = self.bars.iter().max_by_key(|bar| bar.counts.failed) else { return String::new() };
        let (when, most) = (self.window.when(&worst.bucket), format::count(worst.counts.failed));
        if failed >= 5 && 4 * worst.counts.failed >= failed {
            return format!("Failures peaked {when} with {most}.");
        }
        format!("Failures are spread over the time, at most {most} in {}.", self.window.step.one())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{range::Range, zone::Zone};

    fn day(failed: &[i64]) -> Executions {
        let until = format!("2026-11-23T{:02}:00:00Z", failed.len());
        let range: Range = format!("2026-11-23T00:00:00Z..{until}").parse().unwrap();
        let window = Window::of(range, Zone::UTC, "2026-11-24T12:00:00Z".parse().unwrap());
        let bar = |(bucket, (index, &failed)): (Bucket, (usize, &i64))| Bar {
            bucket,
            counts: StatusCounts { success: 100 + index as i64, retrying: 0, failed },
            before: None,
        };
        let bars = window.buckets().into_iter().zip(failed.iter().enumerate()).map(bar).collect();
        Executions { window, status: None, bars }
    }

    #[test]
    fn a_fall_of_success_comes_first() {
        let mut fallen = day(&[1, 2, 3]);
        fallen.bars[1].counts = StatusCounts { success: 60, retrying: 30, failed: 10 };
        assert_eq!(fallen.sentence(), "Success fell to 60.0% at 01:00.");
        fallen.bars[1].counts = StatusCounts { success: 6, retrying: 3, failed: 1 };
        assert!(fallen.sentence().starts_with("Failures"), "ten executions say little");
    }

    #[test]
    fn a_peak_of_failures_is_named() {
        assert_eq!(day(&[1, 2, 11, 4, 0]).sentence(), "Failures peaked at 02:00 with 11.");
    }

    #[test]
    fn spread_failures_are_said_to_be() {
        assert_eq!(day(&[2; 23]).sentence(), "Failures are spread over the time, at most 2 in an hour.");
        assert_eq!(day(&[0, 1, 0]).sentence(), "Failures are spread over the time, at most 1 in an hour.");
    }

    #[test]
    fn a_day_without_failures_tells_its_busiest_hour() {
        assert_eq!(day(&[0, 0, 0]).sentence(), "No run failed; the busiest hour was 02:00 with 102.");
        let mut quiet = day(&[0]);
        quiet.bars[0].counts = StatusCounts::default();
        assert_eq!(quiet.sentence(), "Nothing ran in these hours.");
    }

    #[test]
    fn one_status_has_no_success_rate() {
        let succeeded = Executions { status: Some(Status::Success), ..day(&[0, 0, 0]) };
        assert_eq!(succeeded.sentence(), "The busiest hour was 02:00 with 102.");
        assert_eq!(succeeded.table(&Query::default()).rows[0][4].value, Value::Missing);
    }

    #[test]
    fn each_number_leads_to_the_rows_behind_it() {
        let query = Query { action_type: Some("rest".into()), ..Query::default() };
        let link = day(&[0, 3]).table(&query).rows[0][3].link.clone();
        let address = "/failures?range=2026-11-23T01:00:00Z..2026-11-23T02:00:00Z&type=rest&status=failed#rows";
        assert_eq!(link.as_deref(), Some(address));
    }
}
