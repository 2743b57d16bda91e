//! How often runs of a trigger were tried again, by hour or day.

use std::borrow::Cow;

use crate::{
    format,
    panel::Panel,
    query::Query,
    table::{Column, Table, Value},
    window::{Bucket, Window},
};

/// Retries by time.
#[derive(Debug, Clone, PartialEq)]
pub struct Retries {
    /// The time shown.
    pub window: Window,
    /// A bar for each bucket.
    pub bars: Vec<RetryBar>,
}

/// One bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryBar {
    /// Which one.
    pub bucket: Bucket,
    /// Executions.
    pub executions: i64,
    /// Their retries together.
    pub retries: i64,
    /// Retries at the same place of the window before; `None` when not known.
    pub before: Option<i64>,
}

impl RetryBar {
    /// Retries per execution; `None` where nothing ran.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn per_run(&self) -> Option<f64> {
        (self.executions > 0).then(|| self.retries as f64 / self.executions as f64)
    }
}

impl Panel for Retries {
    const NAME: &'static str = "retries";
    const TITLE: &'static str = "Retries per hour";

    fn title(&self) -> Cow<'static, str> {
        format!("Retries per {}", self.window.step.word()).into()
    }

    fn sentence(&self) -> String {
        let step = self.window.step.word();
        let executions: i64 = self.bars.iter().map(|bar| bar.executions).sum();
        let retries: i64 = self.bars.iter().map(|bar| bar.retries).sum();
        let Some(most) = self.bars.iter().max_by_key(|bar| bar.retries).filter(|_| executions > 0) else {
            return format!("Nothing ran in these {step}s.");
        };
        if retries == 0 {
            return "Every run went through without a retry.".to_owned();
        }
        let all = RetryBar { executions, retries, ..*most };
        let (number, per_run) = (format::counted(retries, "retry", "retries"), format::decimal(all.per_run()));
        let (when, peak) = (self.window.when(&most.bucket), format::count(most.retries));
        format!("{number}, {per_run} a run; most {when} with {peak}.")
    }

    fn table(&self, _: &Query) -> Table {
        let mut table = Table::new(vec![
            Column::text("time", self.window.step.title()),
            Column::number("executions", "Runs"),
            Column::number("total_retries", "Retries"),
            Column::number("avg_retries", "Per run"),
            Column::number("before", "Time before"),
        ]);
        for bar in self.bars.iter().rev() {
            table.push(vec![
                Value::Bucket(bar.bucket.starts, self.window.whole_label(&bar.bucket), bar.bucket.partial).cell(),
                Value::from(bar.executions).cell(),
                Value::from(bar.retries).cell(),
                Value::ratio(bar.per_run()).cell(),
                Value::from(bar.before).cell(),
            ]);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{range::Range, zone::Zone};

    fn retries(of: fn(usize) -> (i64, i64)) -> Retries {
        let window = Window::of(Range::Day, Zone::UTC, DateTime::from_timestamp(1_795_435_205, 0).unwrap_or_default());
        let bar = |(place, bucket)| {
            let (executions, retries) = of(place);
            RetryBar { bucket, executions, retries, before: None }
        };
        Retries { window, bars: window.buckets().into_iter().enumerate().map(bar).collect() }
    }

    #[test]
    fn the_peak_is_named() {
        let peak = retries(|place| (4, if place == 3 { 6 } else { 0 }));
        assert_eq!(peak.sentence(), "6 retries, 0.06 a run; most at 15:00 with 6.");
        assert_eq!(retries(|_| (1, 0)).sentence(), "Every run went through without a retry.");
        assert_eq!(retries(|_| (0, 0)).sentence(), "Nothing ran in these hours.");
    }

    #[test]
    fn an_hour_without_runs_has_no_retries_per_run() {
        let quiet = retries(|place| (i64::from(place == 0), 0)).table(&Query::default());
        assert_eq!(quiet.rows[0][3].value, Value::Missing);
        assert_eq!(quiet.rows[quiet.rows.len() - 1][3].value, Value::Ratio(0.0));
    }
}
