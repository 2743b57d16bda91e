//! What is to be said about an index.

use crate::format;

/// What is to be said about an index, the worst first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was left behind half made: it costs writers time, and serves nobody.
    Invalid,
    /// Another one is exactly the same.
    Duplicate(String),
    /// Another one begins with the same columns.
    Covered(String),
    /// Nobody used it.
    Unused,
    /// It takes so many bytes more than it would if it was made anew.
    Bloated(i64),
    /// It is seldom found in the cache.
    LowHits(u8),
    /// Nobody used it, but nothing follows from that yet.
    TooEarly,
    /// Nobody used it here, but a standby may.
    PerhapsElsewhere,
    /// Nobody used it, and it takes next to nothing.
    Small,
    /// Needed, whatever its counters say.
    Needed(&'static str),
    /// In use.
    Good,
}

impl Verdict {
    /// Whether something is to be done.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        matches!(
            self,
            Self::Invalid | Self::Duplicate(_) | Self::Covered(_) | Self::Unused | Self::Bloated(_) | Self::LowHits(_)
        )
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Invalid => "left half made: it slows writers and serves nobody".to_owned(),
            Self::Duplicate(other) => format!("the same as {other}"),
            Self::Covered(other) => format!("{other} begins with the same columns and serves as well"),
            Self::Unused => "unused since the statistics began".to_owned(),
            Self::Bloated(bytes) => {
                format!("about {} of it are air: made anew it would be smaller", format::bytes(*bytes))
            }
            Self::LowHits(percent) => format!("only {percent}% of its blocks are found in the cache"),
            Self::TooEarly => "not used yet; the statistics are too young to tell".to_owned(),
            Self::PerhapsElsewhere => "unused here; a standby may use it".to_owned(),
            Self::Small => "unused, and too small to matter".to_owned(),
            Self::Needed(reason) => format!("needed: {reason}"),
            Self::Good => "in use".to_owned(),
        }
    }
}
