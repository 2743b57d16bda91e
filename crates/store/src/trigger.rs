//! The page of one trigger, read from one snapshot of the live truth.

mod failures;
mod recent;
mod retries;

use chrono::{DateTime, Utc};
use domain::{
    access,
    query::Query,
    trigger::{Panels, Profile, Spread, Trigger},
    triggers::{DirectoryEntry, Thresholds},
};
use sqlx::PgConnection;

use crate::{
    Pool, StoreError, executions,
    hours::{self, Filter},
    snapshot, summary,
    triggers::{Known, known},
};

/// Loads the page of a trigger; `None` before everything that is there was counted once.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(pool: &Pool, sees: &access::Scope, id: &str, query: &Query) -> Result<Option<Trigger>, StoreError> {
    let Some((mut transaction, as_of)) = snapshot::begin(pool).await? else { return Ok(None) };
    let known = known(&mut transaction, &[id.to_owned()]).await?.into_iter().next();
    let is_known = |known: &Known| known.entry.is_some() || known.totals.counts.total() > 0;
    // What one does not see is not there.
    let is_seen = |known: &Known| sees.shows(known.entry.as_ref().and_then(|entry| entry.organization.as_deref()));
    let panels = match known.filter(is_known).filter(is_seen) {
        Some(known) => Some(load_panels(&mut transaction, sees, known, query, as_of).await?),
        None => None,
    };
    transaction.commit().await?;
    Ok(Some(Trigger { data_as_of: as_of, id: id.to_owned(), panels }))
}

async fn load_panels(
    connection: &mut PgConnection,
    sees: &access::Scope,
    known: Known,
    query: &Query,
    as_of: DateTime<Utc>,
) -> Result<Panels, sqlx::Error> {
    // This trigger, whatever others the address asks for.
    let query = &query.with_organization(None).with_trigger(Some(&known.id));
    let filter = Filter::load(connection, sees, query).await?;
    let counted = hours::load(connection, query, &filter, as_of).await?;
    let summary = summary::of(&counted, query, true);
    let failed = summary.current.counts.failed;
    let organization_name = organization_name(connection, known.entry.as_ref()).await?;
    let spread = sqlx::query_file!("sql/trigger/find_spread.sql", known.id).fetch_optional(&mut *connection).await?;
    let (buckets, runs) = spread.map(|row| (row.duration_buckets, row.bucket_executions)).unwrap_or_default();
    Ok(Panels {
        note: counted.note(),
        executions: executions::of(&counted, query),
        retries: retries::of(&counted),
        recent: recent::load(connection, &known.id, query, &filter, &counted.window).await?,
        failures: failures::load(connection, &known.id, query, &filter, &counted.window, failed).await?,
        summary,
        spread: Spread::of(known.totals.clone(), &buckets, &runs),
        profile: Profile {
            verdict: Thresholds::default().judge(&known.totals, known.entry.as_ref(), as_of),
            id: known.id,
            entry: known.entry,
            organization_name,
            totals: known.totals,
        },
    })
}

/// What the organization of a trigger is called, where the database knows that.
async fn organization_name(
    connection: &mut PgConnection,
    entry: Option<&DirectoryEntry>,
) -> Result<Option<String>, sqlx::Error> {
    let Some(id) = entry.and_then(|entry| entry.organization.clone()) else { return Ok(None) };
    if !sqlx::query_file_scalar!("sql/organizations/has_names.sql").fetch_one(&mut *connection).await? {
        return Ok(None);
    }
    let named = sqlx::query_file!("sql/choices/list_organization_names.sql", &[id]);
    Ok(named.fetch_optional(connection).await?.map(|row| row.name))
}
