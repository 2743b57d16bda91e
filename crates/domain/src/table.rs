//! The numbers of a panel in rows and columns: one source of its table on the page, of its CSV and of its JSON.

use chrono::{DateTime, Utc};

use crate::{format, resolutions::ErrorState, triggers::Health, zone::Zone};

/// A table. Every row has a cell for each column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The columns; the first one names the row.
    pub columns: Vec<Column>,
    /// The rows, in the order of the page.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name for programs: `success_rate`.
    pub key: &'static str,
    /// Its name for people: `Succeeded`.
    pub title: &'static str,
    /// What is in it.
    pub kind: Kind,
    /// Whether a telephone has no room for it.
    pub minor: bool,
    /// How the rows are sorted by it, where they can be.
    pub sorting: Option<Sorting>,
}

/// How rows are sorted by a column, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sorting {
    /// Where the other order is, or this one where they are not sorted by the column.
    pub link: String,
    /// Whether they are, and if so, whether from high to low.
    pub is_descending: Option<bool>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words, on the left.
    Text,
    /// What an action reported, on the left: it may be long.
    Message,
    /// Numbers or moments, on the right.
    Number,
}

/// A value, and where a click on it leads.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The value.
    pub value: Value,
    /// The address behind it.
    pub link: Option<String>,
}

/// One value. What is not there is [`Value::Missing`], never zero.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Words.
    Text(String),
    /// How many.
    Count(i64),
    /// 0 to 100.
    Percent(f64),
    /// A duration.
    Milliseconds(f64),
    /// When.
    Moment(DateTime<Utc>),
    /// An hour or a day: when it begins, its name in the zone of the page, and whether it is there only in part.
    Bucket(DateTime<Utc>, String, bool),
    /// A number with two decimals.
    Ratio(f64),
    /// The verdict on a trigger.
    Health(Health),
    /// How it stands with a kind of error.
    State(ErrorState),
    /// How many in each of equally long parts of the time, oldest first: a tiny chart.
    Trend(Vec<i64>),
    /// Nothing.
    Missing,
}

impl Table {
    /// A table of these columns, without rows.
    #[must_use]
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// The same without the column of this name.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        if let Some(place) = self.columns.iter().position(|column| column.key == key) {
            self.columns.remove(place);
            for row in &mut self.rows {
                row.remove(place);
            }
        }
        self
    }

    /// When the hours or days begin that its rows are about, oldest first, each once; none where they are about something
    /// else.
    #[must_use]
    pub fn bucket_starts(&self) -> Vec<DateTime<Utc>> {
        let start = |cell: &Cell| if let Value::Bucket(start, ..) = cell.value { Some(start) } else { None };
        let mut starts: Vec<_> = self.rows.iter().filter_map(|cells| cells.first().and_then(start)).collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// Adds a row.
    pub fn push(&mut self, cells: Vec<Cell>) {
        debug_assert_eq!(cells.len(), self.columns.len(), "a cell for each column");
        self.rows.push(cells);
    }
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn text(key: &'static str, title: &'static str) -> Self {
        Self { key, title, kind: Kind::Text, minor: false, sorting: None }
    }

    /// A column of what actions reported.
    #[must_use]
    pub fn message(key: &'static str, title: &'static str) -> Self {
        Self { key, title, kind: Kind::Message, minor: false, sorting: None }
    }

    /// A column of numbers or moments.
    #[must_use]
    pub fn number(key: &'static str, title: &'static str) -> Self {
        Self { key, title, kind: Kind::Number, minor: false, sorting: None }
    }

    /// The same, that rows can be sorted by.
    #[must_use]
    pub fn sorted(self, sorting: Sorting) -> Self {
        Self { sorting: Some(sorting), ..self }
    }

    /// The same, left out where there is little room.
    #[must_use]
    pub fn minor(self) -> Self {
        Self { minor: true, ..self }
    }
}

impl Cell {
    /// The same with the address behind it.
    #[must_use]
    pub fn linked(self, address: String) -> Self {
        Self { link: Some(address), ..self }
    }

    /// The same with the address behind it, where there is something.
    #[must_use]
    pub fn linked_where(self, condition: bool, address: String) -> Self {
        if condition { self.linked(address) } else { self }
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        Self { value, link: None }
    }
}

impl<Inner> From<Option<Inner>> for Value
where
    Inner: Into<Self>,
{
    fn from(value: Option<Inner>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(moment: DateTime<Utc>) -> Self {
        Self::Moment(moment)
    }
}

impl Value {
    /// A percentage, 0 to 100.
    #[must_use]
    pub fn percent(percentage: Option<f64>) -> Self {
        finite(percentage).map_or(Self::Missing, Self::Percent)
    }

    /// A duration in milliseconds.
    #[must_use]
    pub fn milliseconds(duration_ms: Option<f64>) -> Self {
        finite(duration_ms).map_or(Self::Missing, Self::Milliseconds)
    }

    /// A number with two decimals.
    #[must_use]
    pub fn ratio(ratio: Option<f64>) -> Self {
        finite(ratio).map_or(Self::Missing, Self::Ratio)
    }

    /// A cell without a link.
    #[must_use]
    pub fn cell(self) -> Cell {
        self.into()
    }

    /// As the page spells it.
    #[must_use]
    pub fn spelled(&self, zone: Zone) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => format::count(*count),
            Self::Percent(percentage) => format::percent(Some(*percentage)),
            Self::Milliseconds(duration_ms) => format::milliseconds(Some(*duration_ms)),
            Self::Moment(moment) => format::moment(&zone.at(*moment)),
            Self::Bucket(_, name, _) => name.clone(),
            Self::Ratio(ratio) => format::decimal(Some(*ratio)),
            Self::Health(health) => health.word().to_owned(),
            Self::State(state) => state.word().to_owned(),
            Self::Trend(counts) => counts.iter().map(i64::to_string).collect::<Vec<_>>().join(" "),
            Self::Missing => format::MISSING.to_owned(),
        }
    }
}

fn finite(number: Option<f64>) -> Option<f64> {
    number.filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_a_dash() {
        let missing =
            [Value::from(None::<i64>), Value::percent(None), Value::milliseconds(Some(f64::NAN)), Value::ratio(None)];
        assert!(missing.iter().all(|value| value.spelled(Zone::UTC) == "–"));
        assert_eq!(Value::from(Some(0)).spelled(Zone::UTC), "0");
    }

    #[test]
    fn a_column_may_be_left_out() {
        let mut table = Table::new(vec![Column::text("a", "A"), Column::number("b", "B")]);
        table.push(vec![Value::from("x").cell(), Value::from(1).cell()]);
        let table = table.without("b").without("c");
        assert_eq!((table.columns.len(), table.rows), (1, vec![vec![Value::from("x").cell()]]));
    }

    #[test]
    fn a_table_of_hours_knows_them() {
        let mut table = Table::new(vec![Column::text("time", "Hour")]);
        for hour in [7_200, 3_600, 3_600] {
            let start = DateTime::from_timestamp(hour, 0).unwrap_or_default();
            table.push(vec![Value::Bucket(start, String::new(), false).cell()]);
        }
        let seconds: Vec<_> = table.bucket_starts().iter().map(DateTime::timestamp).collect();
        assert_eq!(seconds, [3_600, 7_200]);
    }

    #[test]
    fn moments_are_told_in_the_zone() {
        let moment = DateTime::from_timestamp(1_795_435_205, 0).unwrap_or_default();
        let value = Value::from(moment);
        let berlin = "Europe/Berlin".parse().unwrap_or_default();
        assert_eq!(
            (value.spelled(Zone::UTC).as_str(), value.spelled(berlin).as_str()),
            ("23 Nov 12:00:05 UTC", "23 Nov 13:00:05 CET")
        );
    }
}
