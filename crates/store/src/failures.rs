//! Executions that failed, or ended as is asked for: counts from the rollups, everything else from the newest rows.

mod by_time;
mod by_type;
pub(crate) mod newest;
pub(crate) mod rows;
pub(crate) mod seen;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{
    access,
    failures::{ByTime, ByTrigger, ByType, Errors, Failures, LOOKED_AT, Scope, Seen},
    query::Query,
    window::Window,
};
use sqlx::PgConnection;

use crate::{
    Pool, StoreError,
    hours::{self, Filter},
    resolutions, snapshot,
};
use seen::Search;

/// Loads the page of failures; `None` before everything that is there was counted once.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(pool: &Pool, sees: &access::Scope, query: &Query) -> Result<Option<Failures>, StoreError> {
    let Some((mut transaction, as_of)) = snapshot::begin(pool).await? else { return Ok(None) };
    let failures = load_panels(&mut transaction, sees, query, as_of).await?;
    transaction.commit().await?;
    Ok(Some(failures))
}

async fn load_panels(
    connection: &mut PgConnection,
    sees: &access::Scope,
    query: &Query,
    as_of: DateTime<Utc>,
) -> Result<Failures, sqlx::Error> {
    let filter = Filter::load(connection, sees, query).await?;
    let scope = scope(query);
    // Of all statuses: a type is told by the share of its executions that failed.
    let everything = Filter { status: None, skips_durations: true, ..filter.clone() };
    let counted = hours::load_in_steps(connection, query, &everything, as_of).await?;
    let window = counted.window;
    let search = search(query, &filter, &window, &scope);
    let seen = search.run(connection).await?.seen;
    let scope_of_seen = Scope { limit: seen.limit, ..scope.clone() };
    let (by_time, by_type) = match query.text {
        None => (by_time::of(&counted, scope.clone()), by_type::of(&counted, scope.clone())),
        Some(_) => {
            let before = seen_before(connection, query, &search, &window, &seen).await?;
            let by_time = ByTime::of(&seen, before.as_ref(), scope_of_seen.clone(), window);
            (by_time, ByType::of_seen(&seen, scope_of_seen.clone()))
        }
    };
    let mut by_trigger = ByTrigger::of(&seen, scope_of_seen.clone());
    name(connection, &mut by_trigger).await?;
    let mut errors = Errors::of(&seen, scope_of_seen, &window);
    let kinds: Vec<_> = errors.rows.iter().map(|kind| kind.fingerprint).collect();
    errors.resolutions = resolutions::of(connection, &kinds).await?;
    resolutions::look_for_returns(connection, sees, query, as_of, &mut errors.resolutions).await?;
    let total = seen.limit.map_or(Some(by_time.total()), |_| query.text.is_none().then(|| by_time.total()));
    Ok(Failures {
        data_as_of: as_of,
        note: counted.note(),
        has_run: counted.has_run(connection).await?,
        errors,
        rows: rows::load(connection, query, search, scope, total).await?,
        by_time,
        by_type,
        by_trigger,
    })
}

/// What a query is about.
pub(crate) fn scope(query: &Query) -> Scope {
    Scope { span: query.span(), status: query.status, text: query.text.clone(), limit: None }
}

/// A look at the newest executions of a window that fit.
pub(crate) fn search<'a>(query: &'a Query, filter: &'a Filter, window: &Window, scope: &Scope) -> Search<'a> {
    Search {
        filter,
        outcome: scope.outcome(),
        text: query.text.as_deref(),
        from: window.begins,
        until: window.until,
        after: None,
        wanted: LOOKED_AT,
    }
}

/// The same look at the window before, where that is compared. Where not even this one was looked at as a whole, it would
/// be compared with something else.
pub(crate) async fn seen_before(
    connection: &mut PgConnection,
    query: &Query,
    search: &Search<'_>,
    window: &Window,
    seen: &Seen,
) -> Result<Option<Seen>, sqlx::Error> {
    if !query.compare || seen.limit.is_some() {
        return Ok(None);
    }
    let earlier = Search { from: window.before_begins, until: window.begins, ..*search };
    Ok(Some(earlier.run(connection).await?.seen))
}

/// Puts in the names of the triggers that are listed.
pub(crate) async fn name(connection: &mut PgConnection, by_trigger: &mut ByTrigger) -> Result<(), sqlx::Error> {
    let rows = sqlx::query_file!("sql/triggers/list_names.sql", &by_trigger.ids()).fetch_all(connection).await?;
    let names: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row.name)).collect();
    by_trigger.name(&names);
    Ok(())
}
