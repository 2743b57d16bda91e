//! The failures of one kind: those of the newest rows that have its fingerprint.

use chrono::{DateTime, Utc};
use domain::{
    access,
    failure::{Failure, Kind},
    failures::{ByTime, ByTrigger, ErrorKind, Scope, Seen, SeenRun, rows::place},
    fingerprint::Fingerprint,
    query::Query,
    window::Window,
};
use sqlx::PgConnection;

use crate::{
    Pool, StoreError,
    failures::{self, rows, seen::Found},
    hours::Filter,
    resolutions, snapshot,
};

/// Loads the page of one kind of failure; `None` before everything that is there was counted once.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(
    pool: &Pool,
    sees: &access::Scope,
    fingerprint: &str,
    query: &Query,
) -> Result<Option<Failure>, StoreError> {
    let Some((mut transaction, as_of)) = snapshot::begin(pool).await? else { return Ok(None) };
    let failure = load_panels(&mut transaction, sees, fingerprint, query, as_of).await?;
    transaction.commit().await?;
    Ok(Some(failure))
}

async fn load_panels(
    connection: &mut PgConnection,
    sees: &access::Scope,
    name: &str,
    query: &Query,
    as_of: DateTime<Utc>,
) -> Result<Failure, sqlx::Error> {
    let filter = Filter::load(connection, sees, query).await?;
    let window = Window::of(query.range, query.zone, as_of);
    let scope = failures::scope(query);
    let fingerprint = Fingerprint::parse(name);
    let of_kind = |seen: &Seen| fingerprint.map(|fingerprint| seen.of_kind(fingerprint)).unwrap_or_default();
    let search = failures::search(query, &filter, &window, &scope);
    let (seen, before) = if fingerprint.is_some() {
        let seen = search.run(connection).await?.seen;
        let before = failures::seen_before(connection, query, &search, &window, &seen).await?;
        (of_kind(&seen), before.as_ref().map(of_kind))
    } else {
        (Seen::default(), None)
    };
    let scope = Scope { limit: seen.limit, ..scope };
    let runs: Vec<&SeenRun> = seen.runs.iter().collect();
    let kind = fingerprint.and_then(|fingerprint| ErrorKind::of(fingerprint, &runs, &window));
    // What was said of a kind is for who sees a failure like it, or everything.
    let is_told = kind.is_some() || *sees == access::Scope::All;
    let told: Vec<_> = fingerprint.filter(|_| is_told).into_iter().collect();
    let mut resolutions = resolutions::of(connection, &told).await?;
    resolutions::look_for_returns(connection, sees, query, as_of, &mut resolutions).await?;
    let (resolution, came_back) = (resolutions.said.into_values().next(), resolutions.came_back.into_values().next());
    let mut by_trigger = ByTrigger::of(&seen, scope.clone());
    failures::name(connection, &mut by_trigger).await?;
    let (total, first) = (Some(seen.count()), first_row(query, &seen));
    let found = Found { seen: Seen { runs: seen.runs[first..].to_vec(), limit: seen.limit }, last: None };
    Ok(Failure {
        data_as_of: as_of,
        has_run: sqlx::query_file_scalar!("sql/hours/has_run.sql").fetch_one(&mut *connection).await?,
        kind: Kind { scope: scope.clone(), name: name.to_owned(), seen: kind, resolution, came_back },
        by_time: ByTime::of(&seen, before.as_ref(), scope.clone(), window),
        rows: rows::of(connection, found, scope, total, first == 0).await?,
        by_trigger,
    })
}

/// The place of the row with which the page of a query begins.
fn first_row(query: &Query, seen: &Seen) -> usize {
    let after = query.after.as_ref().and_then(|cursor| Some((place(cursor)?, cursor.id.as_str())));
    let Some((moment, id)) = after else { return 0 };
    let was_shown = |run: &SeenRun| run.executed_at > moment || (run.executed_at == moment && run.id.as_str() <= id);
    seen.runs.partition_point(was_shown)
}
