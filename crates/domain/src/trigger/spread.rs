//! How the durations of all runs of a trigger spread: few that are slow are told from all that are.

use crate::{
    format,
    histogram::value_of,
    panel::Panel,
    query::Query,
    status::percentage,
    table::{Column, Table, Value},
    triggers::Totals,
};

/// All durations of a trigger, in classes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spread {
    /// All it ever ran.
    pub totals: Totals,
    /// The classes from the quickest to the slowest that holds a run, without gaps.
    pub classes: Vec<DurationClass>,
}

/// Runs that took about as long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DurationClass {
    /// From here on, in milliseconds.
    pub from_ms: f64,
    /// Up to here, itself left out.
    pub until_ms: f64,
    /// How many runs.
    pub runs: i64,
}

impl Spread {
    /// Puts the buckets of the database in classes that double or so: 1, 2, 5, 10 ….
    #[must_use]
    pub fn of(totals: Totals, buckets: &[i32], executions: &[i64]) -> Self {
        let mut classes = ladder();
        for (&bucket, &runs) in buckets.iter().zip(executions) {
            let value = value_of(bucket).max(0.0);
            let place = classes.partition_point(|class| class.until_ms <= value).min(classes.len() - 1);
            classes[place].runs += runs;
        }
        let first = classes.iter().position(|class| class.runs > 0).unwrap_or(classes.len());
        let last = classes.iter().rposition(|class| class.runs > 0).map_or(first, |last| last + 1);
        Self { totals, classes: classes[first..last].to_vec() }
    }

    fn runs(&self) -> i64 {
        self.classes.iter().map(|class| class.runs).sum()
    }
}

/// Classes for every duration there is: up to 1, 2, 5, 10 … milliseconds.
fn ladder() -> Vec<DurationClass> {
    let steps = (0..10).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)));
    let mut from_ms = 0.0;
    let class = |until_ms| DurationClass { from_ms: std::mem::replace(&mut from_ms, until_ms), until_ms, runs: 0 };
    steps.map(class).collect()
}

impl DurationClass {
    /// The class in words: `200 ms to 500 ms`.
    #[must_use]
    pub fn label(&self) -> String {
        if self.from_ms == 0.0 {
            return format!("under {}", short(self.until_ms));
        }
        format!("{} to {}", short(self.from_ms), short(self.until_ms))
    }

    /// What stands under its bar: where it begins.
    #[must_use]
    pub fn axis_label(&self) -> String {
        if self.from_ms == 0.0 { format!("< {}", short(self.until_ms)) } else { short(self.from_ms) }
    }
}

/// A bound in words, without the decimals of a duration: `1 s`, `200 ms`.
fn short(duration_ms: f64) -> String {
    match duration_ms {
        ms if (1_000.0..60_000.0).contains(&ms) => format!("{} s", ms / 1_000.0),
        ms => format::milliseconds(Some(ms)),
    }
}

impl Panel for Spread {
    const NAME: &'static str = "spread";
    const TITLE: &'static str = "How long all its runs took";

    fn sentence(&self) -> String {
        let spelled = format::milliseconds;
        match (self.totals.p50_ms, self.totals.p95_ms) {
            (Some(p50_ms), Some(p95_ms)) if p95_ms >= 5.0 * p50_ms && p50_ms > 0.0 => format!(
                "Half took under {}; the slowest 5 of 100 took {:.0} times as long, over {}.",
                spelled(Some(p50_ms)),
                p95_ms / p50_ms,
                spelled(Some(p95_ms))
            ),
            (Some(p50_ms), Some(p95_ms)) => {
                format!("Half took under {}, 95 of 100 under {}.", spelled(Some(p50_ms)), spelled(Some(p95_ms)))
            }
            _ => "No run had a duration.".to_owned(),
        }
    }

    fn table(&self, _: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("duration", "Duration"),
            Column::number("executions", "Runs"),
            Column::number("percentage", "Share"),
        ]);
        for class in &self.classes {
            table.push(vec![
                Value::Text(class.label()).cell(),
                Value::from(class.runs).cell(),
                Value::percent(percentage(class.runs, self.runs())).cell(),
            ]);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::histogram::bucket_of;

    fn spread(durations: &[(i32, i64)], p50_ms: f64, p95_ms: f64) -> Spread {
        let (buckets, runs): (Vec<i32>, Vec<i64>) =
            durations.iter().map(|&(duration, runs)| (bucket_of(duration), runs)).unzip();
        let totals = Totals { p50_ms: Some(p50_ms), p95_ms: Some(p95_ms), ..Totals::default() };
        Spread::of(totals, &buckets, &runs)
    }

    #[test]
    fn classes_have_no_gaps_and_hold_every_run() {
        let spread = spread(&[(0, 1), (3, 2), (40, 5), (i32::MAX, 1)], 40.0, 40.0);
        assert_eq!(spread.runs(), 9);
        assert!(spread.classes.is_sorted_by(|left, right| left.until_ms == right.from_ms));
        let ends = (spread.classes.first(), spread.classes.last());
        assert_eq!(ends.0.map(DurationClass::label).as_deref(), Some("under 1 ms"));
        assert!(ends.1.is_some_and(|class| class.runs == 1 && class.from_ms <= f64::from(i32::MAX)));
        assert_eq!(Spread::of(Totals::default(), &[], &[]).classes, []);
    }

    #[test]
    fn a_long_tail_is_told() {
        let even = spread(&[(100, 9), (150, 1)], 100.0, 150.0);
        assert_eq!(even.sentence(), "Half took under 100 ms, 95 of 100 under 150 ms.");
        let tail = spread(&[(100, 9), (1_800, 1)], 100.0, 2_000.0);
        let said = "Half took under 100 ms; the slowest 5 of 100 took 20 times as long, over 2.0 s.";
        assert_eq!(tail.sentence(), said);
        assert_eq!(Spread::default().sentence(), "No run had a duration.");
        assert_eq!(tail.classes.last().map(DurationClass::axis_label).as_deref(), Some("1 s"));
    }
}
