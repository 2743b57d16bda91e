//! How large everything is, how that grows, what keeping it fresh takes, and what all of it costs.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::format;

/// Days over which growth and work are told.
pub const DAYS: i64 = 30;

/// Looks that are nearer to each other tell nothing about growth.
const TELLING_AFTER: TimeDelta = TimeDelta::hours(20);

/// Days of a month, in the mean.
const DAYS_OF_MONTH: f64 = 365.25 / 12.0;

/// Bytes of a gigabyte, as [`format::bytes`] counts them.
const GIGABYTE: f64 = (1_u64 << 30) as f64;

/// Milliseconds of a day.
const DAY_MS: f64 = 86_400_000.0;

/// Everything the page of storage shows.
#[derive(Debug, Clone, Default)]
pub struct Storage {
    /// Each table and view, the largest first.
    pub tables: Vec<TableStorage>,
    /// What was done on each UTC day, oldest first; the last may be today.
    pub days: Vec<DayOfWork>,
    /// What storage and computing cost; `None` where nobody said so.
    pub prices: Option<Prices>,
}

/// How large a table or a view is.
#[derive(Debug, Clone, Default)]
pub struct TableStorage {
    /// Its name, with the schema.
    pub table_name: String,
    /// One look per day, oldest first; the last one is what it is now.
    pub looks: Vec<Look>,
}

/// How large something was.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// When.
    pub taken_at: DateTime<Utc>,
    /// Rows.
    pub rows: i64,
    /// Whether those were counted, not estimated.
    pub is_counted: bool,
    /// Bytes without indexes.
    pub table_bytes: i64,
    /// Bytes of indexes.
    pub index_bytes: i64,
}

/// What was done on a UTC day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DayOfWork {
    /// Its beginning.
    pub day: DateTime<Utc>,
    /// Refreshes of the views.
    pub refreshes: i64,
    /// How long the database was busy with them, in milliseconds.
    pub refreshes_ms: f64,
    /// Other statements that servers ran.
    pub calls: i64,
    /// How long these took, in milliseconds.
    pub calls_ms: f64,
}

/// What storage and computing cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    /// One gigabyte for a month.
    pub gigabyte_month: f64,
    /// One core for an hour.
    pub core_hour: f64,
    /// In which money.
    pub currency: String,
}

impl Look {
    /// Bytes in all.
    #[must_use]
    pub fn bytes(&self) -> i64 {
        self.table_bytes + self.index_bytes
    }
}

impl TableStorage {
    /// What it is now.
    #[must_use]
    pub fn now(&self) -> Look {
        self.looks.last().cloned().unwrap_or_default()
    }

    /// Bytes that it grows by in a day; `None` where looks are too near to each other to tell.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "sizes stay far below 2^52")]
    pub fn bytes_a_day(&self) -> Option<f64> {
        slope(&self.looks, |look| look.bytes() as f64)
    }

    /// Rows that it grows by in a day; `None` where looks are too near to each other to tell.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn rows_a_day(&self) -> Option<f64> {
        slope(&self.looks, |look| look.rows as f64)
    }

    /// Bytes it will take in so many days, when it goes on as it did.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "sizes stay far below 2^52")]
    pub fn bytes_in(&self, days: f64) -> Option<i64> {
        let grown = self.bytes_a_day()? * days;
        Some((self.now().bytes() as f64 + grown).max(0.0) as i64)
    }
}

/// How much a measure grows in a day: the line that fits all looks best (least squares).
#[allow(clippy::cast_precision_loss, reason = "times stay far below 2^52 seconds")]
fn slope(looks: &[Look], measure: impl Fn(&Look) -> f64) -> Option<f64> {
    let (first, last) = (looks.first()?, looks.last()?);
    if last.taken_at - first.taken_at < TELLING_AFTER {
        return None;
    }
    let day = |look: &Look| (look.taken_at - first.taken_at).num_seconds() as f64 / 86_400.0;
    let count = looks.len() as f64;
    let mean_day = looks.iter().map(day).sum::<f64>() / count;
    let mean = looks.iter().map(&measure).sum::<f64>() / count;
    let together: f64 = looks.iter().map(|look| (day(look) - mean_day) * (measure(look) - mean)).sum();
    let spread: f64 = looks.iter().map(|look| (day(look) - mean_day).powi(2)).sum();
    Some(together / spread)
}

impl DayOfWork {
    /// The share of one core that all of it took, 0 to 1 where that is one core. Waiting counts as work.
    #[must_use]
    pub fn share(&self) -> f64 {
        (self.refreshes_ms + self.calls_ms) / DAY_MS
    }

    /// How long a statement took in the mean, in milliseconds.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn call_ms(&self) -> Option<f64> {
        (self.calls > 0).then(|| self.calls_ms / self.calls as f64)
    }
}

impl Prices {
    /// What so many bytes cost in a month.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "sizes stay far below 2^52")]
    pub fn storage(&self, bytes: i64) -> f64 {
        bytes as f64 / GIGABYTE * self.gigabyte_month
    }

    /// What this share of one core costs in a month.
    #[must_use]
    pub fn computing(&self, share: f64) -> f64 {
        share * 24.0 * DAYS_OF_MONTH * self.core_hour
    }

    /// An amount in words: `3.12 EUR`.
    #[must_use]
    pub fn words(&self, amount: f64) -> String {
        format!("{} {}", format::decimal(Some(amount)), self.currency)
    }

    /// What was typed.
    ///
    /// # Errors
    /// What would be right, by the name of each field that is wrong.
    pub fn read(gigabyte_month: &str, core_hour: &str, currency: &str) -> Result<Self, BTreeMap<&'static str, String>> {
        let price = |text: &str| text.trim().parse().ok().filter(|price: &f64| (0.0..10_000_000.0).contains(price));
        let currency = currency.trim();
        let is_currency = (1..=10).contains(&currency.chars().count()) && !currency.chars().any(char::is_control);
        let prices = (price(gigabyte_month), price(core_hour));
        if let ((Some(gigabyte_month), Some(core_hour)), true) = (prices, is_currency) {
            return Ok(Self { gigabyte_month, core_hour, currency: currency.to_owned() });
        }
        let wrong = [
            ("gigabyte_month", prices.0.is_none(), "a number from 0 on, as 0.115"),
            ("core_hour", prices.1.is_none(), "a number from 0 on, as 0.115"),
            ("currency", !is_currency, "a currency, as EUR"),
        ];
        Err(wrong
            .into_iter()
            .filter(|&(_, is_wrong, _)| is_wrong)
            .map(|(field, _, right)| (field, right.to_owned()))
            .collect())
    }
}

impl Storage {
    /// Bytes of everything.
    #[must_use]
    pub fn bytes(&self) -> i64 {
        self.tables.iter().map(|table| table.now().bytes()).sum()
    }

    /// Bytes that everything grows by in a day; `None` where that is not known yet.
    #[must_use]
    pub fn bytes_a_day(&self) -> Option<f64> {
        let known: Vec<f64> = self.tables.iter().filter_map(TableStorage::bytes_a_day).collect();
        (!known.is_empty()).then(|| known.iter().sum())
    }

    /// Bytes that everything will take in so many days.
    #[must_use]
    pub fn bytes_in(&self, days: f64) -> Option<i64> {
        self.bytes_a_day()?;
        let table = |table: &TableStorage| table.bytes_in(days).unwrap_or_else(|| table.now().bytes());
        Some(self.tables.iter().map(table).sum())
    }

    /// The mean of whole days; where there is none yet, today so far, and that it is no whole day.
    #[must_use]
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "counts stay far below 2^52")]
    pub fn usual_day(&self, now: DateTime<Utc>) -> Option<(DayOfWork, bool)> {
        let whole: Vec<_> = self.days.iter().filter(|day| day.day + TimeDelta::days(1) <= now).collect();
        if whole.is_empty() {
            return self.days.last().cloned().map(|day| (day, false));
        }
        let count = whole.len();
        let mean = |measure: fn(&DayOfWork) -> f64| whole.iter().map(|day| measure(day)).sum::<f64>() / count as f64;
        let day = DayOfWork {
            day: whole[count - 1].day,
            refreshes: mean(|day| day.refreshes as f64).round() as i64,
            refreshes_ms: mean(|day| day.refreshes_ms),
            calls: mean(|day| day.calls as f64).round() as i64,
            calls_ms: mean(|day| day.calls_ms),
        };
        Some((day, true))
    }

    /// One true sentence.
    #[must_use]
    pub fn sentence(&self, now: DateTime<Utc>) -> String {
        let count = i64::try_from(self.tables.len()).unwrap_or(i64::MAX);
        let tables = format::counted(count, "table or view", "tables and views");
        let all = format!("{} in {tables}", format::bytes(self.bytes()));
        let growth = match self.bytes_a_day() {
            None => "how they grow is known after a day of looks".to_owned(),
            Some(bytes) => growth_words(bytes * DAYS_OF_MONTH),
        };
        let share = |(day, is_whole): (DayOfWork, bool)| {
            let share = format::percent(Some(day.share() * 100.0));
            format!("; Tidemark takes {share} of one core{}", if is_whole { "" } else { ", today so far" })
        };
        format!("{all}; {growth}{}.", self.usual_day(now).map(share).unwrap_or_default())
    }
}

/// What grows by so many bytes in a month.
#[allow(clippy::cast_possible_truncation, reason = "sizes stay far below 2^52")]
fn growth_words(bytes: f64) -> String {
    let size = format::bytes(bytes.abs() as i64);
    match bytes {
        bytes if bytes.abs() < 1_000_000.0 => "they hardly grow".to_owned(),
        bytes if bytes < 0.0 => format!("they shrink by {size} a month"),
        _ => format!("they grow by {size} a month"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_435_205, 0).unwrap_or_default()
    }

    fn table(looks: &[(i64, i64)]) -> TableStorage {
        let look = |&(hours_ago, table_bytes): &(i64, i64)| Look {
            taken_at: now() - TimeDelta::hours(hours_ago),
            rows: table_bytes / 100,
            is_counted: true,
            table_bytes,
            index_bytes: 0,
        };
        TableStorage { table_name: "public.t".to_owned(), looks: looks.iter().map(look).collect() }
    }

    #[test]
    fn growth_is_the_line_that_fits_best() {
        let steady = table(&[(72, 1_000_000), (48, 2_000_000), (24, 3_000_000), (0, 4_000_000)]);
        assert_eq!(steady.bytes_a_day().map(f64::round), Some(1_000_000.0));
        assert_eq!(steady.rows_a_day().map(f64::round), Some(10_000.0));
        assert_eq!(steady.bytes_in(10.0), Some(14_000_000));
        let emptied = table(&[(48, 9_000_000), (24, 5_000_000), (0, 0)]);
        assert_eq!(emptied.bytes_in(30.0), Some(0), "nothing gets smaller than nothing");
        assert_eq!(table(&[(3, 1), (0, 900)]).bytes_a_day(), None, "three hours tell nothing");
        assert_eq!(table(&[]).bytes_a_day(), None);
    }

    #[test]
    fn a_usual_day_is_a_whole_one() {
        let day = |hours_ago, refreshes| DayOfWork {
            day: now() - TimeDelta::hours(hours_ago),
            refreshes,
            refreshes_ms: 43_200_000.0,
            calls: 10,
            calls_ms: 50.0,
        };
        let storage = |days| Storage { days, ..Storage::default() };
        let (usual, is_whole) =
            storage(vec![day(60, 10), day(36, 20), day(12, 1)]).usual_day(now()).unwrap_or_default();
        assert_eq!((usual.refreshes, is_whole, usual.call_ms()), (15, true, Some(5.0)));
        assert!((usual.share() - 0.5).abs() < 0.001);
        let today = storage(vec![day(12, 1)]).usual_day(now());
        assert_eq!(today.map(|(day, is_whole)| (day.refreshes, is_whole)), Some((1, false)));
    }

    #[test]
    fn prices_become_money() {
        let prices = Prices { gigabyte_month: 0.1, core_hour: 0.06, currency: "EUR".to_owned() };
        assert_eq!(prices.words(prices.storage(10 << 30)), "1.00 EUR");
        assert_eq!(prices.words(prices.computing(1.0)), "43.83 EUR");
        assert_eq!(Prices::read("0.1", " 0.06", "EUR "), Ok(prices));
        for (storage, core, currency, wrong) in [
            ("-1", "1", "EUR", "gigabyte_month"),
            ("1", "x", "EUR", "core_hour"),
            ("1", "1", "", "currency"),
            ("NaN", "1", "EUR", "gigabyte_month"),
        ] {
            let problems = Prices::read(storage, core, currency).map_err(|wrong| wrong.into_keys().collect::<Vec<_>>());
            assert_eq!(problems, Err(vec![wrong]));
        }
        assert_eq!(Prices::read("", "-", "").map_err(|wrong| wrong.len()), Err(3), "all at once");
    }

    #[test]
    fn the_sentence_says_what_is_known() {
        let young = Storage { tables: vec![table(&[(0, 5 << 20)])], ..Storage::default() };
        assert_eq!(young.sentence(now()), "5.0 MB in 1 table or view; how they grow is known after a day of looks.");
        let grown =
            Storage { tables: vec![table(&[(48, 1 << 20), (0, 5 << 20)]), table(&[(0, 0)])], ..Storage::default() };
        assert_eq!(grown.sentence(now()), "5.0 MB in 2 tables and views; they grow by 60.9 MB a month.");
    }
}
