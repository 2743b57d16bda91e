//! Kinds of error that somebody marked as resolved. A trigger of the table tells every server of each change.
//!
//! A kind is the same for everybody, and so is what is said of it, the note included: it is shown to whoever sees a failure of
//! the kind in the time of the page, and to who sees everything. Whether it came back is told by the failures that
//! somebody sees.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access,
    failures::LOOKED_AT,
    fingerprint::Fingerprint,
    query::Query,
    resolutions::{Resolution, Resolutions},
    status::Status,
    window::Window,
};
use sqlx::PgConnection;

use crate::{Pool, StoreError, failures::seen::Search, hours::Filter};

/// Marks a kind of error as resolved; how that is kept, and how it was before.
///
/// # Errors
/// When the database does not answer.
pub async fn resolve(
    pool: &Pool,
    kind: Fingerprint,
    resolved_by: &str,
    note: Option<&str>,
) -> Result<(Resolution, Option<Resolution>), StoreError> {
    let kept = sqlx::query_file!("sql/resolutions/resolve_error.sql", kind.to_string(), resolved_by, note);
    let kept = kept.fetch_one(pool).await?;
    let before = kept.resolved_at_before.zip(kept.resolved_by_before).map(|(resolved_at, resolved_by)| Resolution {
        resolved_at,
        resolved_by,
        note: kept.note_before,
    });
    let (resolved_by, note) = (resolved_by.to_owned(), note.map(ToOwned::to_owned));
    Ok((Resolution { resolved_at: kept.resolved_at, resolved_by, note }, before))
}

/// Opens a kind of error again; what was said of it, if it was resolved.
///
/// # Errors
/// When the database does not answer.
pub async fn reopen(pool: &Pool, kind: Fingerprint) -> Result<Option<Resolution>, StoreError> {
    let gone = sqlx::query_file_as!(Resolution, "sql/resolutions/reopen_error.sql", kind.to_string());
    Ok(gone.fetch_optional(pool).await?)
}

/// What was said of some kinds of error.
pub(crate) async fn of(connection: &mut PgConnection, kinds: &[Fingerprint]) -> Result<Resolutions, sqlx::Error> {
    let names: Vec<String> = kinds.iter().map(Fingerprint::to_string).collect();
    let rows = sqlx::query_file_as!(Row, "sql/resolutions/list_resolutions.sql", &names).fetch_all(connection).await?;
    let resolution = |row: Row| {
        let Row { fingerprint, resolved_at, resolved_by, note } = row;
        Some((Fingerprint::parse(&fingerprint)?, Resolution { resolved_at, resolved_by, note }))
    };
    Ok(Resolutions { said: rows.into_iter().filter_map(resolution).collect(), ..Resolutions::default() })
}

/// Looks among the newest failures of all for kinds that came back: whether one did is of today, also on a page about last
/// week or one trigger. A page that is about all of the newest failures knows that by itself.
pub(crate) async fn look_for_returns(
    connection: &mut PgConnection,
    sees: &access::Scope,
    query: &Query,
    as_of: DateTime<Utc>,
    resolutions: &mut Resolutions,
) -> Result<(), sqlx::Error> {
    let is_past = Window::of(query.range, query.zone, as_of).until <= as_of;
    let oldest = resolutions.said.values().map(|resolution| resolution.resolved_at).min();
    let Some(from) = oldest.filter(|_| is_past || query.is_filtered()) else { return Ok(()) };
    let filter = Filter::load(connection, sees, &Query::default()).await?;
    let search = Search {
        filter: &filter,
        outcome: Status::Failed,
        text: None,
        from,
        // Writers whose clock is ahead are seen at once, as elsewhere.
        until: as_of + TimeDelta::hours(1),
        after: None,
        wanted: LOOKED_AT,
    };
    let seen = search.run(connection).await?.seen;
    for (run, kind) in seen.runs.iter().zip(seen.fingerprints()) {
        if resolutions.said.get(&kind).is_some_and(|said| run.executed_at > said.resolved_at) {
            let newest = resolutions.came_back.entry(kind).or_insert(run.executed_at);
            *newest = run.executed_at.max(*newest);
        }
    }
    Ok(())
}

struct Row {
    fingerprint: String,
    resolved_at: DateTime<Utc>,
    resolved_by: String,
    note: Option<String>,
}
