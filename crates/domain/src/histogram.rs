//! Durations counted in logarithmic buckets, so that percentiles of any hours can be merged.
//!
//! This is `DDSketch` (Masson, Rim and Lee, VLDB 2019) with relative accuracy [`RELATIVE_ACCURACY`]. A positive duration
//! `x` (milliseconds) falls in bucket `i = ceil(log_γ(x))` with `γ = (1 + α) / (1 - α)`, that is `γ^(i-1) < x <= γ^i`.
//! The bucket answers `2γ^i / (γ + 1)`, which is off by at most `α · x` at both ends of the bucket:
//! at `x = γ^i` it is `x · 2 / (γ + 1) = x (1 - α)`, at `x → γ^(i-1)` it is `x · 2γ / (γ + 1) = x (1 + α)`.
//! A percentile is interpolated between two neighbouring ranks as `percentile_cont` does, so a weighted mean of two
//! values each within `α` stays within `α` (for durations of one sign).
//!
//! The database makes the buckets (`tidemark.duration_bucket`); the numbers must agree and a test there sees to it.

use std::ops::RangeInclusive;

/// The largest relative error of a percentile: 1%.
pub const RELATIVE_ACCURACY: f64 = 0.01;

/// The bucket of a duration of zero.
pub const ZERO_BUCKET: i32 = -1;

/// The bucket of a duration in milliseconds. Zero has [`ZERO_BUCKET`]; a negative duration mirrors its positive
/// twin below that, so buckets keep the order of durations.
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "the logarithm of a 32-bit number is small")]
pub fn bucket_of(duration_ms: i32) -> i32 {
    let magnitude = f64::from(duration_ms).abs();
    let index = || (magnitude.ln() / gamma().ln()).ceil() as i32;
    match duration_ms {
        0 => ZERO_BUCKET,
        1.. => index(),
        ..0 => ZERO_BUCKET - 1 - index(),
    }
}

/// The duration in milliseconds that a bucket stands for.
#[must_use]
pub fn value_of(bucket: i32) -> f64 {
    let positive = |index: i32| 2.0 * gamma().powi(index) / (gamma() + 1.0);
    match bucket {
        ZERO_BUCKET => 0.0,
        0.. => positive(bucket),
        ..ZERO_BUCKET => -positive(ZERO_BUCKET - 1 - bucket),
    }
}

fn gamma() -> f64 {
    (1.0 + RELATIVE_ACCURACY) / (1.0 - RELATIVE_ACCURACY)
}

/// The bucket of the longest negative duration there is, and that of the longest positive one, with room to spare.
const BUCKETS: RangeInclusive<i32> = -1_100..=1_099;

/// How many executions took about how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    /// The executions of each of [`BUCKETS`]. Most are 0, yet adding to a place beats looking one up by far.
    counts: Box<[i64]>,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS.count()].into_boxed_slice() }
    }
}

impl Histogram {
    /// Adds `executions` to a bucket; a negative number takes them away again.
    #[allow(clippy::cast_sign_loss, reason = "clamped to the buckets there are")]
    pub fn add(&mut self, bucket: i32, executions: i64) {
        let place = bucket.clamp(*BUCKETS.start(), *BUCKETS.end()) - BUCKETS.start();
        self.counts[place as usize] += executions;
    }

    /// Adds all of another histogram.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
    }

    /// Takes away all of another histogram.
    pub fn subtract(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine -= theirs;
        }
    }

    /// Executions with a duration.
    #[must_use]
    pub fn executions(&self) -> i64 {
        self.counts.iter().sum()
    }

    /// The duration in milliseconds below which the share `quantile` (0 to 1) of executions falls, within
    /// [`RELATIVE_ACCURACY`] of `percentile_cont`; `None` when there was no execution with a duration.
    #[must_use]
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "counts stay far below 2^52")]
    pub fn quantile(&self, quantile: f64) -> Option<f64> {
        let executions = self.executions();
        if executions <= 0 {
            return None;
        }
        let rank = quantile.clamp(0.0, 1.0) * (executions - 1) as f64;
        let below = self.value_at(rank.floor() as i64)?;
        let above = self.value_at(rank.ceil() as i64)?;
        Some(below + (above - below) * rank.fract())
    }

    /// The value at a rank counted from zero.
    fn value_at(&self, rank: i64) -> Option<f64> {
        let mut seen = 0;
        BUCKETS.zip(&self.counts).find_map(|(bucket, &executions)| {
            seen += executions;
            (rank < seen).then(|| value_of(bucket))
        })
    }
}

impl FromIterator<(i32, i64)> for Histogram {
    fn from_iter<I: IntoIterator<Item = (i32, i64)>>(pairs: I) -> Self {
        let mut histogram = Self::default();
        for (bucket, executions) in pairs {
            histogram.add(bucket, executions);
        }
        histogram
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What Postgres' `percentile_cont` answers.
    fn percentile_cont(durations: &[i32], quantile: f64) -> f64 {
        let mut sorted: Vec<f64> = durations.iter().copied().map(f64::from).collect();
        sorted.sort_by(f64::total_cmp);
        let rank = quantile * (sorted.len() - 1) as f64;
        let (below, above) = (sorted[rank.floor() as usize], sorted[rank.ceil() as usize]);
        below + (above - below) * rank.fract()
    }

    fn histogram_of(durations: &[i32]) -> Histogram {
        durations.iter().map(|&duration| (bucket_of(duration), 1)).collect()
    }

    fn assert_within_one_percent(durations: &[i32], quantile: f64) {
        let exact = percentile_cont(durations, quantile);
        let Some(estimate) = histogram_of(durations).quantile(quantile) else {
            panic!("no estimate for {durations:?}");
        };
        let bound = RELATIVE_ACCURACY * exact.abs() + 1e-6;
        assert!(
            (estimate - exact).abs() <= bound,
            "{estimate} is not within 1% of {exact} at {quantile} of {durations:?}"
        );
    }

    #[test]
    fn hostile_distributions_stay_within_one_percent() {
        let constant = vec![842; 1000];
        let bimodal: Vec<i32> = (0..1000).map(|i| if i % 2 == 0 { 3 } else { 90_000 }).collect();
        let zeros = vec![0; 50];
        let one_huge: Vec<i32> = (0..999).map(|_| 12).chain([i32::MAX]).collect();
        for durations in [constant, bimodal, zeros, one_huge, vec![1, 1_000_000], vec![7]] {
            for quantile in [0.0, 0.5, 0.95, 0.99, 1.0] {
                assert_within_one_percent(&durations, quantile);
            }
        }
    }

    #[test]
    fn nothing_has_no_percentile() {
        assert_eq!(Histogram::default().quantile(0.5), None);
    }

    #[test]
    fn every_duration_has_a_bucket_of_its_own() {
        for duration in [i32::MIN, i32::MAX, 0] {
            assert!(BUCKETS.contains(&bucket_of(duration)), "{duration} is in {}", bucket_of(duration));
        }
        let zeros: Histogram = [(ZERO_BUCKET, 2), (7, 3)].into_iter().collect();
        assert_eq!(zeros.quantile(0.0), Some(0.0));
    }

    #[test]
    fn negative_durations_keep_their_order() {
        let durations = [i32::MIN, -1000, -1, 0, 1, 1000, i32::MAX];
        let buckets: Vec<i32> = durations.iter().map(|&duration| bucket_of(duration)).collect();
        assert!(buckets.is_sorted(), "{buckets:?}");
        assert!((value_of(bucket_of(-1000)) + 1000.0).abs() <= 10.0);
    }

    proptest! {
        #[test]
        fn any_durations_stay_within_one_percent(
            durations in prop::collection::vec(0..=i32::MAX, 1..200),
            quantile in 0.0..=1.0f64,
        ) {
            assert_within_one_percent(&durations, quantile);
        }

        #[test]
        fn merging_is_counting_together(left in prop::collection::vec(0..100_000, 0..50), right in prop::collection::vec(0..100_000, 0..50)) {
            let mut merged = histogram_of(&left);
            merged.merge(&histogram_of(&right));
            let together: Vec<i32> = left.iter().chain(&right).copied().collect();
            prop_assert_eq!(&merged, &histogram_of(&together));
            merged.subtract(&histogram_of(&right));
            prop_assert_eq!(merged, histogram_of(&left));
        }
    }
}
