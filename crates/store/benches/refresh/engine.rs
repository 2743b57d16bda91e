//! C: the refresh engine.

use sqlx::Row as _;
use store::Pool;

use crate::{Result, baseline::VIEWS, timing::timed};

/// Counts all rows that are there, as `tidemark migrate` does, and puts the views over the rollups in place.
pub async fn build(pool: &Pool) -> Result<()> {
    store::build::run(pool, |_| {}).await?;
    Ok(())
}

/// Forgets all that was counted.
pub async fn begin_build(pool: &Pool) -> Result<()> {
    sqlx::query(include_str!("../../sql/build/begin_build.sql")).execute(pool).await?;
    Ok(())
}

/// What one whole refresh took, in milliseconds.
#[derive(Clone, Copy)]
pub struct Refresh {
    /// All of it, as its caller waits for it.
    pub whole_ms: f64,
    /// Its steps, where it logged any.
    pub steps: Option<Steps>,
}

/// What a refresh logged of its steps, in milliseconds.
#[derive(Clone, Copy)]
pub struct Steps {
    /// Bringing the rollups up to date.
    pub fold_ms: f64,
    /// Each view that was not left alone.
    pub view_ms: [f64; 4],
}

/// Refreshes, and remembers the newest run.
pub struct Engine<'a> {
    pool: &'a Pool,
    newest_run: i64,
}

impl<'a> Engine<'a> {
    /// On a database whose rollups are built.
    pub fn new(pool: &'a Pool) -> Self {
        Self { pool, newest_run: 0 }
    }

    /// Brings the rollups and the four views up to date.
    pub async fn refresh(&mut self) -> Result<Refresh> {
        let asking = async { Ok(sqlx::query(include_str!("../sql/refresh.sql")).fetch_all(self.pool).await?) };
        let (views, whole_ms) = timed(asking).await?;
        for view in views {
            if !view.try_get::<bool, _>("success")? {
                let (name, error): (&str, Option<&str>) = (view.try_get("view_name")?, view.try_get("error_message")?);
                return Err(format!("{name} was not refreshed: {error:?}").into());
            }
        }
        Ok(Refresh { whole_ms, steps: self.find_steps().await? })
    }

    async fn find_steps(&mut self) -> Result<Option<Steps>> {
        let query = sqlx::query(include_str!("../sql/find_steps.sql")).bind(self.newest_run);
        let mut steps = None;
        for row in query.fetch_all(self.pool).await? {
            self.newest_run = row.try_get("run_id")?;
            let steps = steps.get_or_insert(Steps { fold_ms: 0.0, view_ms: [0.0; 4] });
            steps.fold_ms = row.try_get::<Option<f64>, _>("fold_ms")?.unwrap_or(f64::NAN);
            let place = VIEWS.iter().position(|view| row.try_get("view_name").is_ok_and(|name: &str| name == *view));
            if let (Some(place), true) = (place, row.try_get("was_needed")?) {
                steps.view_ms[place] = row.try_get("view_ms")?;
            }
        }
        Ok(steps)
    }
}

/// Brings the rollups up to date.
pub async fn fold(pool: &Pool) -> Result<()> {
    sqlx::query(include_str!("../sql/fold.sql")).fetch_one(pool).await?;
    Ok(())
}
