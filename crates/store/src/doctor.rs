//! What is wrong with the database: evidence is read from this very one.

use chrono::Utc;
use domain::doctor::{Finding, check};

use crate::{Pool, StoreError, indexes};

/// What a query found.
struct Found {
    subject: String,
    evidence: String,
    fix: String,
}

/// Looks for everything that can be wrong, the worst first.
///
/// # Errors
/// When the database does not answer, or is not migrated.
pub async fn examine(pool: &Pool) -> Result<Vec<Finding>, StoreError> {
    let missing = indexes::missing(pool).await?.into_iter().map(|missing| Found {
        evidence: format!("on {}", missing.table_name),
        subject: missing.name,
        fix: missing.statement,
    });
    let looks = [
        ("views", sqlx::query_file_as!(Found, "sql/doctor/find_views.sql").fetch_all(pool).await?),
        ("capture", sqlx::query_file_as!(Found, "sql/doctor/find_capture.sql").fetch_all(pool).await?),
        ("failures", sqlx::query_file_as!(Found, "sql/doctor/find_failures.sql").fetch_all(pool).await?),
        ("idleness", sqlx::query_file_as!(Found, "sql/doctor/find_idleness.sql").fetch_all(pool).await?),
        ("holders", sqlx::query_file_as!(Found, "sql/doctor/find_holders.sql").fetch_all(pool).await?),
        (
            "idle_transactions",
            sqlx::query_file_as!(Found, "sql/doctor/find_idle_transactions.sql").fetch_all(pool).await?,
        ),
        ("missing_indexes", missing.collect()),
        ("invalid_indexes", sqlx::query_file_as!(Found, "sql/doctor/find_invalid_indexes.sql").fetch_all(pool).await?),
        ("statistics", sqlx::query_file_as!(Found, "sql/doctor/find_stale_statistics.sql").fetch_all(pool).await?),
        ("server", sqlx::query_file_as!(Found, "sql/doctor/find_server.sql", Utc::now()).fetch_all(pool).await?),
    ];
    let mut findings: Vec<Finding> = looks.into_iter().flat_map(|(name, found)| findings_of(name, found)).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.check.severity));
    Ok(findings)
}

fn findings_of(name: &str, found: Vec<Found>) -> Vec<Finding> {
    let Some(check) = check(name) else { return Vec::new() };
    let finding = |Found { subject, evidence, fix }| Finding { check, subject, evidence, fix };
    found.into_iter().map(finding).collect()
}
