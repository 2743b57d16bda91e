//! Each case is really caused, found with evidence and what mends it, and healed by just that. Where a case takes long to
//! come, as an old view, it is waited for under a lower threshold.
//!
//! - [`views`]: that they can be read and refreshed, by whom, how old and how right they are.
//! - [`refreshes`]: which are slow, and with what plan; what pg_cron does.
//! - [`tables`]: indexes, and what the planner knows.
//! - [`sessions`]: who holds what open.
//! - [`server`]: what holds for a whole Postgres, in one of the test's own.

mod refreshes;
mod server;
mod sessions;
mod tables;
mod views;

use std::error::Error;

use chrono::Utc;
use domain::doctor::{Finding, Fix, Thresholds};
use fresh_database::FreshDatabase;
use store::{Pool, StoreError, doctor};

/// How a test ends.
type Outcome = Result<(), Box<dyn Error>>;

/// What a check finds.
async fn found(pool: &Pool, check: &str, thresholds: &Thresholds) -> Result<Vec<Finding>, StoreError> {
    let mut findings = doctor::examine(pool, thresholds, Utc::now()).await?;
    findings.retain(|finding| finding.check.name == check);
    Ok(findings)
}

/// What a check finds of something.
async fn found_of(
    pool: &Pool,
    check: &str,
    thresholds: &Thresholds,
    subject: &str,
) -> Result<Option<Finding>, StoreError> {
    Ok(found(pool, check, thresholds).await?.into_iter().find(|finding| finding.subject.contains(subject)))
}

/// That a check finds something, once what was caused has got around.
async fn sick(pool: &Pool, check: &str, thresholds: &Thresholds, subject: &str) -> Result<Finding, Box<dyn Error>> {
    let is_found = async || found_of(pool, check, thresholds, subject).await.is_ok_and(|finding| finding.is_some());
    fresh_database::until(&format!("{check} finds {subject}"), is_found).await;
    let finding = found_of(pool, check, thresholds, subject).await?.ok_or("it is gone again")?;
    assert!(!finding.evidence.is_empty() && !finding.fix.to_string().is_empty(), "{finding:?}");
    Ok(finding)
}

/// Does what was told to mend it, and sees it gone.
async fn healed(pool: &Pool, thresholds: &Thresholds, finding: &Finding) -> Outcome {
    assert!(finding.fix.can_be_run(), "{finding:?}");
    doctor::mend(pool, &finding.fix).await?;
    well(pool, finding.check.name, thresholds, &finding.subject).await;
    Ok(())
}

/// That a check finds nothing of something any more.
async fn well(pool: &Pool, check: &str, thresholds: &Thresholds, subject: &str) {
    let is_gone = async || found_of(pool, check, thresholds, subject).await.is_ok_and(|finding| finding.is_none());
    fresh_database::until(&format!("{check} finds {subject} no more"), is_gone).await;
}

/// A healthy database, but that no server leads.
async fn healthy() -> FreshDatabase {
    let database = FreshDatabase::migrated().await;
    database.refresh().await;
    database
}

/// Causes a case, sees it found once, mends it as it is told, and sees it gone.
async fn caused_and_healed(database: &FreshDatabase, check: &str, cause: &str, subject: &str) -> Outcome {
    let (pool, thresholds) = (&database.pool, Thresholds::default());
    assert_eq!(found(pool, check, &thresholds).await?, [], "{check} before");
    database.run(cause).await;
    let finding = sick(pool, check, &thresholds, subject).await?;
    assert_eq!(found(pool, check, &thresholds).await?.len(), 1, "{check}");
    healed(pool, &thresholds, &finding).await
}

/// Whether people are told in words what only they can do.
fn is_advice(finding: &Finding) -> bool {
    matches!(&finding.fix, Fix::Advice(words) if !words.is_empty())
}
