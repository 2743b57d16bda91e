//! Bars over time that are stacked from layers, such as action types or organizations.

use std::borrow::Cow;

use crate::{
    format,
    range::Span,
    status::percentage,
    summary::Change,
    table::{Column, Table, Value},
    window::{Bucket, Window},
};

/// Layers that have a colour of their own; what is beyond them shares one.
const SHOWN: usize = 5;

/// How many of so many layers are shown by themselves: one that is left over takes no more room than all others would.
#[must_use]
pub const fn shown(layers: usize) -> usize {
    if layers == SHOWN + 1 { layers } else { SHOWN }
}

/// One bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Which one.
    pub bucket: Bucket,
    /// Its executions, one number for each layer from below.
    pub counts: Vec<i64>,
    /// Executions at the same place of the window before; `None` when not known.
    pub before: Option<i64>,
}

impl Bar {
    /// All executions of the bucket.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.counts.iter().sum()
    }

    /// The place of its largest layer, and the share of that in words, where there are several.
    pub(crate) fn largest(&self) -> Option<(usize, String)> {
        let (place, &count) = self.counts.iter().enumerate().max_by_key(|&(_, count)| count)?;
        (self.counts.len() > 1).then(|| (place, format::percent(percentage(count, self.total()))))
    }
}

/// How many executions there were, what changed, and which bar is the highest; `largest` is what more there is to say of it.
pub(crate) fn sentence(
    window: &Window,
    span: &Span,
    bars: &[Bar],
    before: Option<i64>,
    largest: impl Fn(&Bar) -> String,
) -> String {
    let total: i64 = bars.iter().map(Bar::total).sum();
    let busiest = bars.iter().max_by_key(|bar| bar.total());
    let Some(busiest) = busiest.filter(|_| total > 0) else {
        return format!("Nothing ran {}.", span.words());
    };
    let change = before.map(|before| Change::of_runs(total, before).ending(span.before()));
    let sentence = format!(
        "{} {}{}; most {}: {}{}",
        format::counted(total, "run", "runs"),
        span.words(),
        change.unwrap_or_default(),
        window.when(&busiest.bucket),
        format::count(busiest.total()),
        largest(busiest),
    );
    // Not after a name as in `Acme Inc.`
    if sentence.ends_with('.') { sentence } else { format!("{sentence}.") }
}

/// A row for each layer of each bar, newest first, and one for the time before where that is shown.
pub(crate) fn table(
    window: &Window,
    bars: &[Bar],
    layer: Column,
    names: &[Cow<'_, str>],
    shows_before: bool,
    rows_behind: impl Fn(&Bar, usize) -> String,
) -> Table {
    let mut table =
        Table::new(vec![Column::text("time", window.step.title()), layer, Column::number("executions", "Runs")]);
    for bar in bars.iter().rev() {
        let time = || Value::Bucket(bar.bucket.starts, window.whole_label(&bar.bucket), bar.bucket.partial).cell();
        for (place, (name, &count)) in names.iter().zip(&bar.counts).enumerate() {
            let runs = Value::from(count).cell().linked(rows_behind(bar, place));
            table.push(vec![time(), Value::Text(name.to_string()).cell(), runs]);
        }
        if shows_before {
            table.push(vec![time(), Value::from("all, time before").cell(), Value::from(bar.before).cell()]);
        }
    }
    table
}
