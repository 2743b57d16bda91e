//! In which order all triggers are listed, and which of them: a column, or a view that somebody saved for all.

use chrono::{DateTime, Utc};

use super::Thresholds;

/// The order that a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Order {
    /// `view`: a saved view; it has an order of its own.
    pub view: Option<SavedView>,
    /// `sort`: by this column.
    pub sort: Sort,
    /// `dir`: against the order in which one reads the column first.
    pub is_reversed: bool,
}

/// The columns that triggers can be sorted by. Each has an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// Worst first: critical, then those with a warning, each by how much failed.
    #[default]
    Health,
    /// By name.
    Name,
    /// By the share that succeeded.
    SuccessRate,
    /// By the number of runs.
    Executions,
    /// By the 95th percentile of durations.
    P95,
    /// By retries per run.
    Retries,
    /// By when they ran last.
    LastRun,
}

/// A question that is asked often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SavedView {
    /// The longest 95th percentile first.
    Slowest,
    /// Those whose success rate deserves a warning.
    Failing,
    /// Those whose 95th percentile deserves a warning.
    Sla,
    /// Enabled ones that ran nothing for days.
    Idle,
    /// Most runs first.
    Active,
    /// Those that are tried again too often.
    Retries,
}

/// What an order means to the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    /// By which column.
    pub sort: Sort,
    /// Whether from high to low.
    pub is_descending: bool,
    /// Only what lies before this value in the order; moments as microseconds since 1970.
    pub beyond: Option<String>,
    /// Only enabled triggers.
    pub is_enabled: bool,
}

impl Ranking {
    /// Those that are critical or deserve a warning, worst first.
    #[must_use]
    pub fn past_a_threshold() -> Self {
        // Severities of the well end at 100, and those with a warning begin at 1,000.
        Self { sort: Sort::Health, is_descending: true, beyond: Some("999".to_owned()), is_enabled: false }
    }
}

impl Sort {
    /// All columns, as they stand from left to right.
    pub const ALL: [Self; 7] =
        [Self::Name, Self::Health, Self::SuccessRate, Self::Executions, Self::P95, Self::Retries, Self::LastRun];

    /// As addresses spell it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Name => "name",
            Self::SuccessRate => "success_rate",
            Self::Executions => "executions",
            Self::P95 => "p95",
            Self::Retries => "retries",
            Self::LastRun => "last_run",
        }
    }

    /// Whether one reads it from high to low first: names and success rates are not.
    fn begins_high(self) -> bool {
        !matches!(self, Self::Name | Self::SuccessRate)
    }
}

impl SavedView {
    /// All there are, in the order of the page.
    pub const ALL: [Self; 6] = [Self::Failing, Self::Sla, Self::Slowest, Self::Retries, Self::Idle, Self::Active];

    /// As addresses spell it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Slowest => "slowest",
            Self::Failing => "failing",
            Self::Sla => "sla",
            Self::Idle => "idle",
            Self::Active => "active",
            Self::Retries => "retries",
        }
    }

    /// Its name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Slowest => "Slowest",
            Self::Failing => "Failing",
            Self::Sla => "SLA violations",
            Self::Idle => "Idle",
            Self::Active => "Most active",
            Self::Retries => "High retries",
        }
    }

    fn sort(self) -> (Sort, bool) {
        match self {
            Self::Slowest | Self::Sla => (Sort::P95, true),
            Self::Failing => (Sort::SuccessRate, false),
            Self::Idle => (Sort::LastRun, false),
            Self::Active => (Sort::Executions, true),
            Self::Retries => (Sort::Retries, true),
        }
    }
}

impl Order {
    /// By a column, in the order in which one reads it first, or against it where it is in that order already.
    #[must_use]
    pub fn toggled(self, sort: Sort) -> Self {
        let (current, is_descending) = self.columns();
        let is_reversed = current == sort && is_descending == sort.begins_high();
        Self { view: None, sort, is_reversed }
    }

    /// A saved view.
    #[must_use]
    pub fn of_view(view: SavedView) -> Self {
        Self { view: Some(view), ..Self::default() }
    }

    /// The column that it is sorted by, and whether from high to low.
    #[must_use]
    pub fn columns(self) -> (Sort, bool) {
        match self.view {
            Some(view) => view.sort(),
            None => (self.sort, self.sort.begins_high() != self.is_reversed),
        }
    }

    /// Takes in one parameter of an address; the error says what would have made sense.
    ///
    /// # Errors
    /// When the value is none of those there are.
    pub fn take(&mut self, parameter: &str, value: &str) -> Result<(), String> {
        match parameter {
            "view" => self.view = Some(find(&SavedView::ALL, SavedView::word, value)?),
            "sort" if self.view.is_some() => {
                return Err("given where no view= is, which has an order of its own".into());
            }
            "sort" => self.sort = find(&Sort::ALL, Sort::word, value)?,
            "dir" if self.view.is_some() => return Err("given where no view= is, which has an order of its own".into()),
            "dir" => match value {
                "asc" => self.is_reversed = self.sort.begins_high(),
                "desc" => self.is_reversed = !self.sort.begins_high(),
                _ => return Err("asc or desc".into()),
            },
            _ => {}
        }
        Ok(())
    }

    /// The parameters `view`, `sort` and `dir` where they are not at their defaults.
    #[must_use]
    pub fn parameters(self) -> [Option<String>; 3] {
        let sort = (self.sort != Sort::default()).then(|| self.sort.word().to_owned());
        let direction = if self.columns().1 { "desc" } else { "asc" };
        [self.view.map(|view| view.word().to_owned()), sort, self.is_reversed.then(|| direction.to_owned())]
    }

    /// What it means to the database.
    #[must_use]
    pub fn ranking(self, thresholds: &Thresholds, as_of: DateTime<Utc>) -> Ranking {
        let (sort, is_descending) = self.columns();
        let beyond = match self.view {
            Some(SavedView::Failing) => Some(thresholds.success_rate_warning.to_string()),
            Some(SavedView::Sla) => Some(thresholds.p95_warning_ms.to_string()),
            Some(SavedView::Retries) => Some(thresholds.avg_retries_warning.to_string()),
            Some(SavedView::Idle) => Some(thresholds.silent_before(as_of).timestamp_micros().to_string()),
            Some(SavedView::Slowest | SavedView::Active) | None => None,
        };
        Ranking { sort, is_descending, beyond, is_enabled: self.view == Some(SavedView::Idle) }
    }
}

fn find<Word: Copy>(all: &[Word], word: fn(Word) -> &'static str, value: &str) -> Result<Word, String> {
    let words: Vec<&str> = all.iter().map(|&one| word(one)).collect();
    let found = all.iter().copied().find(|&one| word(one) == value);
    found.ok_or_else(|| format!("one of {}", words.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(pairs: &[(&str, &str)]) -> Order {
        let mut order = Order::default();
        for (parameter, value) in pairs {
            assert_eq!(order.take(parameter, value), Ok(()), "{parameter}={value}");
        }
        order
    }

    #[test]
    fn a_click_on_a_heading_sorts_and_a_second_one_turns_it_round() {
        let first = Order::default().toggled(Sort::SuccessRate);
        assert_eq!(first.columns(), (Sort::SuccessRate, false));
        assert_eq!(first.toggled(Sort::SuccessRate).columns(), (Sort::SuccessRate, true));
        assert_eq!(first.toggled(Sort::SuccessRate).toggled(Sort::SuccessRate), first);
        assert_eq!(Order::default().toggled(Sort::Health).columns(), (Sort::Health, false));
        let slowest = Order::of_view(SavedView::Slowest);
        assert_eq!(slowest.toggled(Sort::P95), order(&[("sort", "p95"), ("dir", "asc")]), "it leaves the view");
    }

    #[test]
    fn parameters_mean_what_they_were_made_from() {
        for sort in Sort::ALL {
            for is_reversed in [false, true] {
                let made = Order { view: None, sort, is_reversed };
                let parameters = ["view", "sort", "dir"].into_iter().zip(made.parameters());
                let mut read = Order::default();
                for (name, value) in parameters {
                    assert_eq!(value.map_or(Ok(()), |value| read.take(name, &value)), Ok(()));
                }
                assert_eq!(read, made);
            }
        }
        assert_eq!(order(&[("view", "sla")]).parameters(), [Some("sla".into()), None, None]);
    }

    #[test]
    fn what_there_is_not_is_refused_with_what_there_is() {
        let refused = |parameter, value: &str| Order::default().take(parameter, value).err().unwrap_or_default();
        assert!(refused("sort", "colour").starts_with("one of name, health, success_rate"));
        assert!(refused("view", "fast").contains("slowest"));
        assert_eq!(refused("dir", "up"), "asc or desc");
        assert!(Order::of_view(SavedView::Idle).take("sort", "name").is_err());
    }

    #[test]
    fn saved_views_keep_to_the_thresholds() {
        let thresholds = Thresholds::default();
        let as_of = DateTime::from_timestamp(1_795_435_205, 0).unwrap_or_default();
        let ranking = |view| Order::of_view(view).ranking(&thresholds, as_of);
        assert_eq!(ranking(SavedView::Failing).beyond.as_deref(), Some("80"));
        assert_eq!(ranking(SavedView::Retries).beyond.as_deref(), Some("0.5"));
        let idle = ranking(SavedView::Idle);
        assert!(idle.is_enabled && idle.beyond == Some((1_795_435_205_000_000_i64 - 7 * 86_400_000_000).to_string()));
    }
}
