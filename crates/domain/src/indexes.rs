//! Indexes as an admin sees them: what each is for, how it is used, and what is to be done about it.

mod verdict;

use chrono::{DateTime, TimeDelta, Utc};

use crate::format;
pub use verdict::Verdict;

/// Days over which usage is told.
pub const DAYS: i64 = 30;

/// Statistics that are younger tell nothing about what is unused.
const TELLING_AFTER: TimeDelta = TimeDelta::days(14);

/// An unused index under this many bytes is not worth a word.
const WORTH_BYTES: i64 = 1_000_000;

/// Fewer bytes of air in an index are not worth making it anew.
const WORTH_MAKING_ANEW: i64 = 10_000_000;

/// An index is bloated from so many times of what it needs on: the estimate is rough.
const BLOATED_TIMES: i64 = 2;

/// Blocks that must have been asked for before a share of cache hits says anything.
const TELLING_BLOCKS: i64 = 10_000;

/// A smaller share of blocks found in the cache is low.
const LOW_HITS: f64 = 0.9;

/// Everything the page of indexes shows.
#[derive(Debug, Clone, Default)]
pub struct Indexes {
    /// Each index, largest first.
    pub list: Vec<Index>,
    /// Those of the contract that are not there.
    pub missing: Vec<Missing>,
    /// Under which circumstances they were used.
    pub circumstances: Circumstances,
    /// Whether all of the database is looked at.
    pub is_whole: bool,
}

/// What limits what counters say.
#[derive(Debug, Clone, Default)]
pub struct Circumstances {
    /// Since when Postgres counts; `None` where it does not say.
    pub stats_since: Option<DateTime<Utc>>,
    /// Standbys that are connected.
    pub standbys: i64,
    /// Whether this is a standby itself.
    pub is_standby: bool,
}

/// An index.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// Its schema.
    pub schema_name: String,
    /// Its name.
    pub index_name: String,
    /// Its table, with the schema.
    pub table_name: String,
    /// The statement that makes it.
    pub definition: String,
    /// How it works: `btree`, `gin`…
    pub method: String,
    /// Whether values are unique.
    pub is_unique: bool,
    /// Whether it is the primary key.
    pub is_primary: bool,
    /// Whether it keeps values from overlapping.
    pub is_exclusion: bool,
    /// Whether replication finds rows by it.
    pub is_replica_identity: bool,
    /// Whether it can be used.
    pub is_valid: bool,
    /// Whether a constraint or a partitioned table needs it.
    pub is_bound: bool,
    /// Whether its table is a materialized view.
    pub is_of_view: bool,
    /// Its columns and expressions, as they are spelled.
    pub columns: Vec<String>,
    /// The condition of a partial index.
    pub condition: Option<String>,
    /// Bytes on disk.
    pub size_bytes: i64,
    /// Scans since the statistics were reset.
    pub scans: i64,
    /// Entries that scans read.
    pub tuples_read: i64,
    /// Rows that scans fetched.
    pub tuples_fetched: i64,
    /// Blocks that were in the cache.
    pub blocks_hit: i64,
    /// Blocks that were not.
    pub blocks_read: i64,
    /// The last scan; Postgres knows since version 16.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Bytes it would take if it was made anew, as the statistics of the planner tell; `None` where they do not.
    pub fresh_bytes: Option<i64>,
    /// The statement that makes it anew, while others read and write.
    pub rebuild_statement: String,
    /// The statement that removes it.
    pub drop_statement: String,
    /// Scans of each UTC day that was looked at.
    pub days: Vec<(DateTime<Utc>, i64)>,
}

/// An index that should be there.
#[derive(Debug, Clone)]
pub struct Missing {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table_name: String,
    /// The statement that makes it, without keeping writers out.
    pub statement: String,
}

impl Index {
    /// Why it must stay, whatever its counters say.
    #[must_use]
    pub fn needed_for(&self) -> Option<&'static str> {
        match self {
            _ if self.is_primary => Some("the primary key"),
            _ if self.is_exclusion => Some("an exclusion constraint"),
            _ if self.is_replica_identity => Some("replication finds rows by it"),
            _ if self.is_unique && self.is_of_view => Some("a concurrent refresh finds rows by it"),
            _ if self.is_unique => Some("it keeps values unique"),
            _ if self.is_bound && !self.is_of_view => Some("a constraint or a partitioned table holds it"),
            _ if self.is_of_view && self.index_name.starts_with("idx_") => Some("the contract of the views names it"),
            _ if self.index_name.starts_with("tidemark_") || self.schema_name == "tidemark" => {
                Some("Tidemark reads by it")
            }
            _ => None,
        }
    }

    /// Why a drop is refused.
    #[must_use]
    pub fn keeps(&self) -> Option<&'static str> {
        // What is half made serves nobody, whatever it was meant for.
        self.needed_for().filter(|_| self.is_valid)
    }

    /// The share of blocks found in the cache; `None` where too few were asked for to tell.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "a share")]
    pub fn hits(&self) -> Option<f64> {
        let asked = self.blocks_hit + self.blocks_read;
        (asked >= TELLING_BLOCKS).then(|| self.blocks_hit as f64 / asked as f64)
    }

    /// Bytes that it takes more than it would if it was made anew; `None` where that is not worth a word.
    #[must_use]
    pub fn bloat(&self) -> Option<i64> {
        let fresh = self.fresh_bytes?;
        let air = self.size_bytes - fresh;
        (air >= WORTH_MAKING_ANEW && self.size_bytes >= BLOATED_TIMES * fresh).then_some(air)
    }

    fn is_like(&self, other: &Self) -> bool {
        self.table_name == other.table_name
            && self.method == other.method
            && self.condition == other.condition
            && other.is_valid
            && (self.schema_name != other.schema_name || self.index_name != other.index_name)
    }
}

impl Indexes {
    /// What is to be said about one of them.
    #[must_use]
    pub fn verdict(&self, index: &Index, now: DateTime<Utc>) -> Verdict {
        if !index.is_valid {
            return Verdict::Invalid;
        }
        if let Some(reason) = index.needed_for() {
            return index.bloat().map_or(Verdict::Needed(reason), Verdict::Bloated);
        }
        let mut alike = self.list.iter().filter(|other| index.is_like(other));
        if let Some(same) = alike.clone().find(|other| other.definition_after_name() == index.definition_after_name())
            // Of two that are the same, one stays.
            && (same.needed_for().is_some() || same.index_name < index.index_name)
        {
            return Verdict::Duplicate(same.index_name.clone());
        }
        let is_longer = |other: &&Index| {
            other.columns.len() > index.columns.len()
                && other.columns.starts_with(&index.columns)
                && index.method == "btree"
        };
        if let Some(wider) = alike.find(is_longer) {
            return Verdict::Covered(wider.index_name.clone());
        }
        self.judge_usage(index, now)
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share is from 0 to 1")]
    fn judge_usage(&self, index: &Index, now: DateTime<Utc>) -> Verdict {
        let is_used = index.scans > 0 || index.days.iter().any(|(_, scans)| *scans > 0);
        let since = self.circumstances.stats_since;
        match index.hits() {
            _ if is_used && index.bloat().is_some() => Verdict::Bloated(index.bloat().unwrap_or_default()),
            Some(hits) if is_used && hits < LOW_HITS => Verdict::LowHits((hits * 100.0) as u8),
            _ if is_used => Verdict::Good,
            _ if index.size_bytes < WORTH_BYTES => Verdict::Small,
            _ if since.is_none_or(|since| now - since < TELLING_AFTER) => Verdict::TooEarly,
            _ if self.circumstances.standbys > 0 || self.circumstances.is_standby => Verdict::PerhapsElsewhere,
            _ => Verdict::Unused,
        }
    }

    /// One true sentence.
    #[must_use]
    pub fn sentence(&self, now: DateTime<Utc>) -> String {
        let bytes: i64 = self.list.iter().map(|index| index.size_bytes).sum();
        let bad = self.list.iter().filter(|index| self.verdict(index, now).is_bad()).count();
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let all = match self.list.len() {
            1 => format!("1 index takes {}", format::bytes(bytes)),
            number => format!("{} indexes take {}", format::count(count(number)), format::bytes(bytes)),
        };
        match (self.missing.len(), bad) {
            (0, 0) => format!("{all}; none is missing, and none is to be looked at."),
            (0, bad) => format!("{all}; {} to be looked at.", is_or_are(count(bad))),
            (missing, 0) => format!("{all}; {} missing.", is_or_are(count(missing))),
            (missing, bad) => {
                format!("{all}; {} missing, {} to be looked at.", is_or_are(count(missing)), is_or_are(count(bad)))
            }
        }
    }
}

impl Index {
    /// The definition without the name: `ON public.t USING btree (a)`.
    fn definition_after_name(&self) -> &str {
        self.definition.split_once(" ON ").map_or("", |(_, rest)| rest)
    }
}

fn is_or_are(number: i64) -> String {
    format!("{} {}", format::count(number), if number == 1 { "is" } else { "are" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_435_205, 0).unwrap_or_default()
    }

    fn index(name: &str, columns: &[&str]) -> Index {
        Index {
            schema_name: "public".into(),
            index_name: name.into(),
            table_name: "public.t".into(),
            definition: format!("CREATE INDEX {name} ON public.t USING btree ({})", columns.join(", ")),
            method: "btree".into(),
            is_valid: true,
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            size_bytes: 5_000_000,
            ..Index::default()
        }
    }

    fn verdict(list: Vec<Index>, circumstances: Circumstances) -> Verdict {
        let first = list[0].clone();
        Indexes { list, circumstances, ..Indexes::default() }.verdict(&first, now())
    }

    fn long_ago() -> Circumstances {
        Circumstances { stats_since: Some(now() - TimeDelta::days(30)), ..Circumstances::default() }
    }

    #[test]
    fn unused_is_only_said_where_it_is_known() {
        let idle = || vec![index("a", &["x"])];
        assert_eq!(verdict(idle(), long_ago()), Verdict::Unused);
        let young = Circumstances { stats_since: Some(now() - TimeDelta::days(3)), ..Circumstances::default() };
        assert_eq!(verdict(idle(), young), Verdict::TooEarly);
        assert_eq!(verdict(idle(), Circumstances::default()), Verdict::TooEarly, "nobody knows since when");
        assert_eq!(verdict(idle(), Circumstances { standbys: 1, ..long_ago() }), Verdict::PerhapsElsewhere);
        let used_before_a_reset = Index { days: vec![(now(), 4)], ..index("a", &["x"]) };
        assert_eq!(verdict(vec![used_before_a_reset], long_ago()), Verdict::Good);
        assert_eq!(verdict(vec![Index { size_bytes: 8_192, ..index("a", &["x"]) }], long_ago()), Verdict::Small);
    }

    #[test]
    fn what_is_needed_is_never_called_unused_or_dropped() {
        let needed: [fn(&mut Index); 6] = [
            |index| index.is_primary = true,
            |index| index.is_unique = true,
            |index| index.is_exclusion = true,
            |index| index.is_replica_identity = true,
            |index| index.is_bound = true,
            |index| index.index_name = "tidemark_x".into(),
        ];
        for make in needed {
            let mut index = index("a", &["x"]);
            make(&mut index);
            assert!(index.keeps().is_some(), "{index:?}");
            assert!(matches!(verdict(vec![index], long_ago()), Verdict::Needed(_)));
        }
        let of_view = Index { is_unique: true, is_of_view: true, ..index("v", &["x"]) };
        assert_eq!(of_view.keeps(), Some("a concurrent refresh finds rows by it"));
        let half_made = Index { is_valid: false, is_unique: true, ..index("a", &["x"]) };
        assert_eq!((half_made.keeps(), verdict(vec![half_made], long_ago())), (None, Verdict::Invalid));
    }

    #[test]
    fn the_same_and_the_covered_are_found_and_one_stays() {
        let twins = || vec![index("b", &["x"]), index("a", &["x"])];
        assert_eq!(verdict(twins(), long_ago()), Verdict::Duplicate("a".into()));
        let (b, a) = (twins().remove(0), twins().remove(1));
        assert!(!matches!(verdict(vec![a, b], long_ago()), Verdict::Duplicate(_)), "of two one stays");
        let prefix = vec![index("a", &["x"]), index("b", &["x", "y"])];
        assert_eq!(verdict(prefix, long_ago()), Verdict::Covered("b".into()));
        let other = Index { condition: Some("y > 0".into()), ..index("b", &["x", "y"]) };
        assert_eq!(verdict(vec![index("a", &["x"]), other], long_ago()), Verdict::Unused, "a part covers nothing");
    }

    #[test]
    fn air_is_told_where_it_is_worth_it() {
        let index = |size_bytes, fresh_bytes| Index { scans: 1, size_bytes, fresh_bytes, ..index("a", &["x"]) };
        let judged = |index| verdict(vec![index], long_ago());
        assert_eq!(judged(index(50_000_000, Some(20_000_000))), Verdict::Bloated(30_000_000));
        assert_eq!(judged(index(50_000_000, Some(30_000_000))), Verdict::Good, "the estimate is rough");
        assert_eq!(judged(index(5_000_000, Some(1_000_000))), Verdict::Good, "too little to matter");
        assert_eq!(judged(index(50_000_000, None)), Verdict::Good, "nobody knows");
        let unique = Index { is_unique: true, ..index(50_000_000, Some(10_000_000)) };
        assert_eq!(judged(unique), Verdict::Bloated(40_000_000), "what is needed can be bloated too");
    }

    #[test]
    fn seldom_cached_is_told_where_enough_was_read() {
        let cold = |blocks_hit, blocks_read| Index { scans: 1, blocks_hit, blocks_read, ..index("a", &["x"]) };
        assert_eq!(verdict(vec![cold(50_000, 50_000)], long_ago()), Verdict::LowHits(50));
        assert_eq!(verdict(vec![cold(5, 5)], long_ago()), Verdict::Good);
    }

    #[test]
    fn the_sentence_counts_what_is_to_be_done() {
        let indexes = Indexes { list: vec![index("a", &["x"])], circumstances: long_ago(), ..Indexes::default() };
        assert_eq!(indexes.sentence(now()), "1 index takes 4.8 MB; 1 is to be looked at.");
    }
}
