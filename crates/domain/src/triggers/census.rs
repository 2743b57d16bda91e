//! How many triggers there are, and how many of them are unwell.

use crate::format;

/// How many triggers there are, and how many are unwell, as of the order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    /// How many there are that fit, or one more than [`Census::MATCHED`].
    pub total: i64,
    /// Whether only some of all triggers fit.
    pub is_narrowed: bool,
    /// How they are, at most one more than [`Census::COUNTED`] of each; `None` of more than [`Census::MATCHED`] that fit.
    pub unwell: Option<Unwell>,
}

/// How many triggers are unwell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unwell {
    /// Critical ones.
    pub critical: i64,
    /// Those that deserve a warning.
    pub warning: i64,
    /// Enabled ones that ran before, yet nothing lately.
    pub idle: i64,
}

impl Census {
    /// Triggers that fit a filter are counted up to here.
    pub const MATCHED: i64 = 2_000;

    /// Unwell triggers are counted up to here.
    pub const COUNTED: i64 = 1_000;

    pub(super) fn sentence(self) -> String {
        let noun = if self.is_narrowed { "triggers that fit" } else { "triggers" };
        let one = if self.is_narrowed { "trigger that fits" } else { "trigger" };
        match (self.total, self.unwell) {
            (0, _) if self.is_narrowed => "No trigger fits the filters.".to_owned(),
            (0, _) => "There is no trigger yet.".to_owned(),
            (total, None) => format!("Over {} triggers fit.", format::count(total.min(Self::MATCHED))),
            (total, Some(unwell)) => {
                let all = format::counted(total, one, noun);
                match unwell.words().as_slice() {
                    [] if total == 1 => format!("The one {one} is well."),
                    [] => format!("All {all} are well."),
                    words => format!("{}, of {all}.", words.join(", ")),
                }
            }
        }
    }
}

impl Unwell {
    fn words(self) -> Vec<String> {
        let counts = [(self.critical, "critical"), (self.warning, "with a warning"), (self.idle, "gone idle")];
        let counts = counts.into_iter().filter(|&(number, _)| number > 0);
        counts.map(|(number, word)| format!("{} {word}", bounded(number, Census::COUNTED))).collect()
    }
}

/// A number, or that it is over a bound.
fn bounded(number: i64, bound: i64) -> String {
    if number > bound { format!("over {}", format::count(bound)) } else { format::count(number) }
}

/// A sentence that begins with an upper-case letter.
pub(super) fn capitalized(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unwell_are_counted_up_to_a_bound() {
        let sentence = |total, is_narrowed, unwell| Census { total, is_narrowed, unwell }.sentence();
        let well = Some(Unwell::default());
        let some = Some(Unwell { critical: 2, warning: 0, idle: 1_001 });
        assert_eq!(sentence(100_000, false, some), "2 critical, over 1,000 gone idle, of 100,000 triggers.");
        assert_eq!(sentence(5, false, well), "All 5 triggers are well.");
        assert_eq!(sentence(1, true, well), "The one trigger that fits is well.");
        assert_eq!(sentence(0, true, well), "No trigger fits the filters.");
        assert_eq!(sentence(0, false, well), "There is no trigger yet.");
        assert_eq!(sentence(2_001, true, None), "Over 2,000 triggers fit.");
    }
}
