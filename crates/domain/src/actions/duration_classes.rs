//! How durations spread over classes, by action type and time: merged histograms, not percentiles of percentiles.

use std::ops::Range;

use crate::{
    format,
    histogram::{Histogram, value_of},
    page::Page,
    panel::Panel,
    query::Query,
    status::percentage,
    table::{Cell, Column, Table, Value},
    window::{Bucket, Window},
};

/// Action types that are drawn, busiest first.
pub const TYPES_SHOWN: usize = 3;

/// Columns of the chart, at most: buckets are taken together where there are more.
pub const COLUMNS: usize = 32;

/// Shares that colours stand for, as the most percent of each: what is slow is mostly little.
pub const SHARES: [f64; 5] = [2.0, 10.0, 25.0, 50.0, 100.0];

/// Bounds between classes, in milliseconds: about three to a power of ten.
const LADDER: [f64; 21] = [
    1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 3e3, 1e4, 3e4, 6e4, 18e4, 6e5, 18e5, 36e5, 108e5, 36e6, 864e5, 3e8, 1e9,
    2e9,
];

/// How many durations fall in which class, for the busiest types.
#[derive(Debug, Clone, PartialEq)]
pub struct DurationClasses {
    /// The time shown.
    pub window: Window,
    /// Whether durations are kept of what was asked: not of single triggers.
    pub are_kept: bool,
    /// The columns: buckets, or several taken together.
    pub columns: Vec<Bucket>,
    /// The bounds between the classes in milliseconds, growing. There is one class more than bounds.
    pub bounds: Vec<f64>,
    /// The busiest types.
    pub types: Vec<TypeDurations>,
    /// How many types there are in all.
    pub total_types: usize,
    /// Whether the window before is counted too.
    pub compare: bool,
}

/// The durations of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeDurations {
    /// As the source spells it.
    pub action_type: String,
    /// Executions by column and class.
    pub columns: Vec<Vec<i64>>,
    /// Executions of the window before by class.
    pub before: Vec<i64>,
}

/// Buckets taken together to at most [`COLUMNS`], the same number in each but the last.
#[must_use]
pub fn columns(buckets: &[Bucket]) -> Vec<Bucket> {
    let taken = buckets.len().div_ceil(COLUMNS).max(1);
    let together = |chunk: &[Bucket]| {
        let (first, last) = (chunk.first()?, chunk.last()?);
        let partial = chunk.iter().any(|bucket| bucket.partial);
        Some(Bucket { until: last.until, partial, ..*first })
    };
    buckets.chunks(taken).filter_map(together).collect()
}

/// The bounds that spread the durations of some types over few classes: those of the ladder between the quickest and the
/// slowest, every other one or fewer where they are many.
#[must_use]
pub fn bounds(durations: &Histogram, types: usize) -> Vec<f64> {
    let (Some(quick), Some(slow)) = (durations.quantile(0.05), durations.quantile(0.995)) else { return Vec::new() };
    let most = if types > 1 { 3 } else { 5 };
    let first = LADDER.partition_point(|&bound| bound <= quick);
    let last = LADDER.partition_point(|&bound| bound < slow);
    let rungs = LADDER.get(first..last.max(first)).unwrap_or_default();
    let step = rungs.len().div_ceil(most).max(1);
    // From the slow end: how many are slow is what one asks.
    let mut chosen: Vec<f64> = rungs.iter().rev().step_by(step).copied().collect();
    chosen.reverse();
    chosen
}

/// The class of a bucket of the histogram.
#[must_use]
pub fn class_of(bounds: &[f64], bucket: i32) -> usize {
    bounds.partition_point(|&bound| bound <= value_of(bucket))
}

impl TypeDurations {
    /// Executions by class, of all columns together.
    #[must_use]
    pub fn totals(&self) -> Vec<i64> {
        let classes = self.before.len();
        let mut totals = vec![0; classes];
        for column in &self.columns {
            for (total, executions) in totals.iter_mut().zip(column) {
                *total += executions;
            }
        }
        totals
    }
}

impl Panel for DurationClasses {
    const NAME: &'static str = "duration-classes";
    const TITLE: &'static str = "How long runs take";

    fn sentence(&self) -> String {
        if !self.are_kept {
            return "Durations are not kept by trigger or organization; without that filter they show here.".to_owned();
        }
        let Some(busiest) = self.types.first() else {
            return format!("Nothing with a duration ran in these {}s.", self.window.step.word());
        };
        let totals = busiest.totals();
        let usual = (0..totals.len()).rev().max_by_key(|&class| totals[class]).unwrap_or_default();
        let share = format::percent(share(&totals, usual..usual + 1));
        let lead = format!("{share} of {} takes {}", busiest.action_type, self.class(usual));
        format!("{lead}{}.{}", self.slowest(&busiest.action_type, usual).unwrap_or_default(), self.others())
    }

    fn table(&self, query: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("time", self.window.step.title()),
            Column::text("action_type", "Type"),
            Column::text("duration", "Duration"),
            Column::number("executions", "Runs"),
            Column::number("percentage", "Share"),
            Column::number("percentage_before", "Share before"),
        ]);
        for durations in &self.types {
            let before = |class: usize| share(&durations.before, class..class + 1);
            let time = || Value::from("all").cell();
            self.push(&mut table, durations, &durations.totals(), time, before, query);
        }
        for (place, column) in self.columns.iter().enumerate().rev() {
            let query = query.with_bucket(column);
            let time = || Value::Bucket(column.starts, self.column(column), column.partial).cell();
            for durations in &self.types {
                let executions = durations.columns.get(place).map_or(&[][..], Vec::as_slice);
                self.push(&mut table, durations, executions, time, |_| None, &query);
            }
        }
        if self.compare { table } else { table.without("percentage_before") }
    }
}

impl DurationClasses {
    /// Adds a row for each class that something of a type is in, slowest first.
    fn push(
        &self,
        table: &mut Table,
        durations: &TypeDurations,
        executions: &[i64],
        time: impl Fn() -> Cell,
        before: impl Fn(usize) -> Option<f64>,
        query: &Query,
    ) {
        let alone = query.with_action_type(Some(&durations.action_type)).href(&Page::Actions);
        let ran = |&class: &usize| executions[class] > 0 || before(class).is_some();
        for class in (0..executions.len()).rev().filter(ran) {
            table.push(vec![
                time(),
                Value::from(durations.action_type.as_str()).cell().linked(alone.clone()),
                Value::Text(self.class(class)).cell(),
                Value::from(executions[class]).cell(),
                Value::percent(share(executions, class..class + 1)).cell(),
                Value::percent(before(class)).cell(),
            ]);
        }
    }

    /// A class in words: `under 100 ms`, `100 ms to 1 s`, `10 s or more`. Classes count from the quickest.
    #[must_use]
    pub fn class(&self, class: usize) -> String {
        let spelled = |bound: &f64| round(*bound);
        let from = class.checked_sub(1).and_then(|below| self.bounds.get(below));
        match (from, self.bounds.get(class)) {
            (None, None) => "any time".to_owned(),
            (None, Some(until)) => format!("under {}", spelled(until)),
            (Some(from), Some(until)) => format!("{} to {}", spelled(from), spelled(until)),
            (Some(from), None) => format!("{} or more", spelled(from)),
        }
    }

    /// A column in words: that of its bucket, or of the first and the last one.
    #[must_use]
    pub fn column(&self, column: &Bucket) -> String {
        let last = Bucket {
            starts: self.window.step.start(column.until - chrono::TimeDelta::microseconds(1), self.window.zone),
            ..*column
        };
        if last.starts == column.starts {
            return self.window.label(column);
        }
        format!("{} to {}", self.window.label(column), self.window.label(&last))
    }

    /// The type with the largest share in the slowest class, unless the lead of the sentence told it already.
    fn slowest(&self, told_type: &str, told_class: usize) -> Option<String> {
        let slowest = self.bounds.len();
        let slow = |durations: &TypeDurations| share(&durations.totals(), slowest..slowest + 1);
        let shares = self.types.iter().filter_map(|durations| Some((durations.action_type.as_str(), slow(durations)?)));
        let (name, share) =
            shares.max_by(|left, right| left.1.total_cmp(&right.1)).filter(|&(_, share)| share > 0.0)?;
        let is_told = told_class == slowest && name == told_type;
        (!is_told).then(|| format!("; {} of {name} takes {}", format::percent(Some(share)), self.class(slowest)))
    }

    /// Whether there are types that are not drawn.
    fn others(&self) -> String {
        if self.total_types <= self.types.len() {
            return String::new();
        }
        format!(" Shown are the {} busiest of {} types; choose another to see it.", self.types.len(), self.total_types)
    }
}

/// Percentage (0 to 100) of executions that are in some of the classes; `None` of nothing.
fn share(executions: &[i64], classes: Range<usize>) -> Option<f64> {
    percentage(executions.get(classes)?.iter().sum(), executions.iter().sum())
}

/// A bound in words, without the decimals of a duration: `1 s`, `300 ms`, `10 min`.
fn round(duration_ms: f64) -> String {
    if (1_000.0..60_000.0).contains(&duration_ms) {
        return format!("{} s", duration_ms / 1_000.0);
    }
    format::milliseconds(Some(duration_ms))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::{histogram::bucket_of, range, zone::Zone};

    fn window(range: &str) -> Window {
        let range: range::Range = range.parse().unwrap();
        Window::of(range, Zone::UTC, "2026-11-24T12:00:00Z".parse().unwrap())
    }

    fn classes(types: &[(&str, &[i64])], bounds: &[f64]) -> DurationClasses {
        let window = window("2026-11-23T08:00:00Z..2026-11-23T09:00:00Z");
        let durations = |&(action_type, executions): &(&str, &[i64])| TypeDurations {
            action_type: action_type.to_owned(),
            columns: vec![executions.to_vec()],
            before: vec![1; executions.len()],
        };
        DurationClasses {
            window,
            are_kept: true,
            columns: columns(&window.buckets()),
            bounds: bounds.to_vec(),
            types: types.iter().map(durations).collect(),
            total_types: types.len(),
            compare: false,
        }
    }

    #[test]
    fn the_usual_and_the_slowest_are_named() {
        let two = classes(&[("rest", &[20, 70, 10]), ("mcp", &[0, 5, 5])], &[100.0, 1_000.0]);
        assert_eq!(two.sentence(), "70.0% of rest takes 100 ms to 1 s; 50.0% of mcp takes 1 s or more.");
        let quick = classes(&[("rest", &[90, 10, 0]), ("mcp", &[0, 10, 0])], &[100.0, 1_000.0]);
        assert_eq!(quick.sentence(), "90.0% of rest takes under 100 ms.");
        let slow = classes(&[("rest", &[0, 10, 90])], &[100.0, 1_000.0]);
        assert_eq!(slow.sentence(), "90.0% of rest takes 1 s or more.");
        let more = DurationClasses { total_types: 9, ..classes(&[("rest", &[3, 0])], &[5.0]) };
        assert!(more.sentence().ends_with(" Shown are the 1 busiest of 9 types; choose another to see it."));
    }

    #[test]
    fn what_is_not_there_is_said() {
        assert_eq!(classes(&[], &[]).sentence(), "Nothing with a duration ran in these hours.");
        let unkept = DurationClasses { are_kept: false, ..classes(&[], &[]) };
        assert!(unkept.sentence().starts_with("Durations are not kept by trigger"));
    }

    #[test]
    fn shares_are_compared_for_who_asks() {
        let one = classes(&[("rest", &[1, 3])], &[100.0]);
        let row = |classes: &DurationClasses| classes.table(&Query::default()).rows[0].clone();
        assert_eq!(
            (&row(&one)[2].value, &row(&one)[4].value),
            (&Value::Text("100 ms or more".into()), &Value::Percent(75.0))
        );
        assert_eq!(row(&one).len(), 5, "nobody compares");
        assert_eq!(row(&DurationClasses { compare: true, ..one })[5].value, Value::Percent(50.0));
    }

    #[test]
    fn the_table_tells_when() {
        let two = classes(&[("rest", &[1, 3]), ("mcp", &[0, 5])], &[100.0]);
        let rows = two.table(&Query::default()).rows;
        let spelled = |row: &Vec<Cell>| row.iter().map(|cell| cell.value.spelled(Zone::UTC)).collect::<Vec<_>>();
        assert_eq!(spelled(&rows[4]), ["Mon 23 Nov 08:00", "rest", "100 ms or more", "3", "75.0%"]);
        assert_eq!((rows.len(), &rows[6][1].value), (7, &Value::from("mcp")), "classes of nothing are left out");
    }

    #[test]
    fn many_buckets_share_a_column() {
        let window = window("2026-11-01..2026-11-07");
        let columns = columns(&window.buckets());
        assert_eq!((window.buckets().len(), columns.len()), (168, 28));
        let classes = DurationClasses { window, ..classes(&[], &[]) };
        assert_eq!(classes.column(&columns[1]), "Sun 1 Nov 06:00 to Sun 1 Nov 11:00");
        assert_eq!(classes.column(&window.buckets()[1]), "Sun 1 Nov 01:00");
    }

    #[test]
    fn bounds_follow_the_durations() {
        let of = |durations: &[i32], types| {
            bounds(&durations.iter().map(|&duration| (bucket_of(duration), 1)).collect(), types)
        };
        assert_eq!(of(&[40, 90, 800, 2_000, 2_500], 1), [100.0, 300.0, 1_000.0]);
        assert_eq!(of(&[4, 90, 800, 2_000, 25_000], 3), [10.0, 100.0, 1_000.0, 10_000.0][1..]);
        assert_eq!(of(&[5], 1), Vec::<f64>::new());
        assert_eq!(of(&[], 1), Vec::<f64>::new());
    }

    proptest! {
        #[test]
        fn classes_are_few_and_hold_everything(durations in prop::collection::vec(any::<i32>(), 1..100), types in 1..5_usize) {
            let histogram: Histogram = durations.iter().map(|&duration| (bucket_of(duration), 1)).collect();
            let bounds = bounds(&histogram, types);
            prop_assert!(bounds.len() <= 5 && bounds.is_sorted());
            for duration in durations {
                prop_assert!(class_of(&bounds, bucket_of(duration)) <= bounds.len());
            }
        }
    }
}
