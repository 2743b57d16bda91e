//! What counting everything costs: the initial build and A in turn, then builds anew, which count the same.

use store::Pool;

use crate::{
    Result, baseline, engine,
    timing::{median, told},
};

/// How often each of them is measured.
const ROUNDS: usize = 3;

/// How many milliseconds each took.
#[derive(Default)]
pub struct Builds {
    built: Vec<f64>,
    full: Vec<f64>,
}

impl Builds {
    /// Builds the rollups of a migrated database, and puts the views over them in place.
    pub async fn measure(pool: &Pool) -> Result<Self> {
        let mut builds = Self::default();
        for round in 0..ROUNDS {
            if round > 0 {
                engine::begin_build(pool).await?;
            }
            builds.built.push(told("building the rollups", engine::build(pool)).await?.1);
            builds.full.push(told("refreshing the plain views", baseline::refresh(pool)).await?.0.iter().sum());
        }
        Ok(builds)
    }

    /// The initial one.
    pub fn first_ms(&self) -> f64 {
        self.built.first().copied().unwrap_or(f64::NAN)
    }

    /// The median of all builds.
    pub fn build_ms(&self) -> f64 {
        median(self.built.iter().copied())
    }

    /// The median of one A.
    pub fn full_ms(&self) -> f64 {
        median(self.full.iter().copied())
    }
}
