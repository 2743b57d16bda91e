//! How many executions failed, by hour or day.

use std::borrow::Cow;

use crate::{
    failures::{Scope, Seen, SeenRun, rows_behind},
    format,
    panel::Panel,
    query::Query,
    status::growth,
    table::{Column, Table, Value},
    window::{Bucket, Window},
};

/// A bar per bucket of the window, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct ByTime {
    /// What it is about.
    pub scope: Scope,
    /// The time shown.
    pub window: Window,
    /// A bar for each bucket.
    pub bars: Vec<TimeBar>,
    /// How many there were in the window before, if that is known.
    pub before: Option<i64>,
}

/// One bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeBar {
    /// Which one.
    pub bucket: Bucket,
    /// How many; `None` where not all of it was looked at.
    pub count: Option<i64>,
    /// How many at the same place of the window before; `None` when not known.
    pub before: Option<i64>,
}

impl ByTime {
    /// What was seen of a window and, where that is compared, of the one before it.
    #[must_use]
    pub fn of(seen: &Seen, before: Option<&Seen>, scope: Scope, window: Window) -> Self {
        let buckets = window.buckets();
        let counts = counts(seen, &window, &buckets);
        let earlier = window.before();
        let shifted = |bucket: &Bucket| Bucket {
            begins: bucket.begins - window.length(),
            until: bucket.until - window.length(),
            ..*bucket
        };
        let count_before = |bucket: &Bucket| {
            let (seen, bucket) = (before?, shifted(bucket));
            let is_in =
                |run: &&SeenRun| run.executed_at >= bucket.begins && run.executed_at < bucket.until.min(earlier.until);
            knows(seen, &bucket).then(|| i64::try_from(seen.runs.iter().filter(is_in).count()).unwrap_or(i64::MAX))
        };
        let bars = buckets.iter().zip(counts);
        let bars = bars.map(|(bucket, count)| TimeBar { bucket: *bucket, count, before: count_before(bucket) });
        let total_before = before.filter(|seen| seen.limit.is_none()).map(Seen::count);
        Self { scope, window, bars: bars.collect(), before: total_before }
    }

    /// How many there were, as far as was looked.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.bars.iter().filter_map(|bar| bar.count).sum()
    }
}

/// How many were seen in each bucket.
fn counts(seen: &Seen, window: &Window, buckets: &[Bucket]) -> Vec<Option<i64>> {
    let mut counts: Vec<_> = buckets.iter().map(|bucket| knows(seen, bucket).then_some(0)).collect();
    for run in &seen.runs {
        if let Some(count) = window.place(buckets, run.executed_at).and_then(|place| counts[place].as_mut()) {
            *count += 1;
        }
    }
    counts
}

/// Whether all of a bucket was looked at.
fn knows(seen: &Seen, bucket: &Bucket) -> bool {
    seen.limit.is_none_or(|limit| limit.back_to < bucket.begins)
}

impl Panel for ByTime {
    const NAME: &'static str = "by-time";
    const TITLE: &'static str = "By time";

    fn title(&self) -> Cow<'static, str> {
        format!("{} per {}", self.scope.title(), self.window.step.word()).into()
    }

    fn sentence(&self) -> String {
        let total = self.total();
        let Some(worst) = self.bars.iter().max_by_key(|bar| bar.count).filter(|_| total > 0) else {
            return self.scope.none();
        };
        let worst_count = worst.count.unwrap_or_default();
        let (when, most) = (self.window.when(&worst.bucket), format::count(worst_count));
        let all = self.scope.counted(total);
        let lead = match &self.scope.limit {
            Some(_) => format!("{all} as far as was looked"),
            None => format!("{all} {}", self.scope.span.words()),
        };
        let peak = if total >= 5 && 4 * worst_count >= total {
            format!("they peaked {when} with {most}")
        } else {
            format!("at most {most} in {}", self.window.step.one())
        };
        format!("{lead}{}; {peak}.", self.change())
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("time", self.window.step.title()),
            Column::number("count", self.scope.title()),
            Column::number("before", "Time before"),
        ]);
        for bar in self.bars.iter().rev() {
            table.push(vec![
                Value::Bucket(bar.bucket.starts, self.window.whole_label(&bar.bucket), bar.bucket.partial).cell(),
                Value::from(bar.count).cell().linked(rows_behind(&query.with_bucket(&bar.bucket))),
                Value::from(bar.before).cell(),
            ]);
        }
        table
    }
}

impl ByTime {
    /// How the number compares with the time before: `, 12.0% more than in the 24 hours before`.
    fn change(&self) -> String {
        let known = self.before.filter(|_| self.scope.limit.is_none());
        let Some(growth) = known.and_then(|before| growth(self.total(), before)) else { return String::new() };
        let than = if growth.abs() < 0.05 { "in" } else { "than in" };
        format!(", {} {than} {}", format::growth(growth), self.scope.span.before())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        failures::{Among, Limit, seen::testing::seen},
        range::Range,
        zone::Zone,
    };

    fn by_time(failures: usize, before: Option<usize>, limit: Option<&str>) -> ByTime {
        let window = Window::of(Range::Day, Zone::UTC, "2026-11-23T12:30:00Z".parse().unwrap());
        let limit = limit.map(|back_to| Limit { among: Among::Failures, back_to: back_to.parse().unwrap() });
        let now = Seen { limit, ..seen(&vec!["x"; failures]) };
        let mut earlier = seen(&vec!["x"; before.unwrap_or_default()]);
        for run in &mut earlier.runs {
            run.executed_at -= window.length();
        }
        ByTime::of(&now, before.map(|_| &earlier), Scope { limit, ..Scope::default() }, window)
    }

    #[test]
    fn a_peak_is_named_and_compared() {
        let peak = by_time(7, None, None);
        assert_eq!(peak.sentence(), "7 failures in the last 24 hours; they peaked at 11:00 with 6.");
        let compared = by_time(7, Some(5), None);
        let sentence =
            "7 failures in the last 24 hours, 40.0% more than in the 24 hours before; they peaked at 11:00 with 6.";
        assert_eq!(compared.sentence(), sentence);
        let (now, before): (Vec<_>, Vec<_>) = compared.bars.iter().map(|bar| (bar.count, bar.before)).unzip();
        assert_eq!((&now[23..], &before[23..]), (&[Some(6), Some(1)][..], &[Some(4), Some(1)][..]));
        assert!(by_time(100, None, None).sentence().ends_with("; at most 6 in an hour."));
        assert_eq!(by_time(0, None, None).sentence(), "No failure in the last 24 hours.");
    }

    #[test]
    fn what_was_not_looked_at_is_not_zero() {
        let limited = by_time(30, None, Some("2026-11-23T08:30:00Z"));
        let counts: Vec<_> = limited.bars.iter().map(|bar| bar.count).collect();
        assert_eq!(counts[19..], [None, None, Some(6), Some(6), Some(6), Some(1)]);
        assert!(limited.sentence().contains("as far as was looked"), "{}", limited.sentence());
        assert_eq!(limited.table(&Query::default()).rows[24][1].value, Value::Missing);
    }

    #[test]
    fn a_bar_leads_to_its_rows_with_the_filters_kept() {
        let query = Query::default().with_text(Some("x")).with_trigger(Some("t"));
        let link = by_time(1, None, None).table(&query).rows[0][1].link.clone().unwrap();
        assert_eq!(link, "/failures?range=2026-11-23T12:00:00Z..2026-11-23T13:00:00Z&trigger=t&q=x#rows");
    }
}
