//! What keeping the data fresh takes of the machine, against the budget that it has.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

/// How far back spending is told.
pub const TOLD_OVER: Duration = Duration::from_secs(600);

/// A share of one core, above 0 and at most 1: `5%`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Share(f64);

impl Share {
    /// The budget unless somebody sets another: 5% of one core.
    pub const DEFAULT: Self = Self(0.05);

    /// The share as a number from 0 to 1.
    #[must_use]
    pub fn of_one(self) -> f64 {
        self.0
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let percent: Option<f64> = text.strip_suffix('%').and_then(|number| number.trim().parse().ok());
        match percent {
            Some(percent) if (0.1..=100.0).contains(&percent) => Ok(Self(percent / 100.0)),
            _ => Err("write a share of one core, from 0.1% to 100%, as in 5%".to_owned()),
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}%", (self.0 * 1000.0).round() / 10.0)
    }
}

/// What was spent over the last [`TOLD_OVER`], and what may be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spending {
    /// The share of one core that was spent: the time of refreshes and looks in the database, and of drawing.
    pub spent: f64,
    /// The share that may be.
    pub budget: Share,
}

impl Spending {
    /// Both in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!(
            "Keeping this fresh took {} of one core over the last {} min; the budget is {}.",
            spelled(self.spent),
            TOLD_OVER.as_secs() / 60,
            self.budget
        )
    }
}

/// A share as people read it: `1.2%`, `under 0.1%`.
#[must_use]
pub fn spelled(share: f64) -> String {
    if share < 0.001 { "under 0.1%".to_owned() } else { format!("{:.1}%", 100.0 * share) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_written_as_it_is_read() {
        for text in ["5%", "0.5%", "100%", "12.5%"] {
            assert_eq!(text.parse::<Share>().map(|share| share.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("5%".parse(), Ok(Share::DEFAULT));
        for text in ["5", "0%", "-1%", "101%", "five%", "NaN%", "%"] {
            assert!(text.parse::<Share>().is_err_and(|told| told.contains("as in 5%")), "{text}");
        }
    }

    #[test]
    fn spending_is_told_against_its_budget() {
        let sentence = |spent| Spending { spent, budget: Share::DEFAULT }.sentence();
        assert_eq!(
            sentence(0.0124),
            "Keeping this fresh took 1.2% of one core over the last 10 min; the budget is 5%."
        );
        assert!(sentence(0.0).contains("took under 0.1% of"));
    }
}
