//! Chance, in the shapes it takes here.

use std::f64::consts::TAU;

use rand::RngExt as _;
use rand::rngs::StdRng;

/// Whether something of this probability (0 to 1) happens.
pub fn happens(chance: &mut StdRng, probability: f64) -> bool {
    chance.random::<f64>() < probability
}

/// One of several.
pub fn one_of<'a, T>(chance: &mut StdRng, several: &'a [T]) -> &'a T {
    &several[chance.random_range(0..several.len())]
}

/// How long until the next of events that come `per_unit` times in a unit of time, in such units.
pub fn wait(chance: &mut StdRng, per_unit: f64) -> f64 {
    -(1.0 - chance.random::<f64>()).ln() / per_unit
}

/// A duration whose logarithm is normal, in whole milliseconds: most are near the median, some far above.
#[allow(clippy::cast_possible_truncation, reason = "durations stay far below 2^31 ms, and `as` saturates")]
pub fn log_normal_ms(chance: &mut StdRng, median_ms: f64, spread: f64) -> i32 {
    let (radius, angle) = ((1.0 - chance.random::<f64>()).ln() * -2.0, chance.random::<f64>() * TAU);
    (median_ms * (radius.sqrt() * angle.cos() * spread).exp()).max(1.0) as i32
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn durations_have_their_median_and_waits_their_mean() {
        let mut chance = StdRng::seed_from_u64(1);
        let mut durations: Vec<i32> = (0..10_001).map(|_| log_normal_ms(&mut chance, 300.0, 0.6)).collect();
        durations.sort_unstable();
        assert!((285..315).contains(&durations[5_000]), "{}", durations[5_000]);
        let mean = (0..10_000).map(|_| wait(&mut chance, 4.0)).sum::<f64>() / 10_000.0;
        assert!((0.24..0.26).contains(&mean), "{mean}");
    }
}
